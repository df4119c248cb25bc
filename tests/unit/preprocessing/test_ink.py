import cv2
import numpy as np
import pytest

from model import InputError
from model.preprocessing import find_ink, prepare
from tests.support.digits import coloured, difference, on_canvas

COLOURS = [
    pytest.param((0, 0, 0), (255, 255, 255), id="black on white"),
    pytest.param((255, 255, 0), (255, 255, 255), id="yellow on white"),
    pytest.param((30, 60, 200), (235, 230, 215), id="blue on paper"),
    pytest.param((200, 0, 0), (0, 120, 0), id="red on green of the same brightness"),
    pytest.param((90, 90, 90), (60, 60, 60), id="grey on grey"),
    pytest.param((240, 240, 240), (255, 255, 255), id="pale grey on white"),
    pytest.param((255, 255, 255, 255), (0, 0, 0, 0), id="white on transparent black"),
    pytest.param((0, 0, 0, 255), (0, 0, 0, 0), id="black on transparent black"),
    pytest.param((0, 0, 0, 255), (255, 255, 255, 0), id="black on transparent white"),
    pytest.param((120, 40, 200, 255), (120, 40, 200, 0), id="purple on transparent purple"),
    pytest.param((0, 0, 0, 255), (255, 255, 255, 1), id="black on all but transparent white"),
]


@pytest.mark.parametrize(("ink", "background"), COLOURS)
def test_colour_and_polarity_do_not_matter(ink, background):
    drawing = on_canvas(2, 0.6)
    assert np.abs(prepare(coloured(drawing, ink, background)) - prepare(drawing)).max() < 0.1


@pytest.mark.parametrize("ground", [255, 0])
def test_transparent_corners_are_not_ink(ground):
    drawing = on_canvas(2, 0.6)
    opaque = coloured(drawing, (255 - ground,) * 3 + (255,), (ground,) * 3 + (255,))
    rounded = opaque.copy()
    rounded[:20, :20] = rounded[:9, -9:] = 0
    assert np.array_equal(prepare(rounded), prepare(opaque))


@pytest.mark.parametrize("colour", [(0,), (255,), (90, 30, 200), (90, 30, 200, 255), (255, 255, 255, 0)])
def test_a_single_colour_is_blank(colour):
    picture = np.full((50, 60, len(colour)), colour, np.uint8)
    assert prepare(picture[..., 0] if len(colour) == 1 else picture) is None


def test_grain_is_blank_and_does_not_hide_a_digit():
    random = np.random.default_rng(0)
    grain = np.clip(random.normal(200, 6, (280, 280)), 0, 255).astype(np.uint8)
    assert prepare(grain) is None
    digit = np.minimum(grain, 255 - on_canvas(4, 0.6) // 255 * 200)
    assert difference(prepare(on_canvas(4, 0.6)), prepare(digit)) < 0.1


def test_noise_is_not_blank():
    assert prepare(np.random.default_rng(0).integers(0, 256, (200, 200), np.uint8)) is not None


def test_a_closely_cropped_1_is_ink_and_not_background():
    one = np.zeros((200, 30), np.uint8)
    cv2.line(one, (15, 15), (15, 185), 255, 29)
    assert difference(prepare(np.pad(one, 20)), prepare(one)) < 0.1


def test_the_border_shows_the_background_even_of_a_huge_digit():
    ink = find_ink(on_canvas(0, 1.0, pen=0.3))
    assert ink[140, 140] == 0
    assert ink.max() == 255


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
def test_an_array_that_is_not_a_picture_is_refused_in_a_sentence(picture):
    with pytest.raises(InputError, match=r"^(A|The) picture .+: .+\.$"):
        prepare(picture)
