import numpy as np
import pytest

from model.preprocessing import CANVAS_SIZE, enlarge
from tests.support.digits import DIGITS

WHITE = "#ffffff"


@pytest.fixture(scope="module")
def fabric(drawing_module):
    return drawing_module("fabric")


def test_strokes_survive_a_round_trip_to_the_canvas(fabric):
    points = enlarge(DIGITS[7], 0.5)[0] * CANVAS_SIZE
    (stroke,) = fabric.to_strokes([fabric.to_object(points, WHITE, 20)], WHITE)
    assert stroke.points == pytest.approx(points, abs=0.1)
    assert stroke.width == 20


@pytest.mark.parametrize(
    "change",
    [{"stroke": "#000000"}, {"type": "Rect"}, {"scaleX": 2.0}, {"skewX": 10}],
)
def test_anything_but_plain_strokes_is_left_to_the_picture(fabric, change):
    points = enlarge(DIGITS[7], 0.5)[0] * CANVAS_SIZE
    assert fabric.to_strokes([fabric.to_object(points, WHITE, 20) | change], WHITE) is None


def test_strokes_follow_what_the_edit_mode_did_to_them(fabric):
    line = fabric.to_object(np.array([[100.0, 100.0], [140.0, 100.0]]), WHITE, 10)
    edited = {"originX": "center", "originY": "center", "left": 60, "top": 80, "scaleX": 2, "scaleY": 2, "angle": 90}
    (stroke,) = fabric.to_strokes([line | edited], WHITE)
    assert stroke.points == pytest.approx(np.array([[60, 40], [60, 120]]))
    assert stroke.width == 20


def test_the_points_of_a_stroke_follow_its_curves(fabric):
    curve = {"type": "Path", "stroke": WHITE, "strokeWidth": 10}
    path = [["M", 0, 0], ["Q", 10, 20, 20, 0], ["L", 40, 0], ["Z"]]
    (stroke,) = fabric.to_strokes([curve | {"path": path}], WHITE)
    assert len(stroke.points) == 1 + fabric.CURVE_POINTS + 1
    assert stroke.points[0].tolist() == [0, 0]
    assert stroke.points[fabric.CURVE_POINTS // 2].tolist() == [10, 10]
    assert stroke.points[-2:].tolist() == [[20, 0], [40, 0]]
