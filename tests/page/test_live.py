"""What the drawing is read as, without a browser: from its picture and, once they are known, with its strokes."""

import pytest
from streamlit.testing.v1 import AppTest

from model.preprocessing import enlarge
from tests.support.digits import DIGITS
from tests.support.kept import as_png


def page(strokes, png, readings):
    """A page whose canvas shows a picture, and has said so far that it was drawn with these strokes."""
    import numpy as np

    from views.drawing.canvas import SIDE
    from views.drawing.fabric import to_object
    from views.drawing.live import read
    from views.drawing.memory import State, current_drawing
    from views.drawing.pen import INK, SHARPNESS, WIDTH
    from views.shared import hand

    hand.look_again()
    drawing = current_drawing()
    drawing.image = png
    objects = [to_object(np.array(stroke) * SIDE, INK, SHARPNESS * WIDTH) for stroke in strokes]
    drawing.state = State(objects, None)
    readings.append(read(drawing))


def known_so_far(strokes):
    """Which strokes the canvas has said, run by run."""
    return strokes[:-1], strokes, strokes


@pytest.fixture
def read(runs, monkeypatch, recognizer):
    """A function that returns the readings of a drawing before its last stroke is known, and twice with it."""
    from views.shared import hand

    monkeypatch.setattr(hand, "loaded_recognizer", lambda: recognizer)

    def read(strokes):
        readings, test = [], AppTest.from_function(page, default_timeout=60)
        for known in known_so_far(strokes):
            test.args = (known, as_png(strokes), readings)
            test.run()
            assert not test.exception
        return readings

    return read


def test_a_digit_too_small_for_its_pen_is_read_again_with_its_strokes(read):
    before, known, again = read(enlarge(DIGITS[3], 0.08))
    assert before.digit != 3
    assert (known.digit, known.is_digit) == (3, True)
    assert again is known


def test_so_are_digits_that_touch(read):
    left, right = ([stroke * 0.4 + (x, 0.1) for stroke in enlarge(DIGITS[7], 1)] for x in (0, 0.24))
    before, known, again = read([*left, *right])
    assert before.several == ()
    assert known.several == (7, 7)
    assert again is known


@pytest.mark.parametrize("digit", [3, 4, 5])
def test_a_digit_that_its_picture_shows_is_read_once(read, digit):
    first, known, again = read(enlarge(DIGITS[digit], 0.7))
    assert first.is_digit
    assert first is known is again


def test_a_network_that_takes_everything_for_a_digit_sees_digits_that_touch(read, recognizer, monkeypatch):
    monkeypatch.setattr(recognizer, "threshold", 0.0)
    left, right = ([stroke * 0.4 + (x, 0.1) for stroke in enlarge(DIGITS[7], 1)] for x in (0, 0.24))
    before, known, again = read([*left, *right])
    assert before.several == ()
    assert known.several == (7, 7)
    assert again is known


def test_a_drawing_that_comes_with_its_strokes_is_read_once(read, monkeypatch):
    """After a blank canvas, which is no digit."""
    strokes = enlarge(DIGITS[4], 0.7)
    monkeypatch.setattr("tests.page.test_live.known_so_far", lambda strokes: [strokes] * 2)
    first, again = read(strokes)
    assert first is again
