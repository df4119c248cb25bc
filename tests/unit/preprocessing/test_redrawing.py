import cv2
import numpy as np
import pytest

from model.preprocessing import CANVAS_SIZE, PenStroke, draw_strokes, enlarge, redraw, window
from tests.support.digits import DIGITS

SMALL, PEN = 0.25, 40  # a digit of 70 pixels, and a pen that leaves nothing of it


def crowded(digit):
    """A drawing, white on black, with a pen far too thick for it; and its strokes."""
    strokes = enlarge(DIGITS[digit], SMALL)
    return draw_strokes(strokes, PEN), [PenStroke(stroke * CANVAS_SIZE, PEN) for stroke in strokes]


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_too_small_for_its_pen_is_read_from_its_strokes(recognizer, digit):
    picture, strokes = crowded(digit)
    assert redraw(picture, strokes) is not picture
    assert recognizer.read(picture, strokes).digit == digit


def test_the_picture_alone_would_not_be_enough(recognizer):
    assert any(recognizer.read(crowded(digit)[0]).digit != digit for digit in DIGITS)


def test_a_digit_that_is_large_enough_is_left_alone():
    strokes = enlarge(DIGITS[3], 0.6)
    picture = draw_strokes(strokes, 20)
    assert redraw(picture, [PenStroke(stroke * CANVAS_SIZE, 20) for stroke in strokes]) is picture


def test_strokes_that_do_not_make_up_the_picture_are_not_believed():
    picture, strokes = crowded(8)
    other = crowded(1)[1]
    assert redraw(picture, other) is picture
    erased = cv2.line(picture.copy(), (100, 140), (180, 140), 0, 40)
    assert redraw(erased, strokes) is erased
    blank = np.zeros_like(picture)
    assert redraw(blank, strokes) is blank
    cut = picture[:140]
    assert redraw(cut, strokes) is cut
    assert redraw(picture, []) is picture


def test_a_small_digit_is_redrawn_and_placed_on_a_wide_canvas_too(recognizer):
    picture, strokes = crowded(9)
    moved = [PenStroke(stroke.points + np.array((400, 0)), stroke.width) for stroke in strokes]
    wide = np.zeros((280, 700), np.uint8)
    wide[:, 400:680] = picture
    reading = recognizer.read(wide, moved)
    left, top, width, height = recognizer.read(picture, strokes).steps.place
    assert reading.digit == 9
    assert reading.steps.place == pytest.approx((0.4 * left + 400 / 700, top, 0.4 * width, height), abs=0.015)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_redrawn_digit_is_placed_where_it_was_drawn(recognizer, digit):
    picture, strokes = crowded(digit)
    place = recognizer.read(picture, strokes).steps.place
    thin = draw_strokes([stroke.points / CANVAS_SIZE for stroke in strokes], 6)
    expected = recognizer.read(thin).steps.place
    assert place == pytest.approx(expected, abs=0.04)
    assert window(strokes, picture.shape).width < 0.5
