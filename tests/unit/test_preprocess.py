import cv2
import numpy as np
import pytest

from model import InputError
from model.preprocessing import DIGIT_SIZE, SIZE, find_ink, prepare, prepare_in_steps, thickness
from model.preprocessing.prepare import crop_to_digit
from model.preprocessing.thickness import SCALE
from tests.support.digits import DIGITS, coloured, on_canvas

# The 5th and 95th percentile over MNIST's training images, from `python -m bench.thickness`.
MNIST_THICKNESS = 1.47, 3.65


def stroke_thickness(image):
    """Of a 28×28 picture, in its pixels."""
    enlarged = cv2.resize(
        np.rint(image * 255).astype(np.uint8), None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC
    )
    return thickness(enlarged) / SCALE


def difference(a, b):
    """How far two prepared pictures differ, as a part of their ink; a shift by a pixel counts little."""
    blurred = [cv2.GaussianBlur(image, (0, 0), 1.5) for image in (a, b)]
    return np.abs(blurred[0] - blurred[1]).sum() / blurred[0].sum()


@pytest.mark.parametrize("digit", DIGITS)
def test_a_prepared_digit_is_white_on_black_20_pixels_long_and_centred(digit):
    image = prepare(on_canvas(digit, 0.5, centre=(0.3, 0.65)))
    assert image.shape == (SIZE, SIZE)
    assert image.dtype == np.float32
    assert image.min() == 0
    assert 0.9 < image.max() <= 1
    rows, columns = np.nonzero(image)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == DIGIT_SIZE
    mass = image.sum()
    assert abs((image.sum(axis=1) * np.arange(SIZE)).sum() / mass - SIZE / 2) <= 0.51
    assert abs((image.sum(axis=0) * np.arange(SIZE)).sum() / mass - SIZE / 2) <= 0.51


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize(
    ("longer_side", "centre", "pen", "size"),
    [
        pytest.param(0.12, (0.1, 0.1), 0.02, 280, id="tiny in a corner"),
        pytest.param(0.95, (0.5, 0.5), 0.07, 280, id="huge"),
        pytest.param(0.7, (0.5, 0.5), 0.0143, 280, id="thin"),
        pytest.param(0.56, (0.5, 0.5), 0.14, 280, id="thick"),
        pytest.param(0.8, (0.5, 0.5), 0.09, 28, id="28 pixels"),
        pytest.param(0.3, (0.7, 0.3), 0.05, 4000, id="4000 pixels"),
        pytest.param(0.9, (0.5, 0.5), 0.00075, 4000, id="a pen of 3 pixels on 4000"),
        pytest.param(0.9, (0.5, 0.5), 0.001, 1000, id="a pen of 1 pixel on 1000"),
    ],
)
def test_the_same_digit_comes_out_as_the_same_picture(digit, longer_side, centre, pen, size):
    usual = prepare(on_canvas(digit, 0.6))
    other = prepare(on_canvas(digit, longer_side, centre, pen, size))
    assert difference(usual, other) < 0.45
    assert difference(usual, other) < min(difference(prepare(on_canvas(d, 0.6)), other) for d in DIGITS if d != digit)
    assert MNIST_THICKNESS[0] <= stroke_thickness(other) <= MNIST_THICKNESS[1]


COLOURS = [
    pytest.param((0, 0, 0), (255, 255, 255), id="black on white"),
    pytest.param((255, 255, 0), (255, 255, 255), id="yellow on white"),
    pytest.param((30, 60, 200), (235, 230, 215), id="blue on paper"),
    pytest.param((200, 0, 0), (0, 120, 0), id="red on green of the same brightness"),
    pytest.param((90, 90, 90), (60, 60, 60), id="grey on grey"),
    pytest.param((240, 240, 240), (255, 255, 255), id="pale grey on white"),
    pytest.param((255, 255, 255, 255), (0, 0, 0, 0), id="white on nothing"),
    pytest.param((0, 0, 0, 255), (0, 0, 0, 0), id="black on nothing"),
    pytest.param((0, 0, 0, 255), (255, 255, 255, 0), id="black on transparent white"),
    pytest.param((120, 40, 200, 255), (120, 40, 200, 0), id="purple on transparent purple"),
]


@pytest.mark.parametrize(("ink", "ground"), COLOURS)
def test_colour_and_polarity_do_not_matter(ink, ground):
    drawing = on_canvas(2, 0.6)
    assert np.abs(prepare(coloured(drawing, ink, ground)) - prepare(drawing)).max() < 0.1


@pytest.mark.parametrize("colour", [(0,), (255,), (90, 30, 200), (90, 30, 200, 255), (255, 255, 255, 0)])
def test_one_colour_is_blank(colour):
    picture = np.full((50, 60, len(colour)), colour, np.uint8)
    assert prepare(picture[..., 0] if len(colour) == 1 else picture) is None


def test_grain_is_blank_and_does_not_hide_a_digit():
    random = np.random.default_rng(0)
    grain = np.clip(random.normal(200, 6, (280, 280)), 0, 255).astype(np.uint8)
    assert prepare(grain) is None
    digit = np.minimum(grain, 255 - on_canvas(4, 0.6) // 255 * 200)
    assert difference(prepare(on_canvas(4, 0.6)), prepare(digit)) < 0.1


def test_specks_do_not_move_the_digit():
    drawing = on_canvas(5, 0.5, pen=0.06)
    speckled = drawing.copy()
    for x, y in ((12, 12), (265, 20), (20, 260), (250, 250), (140, 8)):
        cv2.circle(speckled, (x, y), 8, 255, -1)  # slips of the same pen
    assert np.array_equal(prepare(speckled), prepare(drawing))


@pytest.mark.parametrize(
    ("near", "length", "kept"),
    [(True, 40, True), (True, 16, False), (False, 40, False), (False, 110, True)],
)
def test_a_part_of_a_digit_is_told_from_a_slip_by_its_length_and_distance(near, length, kept):
    drawing = np.zeros((280, 280), np.uint8)
    cv2.line(drawing, (60, 40), (60, 230), 255, 10)
    x = 90 if near else 150
    cv2.line(drawing, (x, 100), (x + length, 100), 255, 10)
    assert (crop_to_digit(drawing).shape[1] > 20) == kept


def test_a_closely_cut_1_is_ink_and_not_ground():
    one = np.zeros((200, 30), np.uint8)
    cv2.line(one, (15, 15), (15, 185), 255, 29)
    assert difference(prepare(np.pad(one, 20)), prepare(one)) < 0.1


def test_a_separate_bar_and_two_rings_stay_whole():
    five = np.zeros((280, 280), np.uint8)
    cv2.polylines(
        five, [np.array([[100, 80], [98, 125], [140, 130], [165, 160], [140, 195], [100, 190]])], False, 255, 12
    )
    body = crop_to_digit(five)
    cv2.line(five, (118, 60), (160, 58), 255, 12)
    assert crop_to_digit(five).shape[0] > body.shape[0]
    rings = np.zeros((280, 280), np.uint8)
    cv2.circle(rings, (140, 80), 30, 255, 10)
    cv2.circle(rings, (140, 180), 42, 255, 10)
    assert crop_to_digit(rings).shape[0] > 170


def test_ground_is_what_the_border_shows_even_under_a_huge_digit():
    ink = find_ink(on_canvas(0, 1.0, pen=0.3))
    assert ink[140, 140] == 0
    assert ink.max() == 255


def test_wearing_off_never_breaks_a_stroke():
    tapered = np.zeros((280, 280), np.uint8)
    cv2.line(tapered, (60, 140), (150, 140), 255, 50)
    cv2.line(tapered, (150, 140), (250, 140), 255, 6)
    parts = cv2.connectedComponents((prepare(tapered) > 0.1).astype(np.uint8))[0] - 1
    assert parts == 1


@pytest.mark.parametrize("waist", [8, 10, 12])
def test_an_8_without_counters_does_not_come_apart_at_its_waist(waist):
    picture = np.zeros((280, 280), np.uint8)
    for middle in ((150, 120), (138, 156)):
        cv2.circle(picture, middle, 20, 255, -1, cv2.LINE_AA)
    cv2.line(picture, (150, 120), (138, 156), 255, waist, cv2.LINE_AA)
    solid = (prepare_in_steps(picture).resized > 100).astype(np.uint8)
    assert cv2.connectedComponents(solid, connectivity=8)[0] == 2  # the ground, and one piece of ink


def test_steps_show_the_way():
    made = prepare_in_steps(on_canvas(3, 0.4, centre=(0.3, 0.3)))
    assert made.threshold.shape == (280, 280)
    assert max(made.crop.shape) == pytest.approx(0.4 * 280, abs=4)
    assert max(made.resized.shape) == DIGIT_SIZE
    assert made.image.shape == (SIZE, SIZE)


@pytest.mark.parametrize(
    "picture",
    [
        None,
        [[0, 255]],
        np.zeros((28, 28), np.float32),
        np.full((28, 28), np.nan),
        np.zeros((28, 28), np.uint16),
        np.zeros((28, 28), bool),
        np.zeros((0, 28), np.uint8),
        np.zeros((28, 0, 4), np.uint8),
        np.zeros(28, np.uint8),
        np.zeros((28, 28, 2), np.uint8),
        np.zeros((1, 28, 28, 3), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(picture):
    with pytest.raises(InputError, match=r"^(A|The) picture .+: .+\.$"):
        prepare(picture)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2), (3, 4000)])
def test_tiny_and_narrow_pictures_are_read(shape):
    picture = np.zeros(shape, np.uint8)
    assert prepare(picture) is None
    picture[0, 0] = 255
    prepare(picture)  # whatever it is, it is no error
