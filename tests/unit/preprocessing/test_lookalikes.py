"""What only looks like a digit, and strokes of a pen that look most like it."""

import cv2
import numpy as np
import pytest

from model.preprocessing import Extraction, draw_strokes, is_lookalike, prepare_ink
from model.preprocessing.sizes import ink_box
from tests.support.digits import DIGITS

PAPER = "as ink on paper"


def ink(*boxes, shape=(400, 300)):
    """Ink that fills these boxes: rows and columns."""
    drawn = np.zeros(shape, np.uint8)
    for top, bottom, left, right in boxes:
        drawn[top:bottom, left:right] = 255
    return drawn


def frames(*lefts, thickness):
    """Boxes of lines so thick, which begin at these columns."""
    drawn = ink()
    for left in lefts:
        cv2.rectangle(drawn, (left, 100), (left + 50, 200), 255, thickness)
    return drawn


def rings(count):
    """A thin 0 that was gone over so often, never quite at the same place."""
    drawn = np.zeros((280, 280), np.uint8)
    for turn in range(count):
        middle = (140 + 9 * (turn % 3), 140 - 11 * (turn % 2))
        cv2.ellipse(drawn, middle, (60 + 4 * turn, 90 - 3 * turn), 15 * turn, 0, 360, 255, 4)
    return drawn


def is_taken(digit, drawn, way=""):
    return not is_lookalike(digit, prepare_ink(Extraction(drawn, way=way)))


@pytest.mark.parametrize(
    ("what", "digit", "drawn", "way"),
    [
        ("a dot", 1, ink((20, 26, 50, 52)), ""),
        ("grain at the border of a photograph", 1, ink((300, 320, 290, 294)), PAPER),
        ("a shadow along the edge of a sheet", 1, ink((0, 400, 100, 103), (150, 250, 103, 150)), PAPER),
        ("the table beside a sheet", 1, ink((0, 400, 0, 40)), ""),
        ("a sheet from border to border", 1, ink((0, 400, 80, 200)), ""),
        ("a sheet", 1, ink((100, 300, 80, 200)), ""),
        ("the line of an edge", 1, ink((50, 350, 100, 102)), ""),
        ("the table on two sides of a sheet", 7, ink((0, 40, 0, 300), (0, 400, 270, 300)), ""),
        ("the table on three sides of a sheet", 0, ink((0, 40, 0, 300), (0, 400, 270, 300), (370, 400, 0, 300)), ""),
        ("an empty box", 0, frames(100, thickness=2), ""),
        ("a row of boxes", 2, frames(20, 70, 120, 170, thickness=4), ""),
    ],
)
def test_what_is_no_digit_is_not_taken_for_one(what, digit, drawn, way):
    assert not is_taken(digit, drawn, way)


@pytest.mark.parametrize(
    ("what", "digit", "drawn", "way"),
    [
        ("a small 1 that is not at the border", 1, ink((300, 320, 200, 204)), PAPER),
        ("a 1 that is cropped to its ink", 1, ink((0, 400, 0, 60), shape=(400, 60)), PAPER),
        ("a 1 from border to border", 1, ink((0, 400, 100, 150)), ""),
        ("a box that was drawn with a pen", 0, frames(100, thickness=13), ""),
        ("a small 7 at the border", 7, ink((300, 303, 280, 294), (303, 320, 290, 294)), PAPER),
        ("a 0 that was gone over five times", 0, rings(5), ""),
        ("two boxes", 8, frames(100, 150, thickness=4), ""),
    ],
)
def test_what_a_pen_draws_is(what, digit, drawn, way):
    assert is_taken(digit, drawn, way)


@pytest.mark.parametrize("pen", [8, 14, 28])
@pytest.mark.parametrize("digit", DIGITS)
def test_no_digit_is_a_lookalike_of_itself(digit, pen):
    drawn = draw_strokes(DIGITS[digit], pen)
    cropped = drawn[ink_box(drawn)]
    for way in ("", PAPER):
        assert is_taken(digit, drawn, way)
        assert is_taken(digit, cropped, way)
