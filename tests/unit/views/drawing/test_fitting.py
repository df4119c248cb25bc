"""How what was drawn on a wide canvas comes to lie on a square one."""

import numpy as np
import pytest

from tests.support.digits import DIGITS

WHITE, PEN = "#ffffff", 40
EDITED = {"originX": "center", "originY": "center", "scaleX": 1, "scaleY": 1, "angle": 0}


@pytest.fixture(scope="module")
def fitting(drawing_module):
    return drawing_module("fitting")


@pytest.fixture(scope="module")
def fabric(drawing_module):
    return drawing_module("fabric")


def described(item, fabric):
    """A stroke as the canvas describes it: its middle and its scale, besides its path."""
    points = fabric.placed(item)
    left, top = (points.min(axis=0) + points.max(axis=0)) / 2
    return item | EDITED | {"left": left, "top": top}


def sevens(fabric, *places):
    return [
        described(fabric.to_object(stroke * 500 + (x, 30), WHITE, PEN), fabric) for x in places for stroke in DIGITS[7]
    ]


def test_what_lies_on_the_square_stays_there(fitting, fabric):
    assert fitting.fit([]) is None
    assert fitting.fit(sevens(fabric, 0)) is None


def test_what_lies_beside_it_is_moved_by_whole_pixels(fitting, fabric):
    drawn = sevens(fabric, 650)
    how = fitting.fit(drawn)
    (before, *_), (after, *_) = (fabric.to_strokes(each, WHITE) for each in (drawn, fitting.fitted(drawn, how)))
    assert how.scale == 1
    assert (how.right % 2, how.down) == (0, 0)
    assert after.points == pytest.approx(before.points + np.array((how.right, 0)), abs=0.01)
    assert 540 < after.points[:, 0].max() + PEN / 2 <= 560
    assert fitting.fit(fitting.fitted(drawn, how)) is None


@pytest.mark.parametrize("as_described", [True, False])
def test_what_is_wider_is_scaled_with_its_pen(fitting, fabric, as_described):
    drawn = sevens(fabric, 20, 820)
    if not as_described:
        drawn = [
            {name: value for name, value in each.items() if name not in (*EDITED, "left", "top")} for each in drawn
        ]
    how = fitting.fit(drawn)
    strokes = fabric.to_strokes(fitting.fitted(drawn, how), WHITE)
    points = np.concatenate([stroke.points for stroke in strokes])
    assert 0.4 < how.scale < 0.6
    assert strokes[0].width == pytest.approx(PEN * how.scale, rel=0.01)
    assert points[:, 0].min() - strokes[0].width / 2 >= 0
    assert points[:, 0].max() + strokes[0].width / 2 <= 560
    assert (points[:, 1].min() + points[:, 1].max()) / 2 == pytest.approx(280, abs=20)
