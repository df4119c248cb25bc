import cv2
import numpy as np
import pytest

from model.preprocessing import DIGIT_SIZE, SIZE, STEPS, measure_thickness, prepare, prepare_in_steps
from model.preprocessing.pipeline import crop_to_digit
from model.preprocessing.thickness import SCALE
from tests.support.digits import DIGITS, difference, on_canvas

# The 5th and 95th percentile over MNIST's training images, from `python -m bench.thickness`.
MNIST_THICKNESS = 1.47, 3.65


def stroke_thickness(image):
    """Of a 28×28 image, in its pixels."""
    enlarged = cv2.resize(
        np.rint(image * 255).astype(np.uint8), None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC
    )
    return measure_thickness(enlarged) / SCALE


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
def test_size_place_and_pen_hardly_change_the_image(digit, longer_side, centre, pen, size):
    usual = prepare(on_canvas(digit, 0.6))
    other = prepare(on_canvas(digit, longer_side, centre, pen, size))
    assert difference(usual, other) < 0.45
    assert difference(usual, other) < min(difference(prepare(on_canvas(d, 0.6)), other) for d in DIGITS if d != digit)
    assert MNIST_THICKNESS[0] <= stroke_thickness(other) <= MNIST_THICKNESS[1]


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
def test_length_and_distance_tell_a_part_of_a_digit_from_a_speck(near, length, kept):
    drawing = np.zeros((280, 280), np.uint8)
    cv2.line(drawing, (60, 40), (60, 230), 255, 10)
    x = 90 if near else 150
    cv2.line(drawing, (x, 100), (x + length, 100), 255, 10)
    assert (crop_to_digit(drawing).shape[1] > 20) == kept


def test_a_separate_bar_and_two_rings_are_kept():
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


def test_each_step_is_returned():
    steps = prepare_in_steps(on_canvas(3, 0.4, centre=(0.3, 0.3)))
    assert steps.threshold.shape == (280, 280)
    assert max(steps.crop.shape) == pytest.approx(0.4 * 280, abs=4)
    assert max(steps.resized.shape) == DIGIT_SIZE
    assert steps.image.shape == (SIZE, SIZE)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2), (3, 4000)])
def test_tiny_and_narrow_pictures_are_no_error(shape):
    picture = np.zeros(shape, np.uint8)
    assert prepare(picture) is None
    picture[0, 0] = 255
    prepare(picture)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize(
    ("longer_side", "centre", "pen", "size"),
    [
        pytest.param(0.5, (0.3, 0.65), 0.07, 280, id="usual"),
        pytest.param(0.9, (0.5, 0.5), 0.0143, 280, id="thin, so its strokes grow"),
        pytest.param(0.56, (0.6, 0.4), 0.14, 280, id="thick, so its strokes shrink"),
        pytest.param(0.3, (0.7, 0.3), 0.05, 1000, id="a large picture"),
    ],
)
def test_the_image_is_placed_where_its_digit_is_in_the_picture(digit, longer_side, centre, pen, size):
    picture = on_canvas(digit, longer_side, centre, pen, size)
    for x, y in ((0.02, 0.02), (0.97, 0.95)):  # specks, which are cut off again
        cv2.circle(picture, (round(x * size), round(y * size)), size // 100, 255, -1)
    steps = prepare_in_steps(picture)
    back, drawn = put_back(steps.image, steps.place, size), on_canvas(digit, longer_side, centre, pen, size)
    # The middle of each stroke stays where it is; its thickness may change.
    (low, high), (drawn_low, drawn_high) = ink_corners(back > 0.5), ink_corners(drawn > 127)
    assert (low + high) / 2 == pytest.approx((drawn_low + drawn_high) / 2, abs=0.02 * longer_side * size)
    assert high - low == pytest.approx(drawn_high - drawn_low, abs=max(0.8 * pen, 0.12 * longer_side) * size)


def ink_corners(ink):
    """The lowest and the highest x, y of all ink, each as int (2,)."""
    points = np.argwhere(ink)[:, ::-1]
    return points.min(axis=0), points.max(axis=0)


def put_back(image, place, size):
    """A picture (size, size) with a 28×28 image as the part `place` of it."""
    scale = np.array([place.width, place.height]) * size / SIZE
    start = np.array([place.left, place.top]) * size + (scale - 1) / 2  # OpenCV's pixels are points
    return cv2.warpAffine(image, np.column_stack([np.diag(scale), start]), (size, size), flags=cv2.INTER_LINEAR)


def middle(image):
    rows, columns = np.nonzero(image)
    return (rows.min() + rows.max() + 1) / 2 / SIZE, (columns.min() + columns.max() + 1) / 2 / SIZE


def longer(image):
    rows, columns = np.nonzero(image)
    return max(np.ptp(rows), np.ptp(columns)) + 1


@pytest.mark.parametrize("digit", DIGITS)
def test_without_centring_a_digit_stays_where_it_was_drawn(digit):
    drawing = on_canvas(digit, 0.5, centre=(0.4, 0.6))
    steps = prepare_in_steps(drawing, {"centre"})
    assert longer(steps.image) == DIGIT_SIZE
    rows, columns = np.nonzero(drawing)
    where = (rows.min() + rows.max()) / 2 / len(drawing), (columns.min() + columns.max()) / 2 / len(drawing)
    assert middle(steps.image) == pytest.approx(where, abs=1.5 / SIZE)
    assert difference(steps.image, prepare(drawing)) > 0.3


@pytest.mark.parametrize("side", [0.3, 0.6])
@pytest.mark.parametrize("skipped", [{"resize"}, {"resize", "centre"}])
def test_without_resizing_a_digit_is_as_large_as_it_was_drawn(side, skipped):
    steps = prepare_in_steps(on_canvas(5, side, pen=0.03), skipped)
    assert longer(steps.image) == pytest.approx(side * SIZE, abs=2)
    place = steps.place
    assert (place.width, place.height) == pytest.approx((1, 1), abs=0.15)  # a side is a whole number of pixels
    if "centre" in skipped:
        assert (place.left, place.top) == pytest.approx((0, 0), abs=0.08)


def test_without_cropping_specks_are_part_of_the_digit():
    drawing = on_canvas(5, 0.5, pen=0.06)
    drawing[:6, :6] = 255
    assert difference(prepare(drawing), prepare(on_canvas(5, 0.5, pen=0.06))) < 0.1
    speckled = prepare(drawing, {"crop"})
    assert difference(speckled, prepare(drawing)) > 0.3


def test_without_a_threshold_grain_is_ink():
    drawing = on_canvas(5, 0.4).astype(int) + np.random.default_rng(0).integers(0, 7, (280, 280))
    noisy = np.minimum(drawing, 255).astype(np.uint8)
    assert (prepare_in_steps(noisy).threshold[:20] == 0).all()
    assert prepare_in_steps(noisy, {"threshold"}).threshold[:20].any()


@pytest.mark.parametrize("shape", [(280, 280), (100, 300), (300, 100), (1, 1), (5, 2)])
@pytest.mark.parametrize("skipped", [STEPS, ("resize", "centre"), ("centre",), ("threshold",)])
def test_any_steps_may_be_left_out_of_any_picture(shape, skipped):
    picture = np.zeros(shape, np.uint8)
    assert prepare(picture, skipped) is None
    picture[-1, -1] = 255
    picture[0, : shape[1] // 2] = 200
    image = prepare(picture, skipped)
    assert image is None or (image.shape == (SIZE, SIZE) and image.max() <= 1)
