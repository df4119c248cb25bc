import numpy as np
import pytest

from model.preprocessing import draw_strokes, prepare, prepare_in_steps, segment
from tests.support.digits import DIGITS, on_canvas


def segments(picture):
    """The parts that a picture falls into, each prepared."""
    return [prepare(part) for part in segment(prepare_in_steps(picture).crop)]


@pytest.mark.parametrize("digits", [(3, 8), (1, 7), (5, 0, 4)])
def test_digits_in_a_row_are_separated_from_left_to_right(digits):
    pictures = [on_canvas(digit, 0.7) for digit in digits]
    parts = segments(np.concatenate(pictures, axis=1))
    assert len(parts) == len(digits)
    for part, picture in zip(parts, pictures, strict=True):
        assert np.abs(part - prepare(picture)).mean() < 0.05


@pytest.mark.parametrize("places", [((0, 0), (0, 1)), ((0, 0), (1, 1)), ((1, 0), (0, 1)), ((0, 0), (1, 0), (1, 1))])
def test_digits_one_above_the_other_are_separated_row_by_row(places):
    """Places are x and y."""
    pictures = [on_canvas(digit, 0.7) for digit in (3, 8, 5)[: len(places)]]
    side = len(pictures[0])
    canvas = np.zeros((2 * side, 2 * side, *pictures[0].shape[2:]), np.uint8)
    canvas[...] = pictures[0][0, 0]
    order = sorted(range(len(places)), key=lambda place: places[place][::-1])
    for (x, y), picture in zip(places, pictures, strict=True):
        canvas[y * side : (y + 1) * side, x * side : (x + 1) * side] = picture
    parts = segments(canvas)
    assert len(parts) == len(places)
    for part, place in zip(parts, order, strict=True):
        assert np.abs(part - prepare(pictures[place])).mean() < 0.05


def test_interlocking_marks_are_one():
    """A percent sign is not a 0, a 1 and a 0, and two rings, one inside the other, are not two 0s."""
    angle = np.linspace(0, 2 * np.pi, 30)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    percent = [ring * 0.1 + 0.25, ring * 0.1 + 0.75, np.array([[0.8, 0.2], [0.2, 0.8]])]
    rings = [ring * 0.2 + 0.5, ring * 0.4 + 0.5]
    for lines in (percent, rings):
        assert len(segment(prepare_in_steps(draw_strokes(lines, 10)).crop)) == 1


def test_many_marks_are_not_a_row_of_digits():
    bars = np.zeros((100, 900), np.uint8)
    bars[:, ::60] = 255
    assert len(segment(bars)) == 1


@pytest.mark.parametrize("digit", DIGITS)
def test_a_single_digit_stays_whole(digit):
    assert len(segments(on_canvas(digit, 0.7))) == 1


def test_a_bar_and_a_dot_are_not_digits_of_a_row():
    lines = [
        np.array([[0.2, 0.1], [0.2, 0.9]]),
        np.array([[0.5, 0.1], [0.8, 0.1]]),
        np.array([[0.6, 0.5], [0.61, 0.5]]),
    ]
    assert len(segment(prepare_in_steps(draw_strokes(lines, 20)).crop)) == 1
