import numpy as np
import pytest

from model.data import TRAINING_KINDS, UNSEEN_KINDS, Images, draw_nondigits
from model.preprocessing import draw_strokes, prepare, prepare_in_steps, segment, to_bytes
from tests.support.digits import DIGITS, on_canvas

OWN = Images(
    np.stack([to_bytes(prepare(on_canvas(digit, 0.6))) for digit in DIGITS]),
    np.array(list(DIGITS), np.uint8),
)


@pytest.mark.parametrize("kind", [*TRAINING_KINDS, *UNSEEN_KINDS])
def test_each_kind_makes_varied_images(kind):
    maker = (TRAINING_KINDS | UNSEEN_KINDS)[kind]
    images = draw_nondigits({kind: maker}, 6, OWN, np.random.default_rng(0))
    assert images.shape == (6, 28, 28)
    assert images.dtype == np.uint8
    assert images.max(axis=(1, 2)).min() > 100
    assert len(np.unique(images, axis=0)) > 1
    assert np.array_equal(images, draw_nondigits({kind: maker}, 6, OWN, np.random.default_rng(0)))


def test_what_cannot_be_made_is_left_out():
    ones = Images(OWN.images[OWN.labels == 1], np.array([1], np.uint8))
    assert (
        len(draw_nondigits(TRAINING_KINDS, 2 * len(TRAINING_KINDS), ones, np.random.default_rng(0)))
        == 2 * len(TRAINING_KINDS) - 2
    )
    assert draw_nondigits(TRAINING_KINDS, 0, OWN, np.random.default_rng(0)).shape == (0, 28, 28)


def test_what_is_judged_by_is_not_trained_on():
    assert not TRAINING_KINDS.keys() & UNSEEN_KINDS.keys()


def beside(*pictures):
    return np.concatenate(pictures, axis=1)


def row_of(picture):
    return [prepare(part) for part in segment(prepare_in_steps(picture).crop)]


@pytest.mark.parametrize("digits", [(3, 8), (1, 7), (5, 0, 4)])
def test_digits_in_a_row_are_told_apart_from_left_to_right(digits):
    pictures = [on_canvas(digit, 0.7) for digit in digits]
    parts = row_of(beside(*pictures))
    assert len(parts) == len(digits)
    for part, picture in zip(parts, pictures, strict=True):
        assert np.abs(part - prepare(picture)).mean() < 0.05


@pytest.mark.parametrize("places", [((0, 0), (0, 1)), ((0, 0), (1, 1)), ((1, 0), (0, 1)), ((0, 0), (1, 0), (1, 1))])
def test_digits_above_each_other_are_told_apart_row_by_row(places):
    """Places are x and y."""
    pictures = [on_canvas(digit, 0.7) for digit in (3, 8, 5)[: len(places)]]
    side = len(pictures[0])
    canvas = np.zeros((2 * side, 2 * side, *pictures[0].shape[2:]), np.uint8)
    canvas[...] = pictures[0][0, 0]
    order = sorted(range(len(places)), key=lambda place: places[place][::-1])
    for (x, y), picture in zip(places, pictures, strict=True):
        canvas[y * side : (y + 1) * side, x * side : (x + 1) * side] = picture
    parts = row_of(canvas)
    assert len(parts) == len(places)
    for part, place in zip(parts, order, strict=True):
        assert np.abs(part - prepare(pictures[place])).mean() < 0.05


def test_what_reaches_into_each_other_is_one():
    """A percent sign is no 0, 1 and 0, and two rings, one inside the other, are no 0 and 0."""
    angle = np.linspace(0, 2 * np.pi, 30)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    percent = [ring * 0.1 + 0.25, ring * 0.1 + 0.75, np.array([[0.8, 0.2], [0.2, 0.8]])]
    rings = [ring * 0.2 + 0.5, ring * 0.4 + 0.5]
    for lines in (percent, rings):
        assert len(segment(prepare_in_steps(draw_strokes(lines, 10)).crop)) == 1


def test_many_marks_are_no_row_of_digits():
    bars = np.zeros((100, 900), np.uint8)
    bars[:, ::60] = 255
    assert len(segment(bars)) == 1


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_alone_is_no_row(digit):
    assert len(row_of(on_canvas(digit, 0.7))) == 1


def test_a_bar_and_a_dot_are_no_digits_of_a_row():
    lines = [
        np.array([[0.2, 0.1], [0.2, 0.9]]),
        np.array([[0.5, 0.1], [0.8, 0.1]]),
        np.array([[0.6, 0.5], [0.61, 0.5]]),
    ]
    assert len(segment(prepare_in_steps(draw_strokes(lines, 20)).crop)) == 1
