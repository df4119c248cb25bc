"""Pictures as people take them are read, whatever surrounds the digit, and pictures without a digit are turned away."""

import cv2
import numpy as np
import pytest

from model.preprocessing import extract, prepare_in_steps, prepare_ink
from tests.support.digits import DIGITS, coloured, on_canvas
from tests.support.empty_pictures import EMPTY
from tests.support.pictures import KINDS, STRAIGHT, close_crop, straight, straight_strokes

EACH_DIGIT_ONCE, EACH = 10, 8


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "1200" not in kind])  # large ones take long to make
def test_a_digit_is_read_whatever_surrounds_it(recognizer, kind):
    rng = np.random.default_rng(1)
    readings = recognizer.read_many([KINDS[kind](strokes, rng) for strokes in DIGITS.values()])
    assert [reading.digit for reading in readings] == list(DIGITS)
    assert sum(reading.is_digit for reading in readings) >= EACH_DIGIT_ONCE - 1


@pytest.mark.parametrize("digit", [2, 3, 7])  # a 5 of straight lines is read as a 3
def test_a_digit_with_a_bar_along_the_border_is_read(recognizer, digit):
    """Cropped to its ink, it has little paper beside that bar."""
    strokes = [line * (0.6, 1) for line in straight_strokes(digit)]
    reading = recognizer.read(close_crop(0.0, longer_side=90)(strokes, np.random.default_rng(1)))
    assert (reading.digit, reading.is_digit) == (digit, True)


@pytest.mark.parametrize("digit", [each for each in STRAIGHT if each not in (0, 6, 8)])
def test_a_digit_of_straight_lines_is_not_taken_for_ruled_paper(recognizer, digit):
    assert recognizer.read(straight(digit, np.random.default_rng(3))).digit == digit


def test_pictures_without_a_digit_are_turned_away(recognizer):
    rng = np.random.default_rng(4)
    taken = {kind: sum(recognizer.read(make(rng)).is_digit for _ in range(EACH)) for kind, make in EMPTY.items()}
    assert sum(taken.values()) <= 0.05 * EACH * len(EMPTY), taken


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawing_is_understood_in_one_way_only(digit):
    """To the last bit: published figures depend on it."""
    for picture in (on_canvas(digit, 0.6), coloured(on_canvas(digit, 0.3), (255, 255, 255, 255), (0, 0, 0, 0))):
        (only,) = extract(picture)
        assert np.array_equal(prepare_ink(only).image, prepare_in_steps(picture).image)


def test_a_drawing_of_a_rectangle_is_no_frame_unless_it_holds_something(recognizer):
    empty = on_canvas(0, 0.6) * 0
    empty[60:220, 90] = empty[60:220, 190] = empty[60, 90:190] = empty[220, 90:191] = 255
    assert len(list(extract(empty))) == 1


@pytest.mark.parametrize(("width", "height"), [(80, 140), (100, 220), (150, 220)])
@pytest.mark.parametrize(("line", "is_digit"), [(2, False), (4, False), (12, True)])
def test_an_empty_box_to_write_in_is_no_digit_but_a_rectangle_drawn_with_a_pen_may_be(
    recognizer, width, height, line, is_digit
):
    page = np.full((height + 40, width + 40), 240, np.uint8)
    cv2.rectangle(page, (20, 20), (20 + width, 20 + height), 60, line)
    reading = recognizer.read(page)
    assert reading.digit == 0
    assert reading.is_digit == is_digit


@pytest.mark.parametrize("box", [(60, 0, 400, 300), (40, 50, 400, 250), (0, 0, 2, 400)])
def test_a_sheet_of_paper_and_its_edge_are_no_1(recognizer, box):
    top, left, height, width = box
    page = np.full((400, 300) if height > 2 else (60, 400), 40, np.uint8)
    page[top : top + height, left : left + width] = 230
    assert not recognizer.read(page).is_digit


def test_it_says_where_the_digit_was_found(recognizer):
    rng = np.random.default_rng(2)
    for kind, words in (("in a black box", "inside a frame"), ("a bar cut by the border", "what the border cuts")):
        picture = KINDS[kind](DIGITS[3], rng)
        reading = recognizer.read(picture)
        assert words in reading.steps.way
        assert 0 < reading.steps.place.width < 1
