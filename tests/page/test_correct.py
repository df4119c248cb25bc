"""The row "Was that right?" without a browser: what it says, what a press does, and what it does not let happen."""

import sqlite3

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model.drawings import open_drawings
from tests.support.digits import DIGITS
from tests.support.hasty import hasty_six
from tests.support.kept import as_png
from tests.support.page import run_until, told

HAND = "class 5b"


def row(strokes, png, used):
    """A page with a drawing, and with the row after it was used."""
    import numpy as np

    from views.drawing.canvas import SIDE
    from views.drawing.correct import _use_one, settle, show_correct
    from views.drawing.fabric import to_object
    from views.drawing.memory import State, current_drawing
    from views.drawing.pen import INK, SHARPNESS, WIDTH
    from views.shared import hand

    drawing = current_drawing()
    hand.look_again()
    if strokes is not None:
        objects = [to_object(np.array(stroke) * SIDE, INK, SHARPNESS * WIDTH) for stroke in strokes]
        drawing.state, drawing.image = State(objects, png or None), png or None
    for each in used:
        _use_one(drawing, each)
    settle(drawing)
    show_correct(drawing)


@pytest.fixture
def open_row(runs, monkeypatch, recognizer, local):
    """Opens a page, and returns a function that draws, uses the row, and returns what the row says then."""
    from views.shared import hand, visitor

    monkeypatch.setattr(visitor, "_name", lambda cookies: HAND)
    monkeypatch.setattr(hand, "loaded_recognizer", lambda: recognizer)

    def open_row():
        page, numbers = AppTest.from_function(row, default_timeout=60), iter(range(1, 100))

        def use(strokes, *used):
            uses = [{"number": next(numbers), "sample": 0} | each for each in used]
            page.args = (strokes, as_png(strokes) if strokes else b"", uses)
            page.run()
            assert not page.exception
            page.args = (strokes, page.args[1], [])
            run_until(page, lambda: not told(page, "correct")["busy"])
            return told(page, "correct")

        return use

    return open_row


@pytest.fixture
def use(open_row):
    return open_row()


def label(digit):
    return {"do": "label", "digit": digit}


def kept():
    return [(each.digit, each.answered.digit) for each in open_drawings().of(HAND)]


UNDO = {"do": "undo"}


def test_a_blank_canvas_has_no_row(use):
    shown = use(None)
    assert (shown["said"], shown["actions"], shown["digits"]) == ("", [], False)
    assert use(None, label(3))["said"] == ""
    assert kept() == []


def test_an_answer_is_confirmed_with_one_press_that_can_be_undone(use):
    shown = use(DIGITS[7])
    assert (shown["said"], shown["actions"], shown["answer"]) == ("Was that right?", ["yes"], 7)
    shown = use(DIGITS[7], label(7))
    assert shown["said"].startswith("Kept as a 7.")
    assert (shown["actions"], shown["pressed"], shown["answered"]) == (["undo"], 7, 1)
    assert kept() == [(7, 7)]
    shown = use(DIGITS[7], UNDO)
    assert (shown["said"], shown["pressed"]) == ("Was that right?", None)
    assert kept() == []


def test_what_is_kept_is_the_whole_drawing(use):
    use(hasty_six(), label(6))
    (drawing,) = open_drawings().of(HAND)
    assert (drawing.digit, drawing.answered.digit, drawing.answered.network) == (6, 5, "reader")
    assert drawing.answered.probability > 0.9
    assert drawing.png == as_png(hasty_six())
    (stroke,) = drawing.strokes
    assert stroke["points"][0] == pytest.approx(hasty_six()[0][0], abs=1e-3)
    assert stroke["width"] == pytest.approx(20 / 280, abs=1e-3)


def test_the_same_drawing_is_kept_once_and_given_another_digit(use, open_row):
    use(hasty_six(), label(6))
    assert use(hasty_six(), label(8))["pressed"] == 8
    assert kept() == [(8, 5)]
    assert use(hasty_six(), UNDO)["pressed"] == 6  # the last press is taken back
    assert use(hasty_six(), UNDO)["pressed"] is None
    assert kept() == []
    use(hasty_six(), label(6))
    assert open_row()(hasty_six(), label(6))["pressed"] == 6  # after a reload, or in another tab
    assert kept() == [(6, 5)]


def test_a_like_drawing_is_read_with_it_at_once_and_in_another_tab_too(use, open_row):
    other = open_row()
    assert other(hasty_six(0.86, 0.07))["answer"] == 5
    use(hasty_six(), label(6))
    assert use(hasty_six(0.86, 0.07))["answer"] == 6
    assert other(hasty_six(0.86, 0.07))["answer"] == 6


def test_a_doubtful_answer_is_not_confirmed_but_named(use):
    cross = [np.array([(0.2, 0.5), (0.8, 0.5)]), np.array([(0.5, 0.2), (0.5, 0.8)])]
    shown = use(cross)
    assert (shown["said"], shown["actions"], shown["digits"]) == ("Which digit is it?", [], True)
    assert use(cross, label(4))["pressed"] == 4


NONSENSE = [
    {},
    {"do": "label"},
    *({"do": "label", "digit": digit} for digit in ("6", 10, -1, True, 6.0, [6], None)),
    {"do": ["label"], "digit": 6},
    {"do": "label", "digit": 6, "sample": 3},  # it was pressed for another drawing
    {"do": "label", "digit": 6, "number": 0},
    {"do": "label", "digit": 6, "number": "1"},
    {"do": "label", "digit": 6, "number": None},
    {"do": "next"},
    {"do": "undo"},
    {"do": "explode"},
]


def test_what_a_browser_says_is_checked(use):
    for used in NONSENSE:
        assert use(DIGITS[7], used)["pressed"] is None, used
    assert open_drawings().hands() == {}


def test_no_message_names_another_hand(use):
    use(DIGITS[7], label(7) | {"hand": "somebody else", "name": "somebody else"})
    assert open_drawings().hands() == {HAND: 1}


def test_one_press_that_is_reported_twice_counts_once(use):
    use(DIGITS[7], label(7) | {"number": 5}, label(7) | {"number": 5}, UNDO | {"number": 5})
    assert kept() == [(7, 7)]


def test_trouble_with_the_database_is_said_and_reading_goes_on(use, runs):
    runs.mkdir(parents=True)
    (runs / "drawings.db").write_bytes(b"not a database " * 100)
    shown = use(DIGITS[7])
    assert "drawings.db" in shown["said"]
    assert (shown["actions"], shown["digits"]) == (["look"], False)
    whole = runs / "whole.db"
    open_drawings(f"sqlite:///{whole}").add(HAND, 3, None, as_png(DIGITS[3]))
    sqlite3.connect(whole).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.replace(runs / "drawings.db")
    assert use(DIGITS[7], {"do": "look"})["said"] == "Was that right?"
    assert use(DIGITS[7], label(7))["pressed"] == 7
    assert [each.digit for each in open_drawings().of(HAND)] == [3, 7]


def test_a_drawing_that_cannot_be_kept_is_refused_with_the_reason(use, monkeypatch):
    from model.drawings.store import Drawings
    from model.errors import InputError

    def refuse(*_, **__):
        raise InputError("There is no space left for drawings: free some.")

    with monkeypatch.context() as patch:
        patch.setattr(Drawings, "add", refuse)
        shown = use(DIGITS[7], label(7))
        assert (shown["said"], shown["actions"]) == ("There is no space left for drawings: free some.", ["look"])
    assert use(DIGITS[7], {"do": "look"})["said"] == "Was that right?"
    assert use(DIGITS[7], label(7))["pressed"] == 7
