"""The ink of photographs is found in a way of its own; drawings and clean pictures are left to the threshold."""

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_digits

from model.preprocessing import find_ink, ink, prepare
from tests.support.digits import DIGITS, coloured, on_canvas
from tests.support.photographs import Scene, any_scene, photograph


def clean_pictures():
    """As people draw them and data sets hold them; enlarged, coloured, and reaching over the border."""
    for digit in (0, 1, 4, 5, 7):
        for longer_side, centre, pen, size in (
            (0.5, (0.4, 0.6), 0.07, 280),
            (0.2, (0.12, 0.85), 0.02, 600),
            (0.9, (0.0, 0.5), 0.07, 280),
            (1.6, (0.5, 0.5), 0.05, 400),
            (1.0, (0.5, 0.5), 0.2, 280),
        ):
            drawing = on_canvas(digit, longer_side, centre, pen, size)
            yield drawing
            yield coloured(drawing, (30, 60, 200), (235, 230, 215))
            yield coloured(drawing, (255, 255, 255, 255), (0, 0, 0, 0))
    for scan in load_digits().images[:20]:
        image = np.pad(np.rint(scan * (255 / 16)).astype(np.uint8), 1)
        yield image
        for interpolation in (cv2.INTER_NEAREST, cv2.INTER_CUBIC):
            yield cv2.resize(image, (280, 280), interpolation=interpolation)


def test_drawings_and_clean_pictures_are_never_taken_for_photographs(monkeypatch):
    """To the last bit: published figures depend on it, and so do networks in training."""
    pictures = list(clean_pictures())
    now = [find_ink(picture) for picture in pictures]
    monkeypatch.setattr(ink, "examine", lambda colours, border: None)
    for picture, found in zip(pictures, now, strict=True):
        assert np.array_equal(find_ink(picture), found)


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(Scene("blue", light=0.6), id="blue, light from one side"),
        pytest.param(Scene(shadow=0.55, light=0.2), id="shadow"),
        pytest.param(Scene("blue", "lined", light=0.3, shadow=0.5, tilt=4), id="lined, shadow"),
        pytest.param(Scene("pencil", "squared", light=0.3, shadow=0.3, tilt=3), id="squared, pencil"),
        pytest.param(Scene("chalk", light=0.4), id="chalk on a board"),
        pytest.param(Scene("black", "squared", noise=0.03, quality=50), id="noise and compression"),
    ],
)
def test_photographs_are_read(recognizer, scene):
    rng = np.random.default_rng(5)
    for digit in (2, 3, 8):
        assert recognizer.read(photograph(DIGITS[digit], scene, rng)).digit == digit


def test_pencil_is_read_beside_the_edge_of_a_shadow(recognizer):
    """The edge is curved, and differs more from the paper around it than pencil does."""
    rng, scene = np.random.default_rng(7), Scene("pencil", "squared", light=0.3, shadow=0.4, tilt=3)
    for digit in (0, 2, 5, 6, 8, 9):
        reading = recognizer.read(photograph(DIGITS[digit], scene, rng))
        assert (reading.digit, reading.is_digit) == (digit, True)


@pytest.mark.parametrize("paper", ["plain", "lined", "squared"])
def test_an_empty_sheet_is_blank(paper):
    dot = [np.array([[0.5, 0.5], [0.5, 0.5]])]
    rng = np.random.default_rng(2)
    empty = photograph(dot, Scene(paper=paper, light=0.4, shadow=0.4, tilt=3), rng)
    corner = empty[:150, :200]  # without the dot
    assert prepare(corner) is None


def test_a_ruled_sheet_on_a_background_of_one_colour_is_read(recognizer):
    """As a scanner app leaves it."""
    for digit in (2, 7):
        scan = np.where(on_canvas(digit, 0.4, size=600) > 127, 30, 255).astype(np.uint8)
        scan[40::50] = np.minimum(scan[40::50], 170)
        scan[41::50] = np.minimum(scan[41::50], 170)
        assert recognizer.read(scan).digit == digit


def test_the_edge_of_the_sheet_is_not_ink(recognizer):
    for digit in (3, 5):
        picture = photograph(DIGITS[digit], Scene(light=0.3), np.random.default_rng(digit))
        picture[:, :20] = (90, 60, 40)  # the table beside it
        picture[-25:] = (90, 60, 40)
        assert recognizer.read(picture).digit == digit


def test_a_large_photograph_is_reduced_first():
    large = np.kron(
        photograph(DIGITS[4], any_scene(np.random.default_rng(0)), np.random.default_rng(0)),
        np.ones((4, 4, 1), np.uint8),
    )
    assert max(find_ink(large).shape) <= 800


@pytest.mark.parametrize("shape", [(64, 64), (70, 900, 3), (300, 64, 3)])
def test_noise_stripes_and_gradients_are_no_error(shape):
    """Whatever they are taken for."""
    rng = np.random.default_rng(0)
    gradient = np.broadcast_to(np.linspace(0, 255, shape[0]).reshape(-1, *(1,) * (len(shape) - 1)), shape)
    for picture in (rng.integers(0, 256, shape), rng.normal(128, 9, shape), gradient, gradient * 9 % 256):
        found = find_ink(picture.astype(np.uint8))
        assert found is None or (found.dtype == np.uint8 and found.ndim == 2 and found.any())
