import cv2
import numpy as np
import pytest

from model import load_recognizer
from model.preprocessing import CANVAS_SIZE, PenStroke, draw_strokes, enlarge, redraw
from tests.support.digits import DIGITS
from views.drawing.fabric import CURVE_POINTS, to_object, to_strokes

SMALL, PEN = 0.25, 40  # a digit of 70 pixels, and a pen that leaves nothing of it


def crowded(digit):
    """The drawing and its strokes, white on black under a pen far too thick."""
    strokes = enlarge(DIGITS[digit], SMALL)
    return draw_strokes(strokes, PEN), [PenStroke(stroke * CANVAS_SIZE, PEN) for stroke in strokes]


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer()


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_too_small_for_its_pen_is_read_from_its_strokes(recognizer, digit):
    picture, strokes = crowded(digit)
    assert redraw(picture, strokes) is not picture
    assert recognizer.read(picture, strokes).digit == digit


def test_the_picture_alone_would_not_do(recognizer):
    assert any(recognizer.read(crowded(digit)[0]).digit != digit for digit in DIGITS)


def test_a_digit_large_enough_is_left_alone():
    strokes = enlarge(DIGITS[3], 0.6)
    picture = draw_strokes(strokes, 20)
    assert redraw(picture, [PenStroke(stroke * CANVAS_SIZE, 20) for stroke in strokes]) is picture


def test_strokes_that_do_not_make_the_picture_are_not_believed():
    picture, strokes = crowded(8)
    other = crowded(1)[1]
    assert redraw(picture, other) is picture
    erased = cv2.line(picture.copy(), (100, 140), (180, 140), 0, 40)
    assert redraw(erased, strokes) is erased
    blank = np.zeros_like(picture)
    assert redraw(blank, strokes) is blank
    assert redraw(picture[:200], strokes).shape == (200, 280)
    assert redraw(picture, []) is picture


def test_strokes_survive_the_way_to_the_canvas_and_back():
    points = enlarge(DIGITS[7], 0.5)[0] * CANVAS_SIZE
    (stroke,) = to_strokes([to_object(points, "#ffffff", 20)], "#ffffff")
    assert stroke.points == pytest.approx(points, abs=0.1)
    assert stroke.width == 20


@pytest.mark.parametrize(
    "change",
    [{"stroke": "#000000"}, {"type": "Rect"}, {"scaleX": 2.0}, {"skewX": 10}],
)
def test_what_is_not_plain_strokes_is_left_to_the_picture(change):
    points = enlarge(DIGITS[7], 0.5)[0] * CANVAS_SIZE
    assert to_strokes([to_object(points, "#ffffff", 20) | change], "#ffffff") is None


def test_strokes_follow_what_the_edit_mode_does():
    line = to_object(np.array([[100.0, 100.0], [140.0, 100.0]]), "#ffffff", 10)
    edited = {"originX": "center", "originY": "center", "left": 60, "top": 80, "scaleX": 2, "scaleY": 2, "angle": 90}
    (stroke,) = to_strokes([line | edited], "#ffffff")
    assert stroke.points == pytest.approx(np.array([[60, 40], [60, 120]]))
    assert stroke.width == 20


def test_the_points_of_a_stroke_follow_its_curves():
    curve = {"type": "Path", "stroke": "#ffffff", "strokeWidth": 10}
    path = [["M", 0, 0], ["Q", 10, 20, 20, 0], ["L", 40, 0], ["Z"]]
    (stroke,) = to_strokes([curve | {"path": path}], "#ffffff")
    assert len(stroke.points) == 1 + CURVE_POINTS + 1
    assert stroke.points[0].tolist() == [0, 0]
    assert stroke.points[CURVE_POINTS // 2].tolist() == [10, 10]
    assert stroke.points[-2:].tolist() == [[20, 0], [40, 0]]
