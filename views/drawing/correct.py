"""The row "Was that right?" under the answer: a drawing is kept under the digit that it is, and read with from then on.

While somebody practises, the row asks for digits instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from model import Case, InputError, Reading, Recognizer, default_network
from model.drawings import Answered
from views.drawing import canvas, correction
from views.drawing.fabric import to_kept_strokes
from views.drawing.fitting import fit, fitted
from views.drawing.live import read
from views.drawing.memory import Drawing, current_drawing
from views.drawing.message import is_count
from views.drawing.pen import INK
from views.drawing.picture import alike, to_small_png
from views.drawing.size import SIDE
from views.shared import hand, practice
from views.shared.in_use import run_in_use
from views.shared.jobs import Job
from views.shared.open_tab import MY_DRAWINGS, is_open
from views.shared.state import session
from views.shared.style import own_element
from views.shared.visitor import is_bounded, own_hand
from views.shared.words import a_digit

if TYPE_CHECKING:
    from model.drawings import Drawings

KEY = "correct"
CLEAR_ANSWERS = {Case.CERTAIN, Case.PROBABLE}  # those that a tick can confirm
ACTIONS = {
    "yes": "✓ Yes",
    "undo": "Undo",
    "look": "Try again",
    "next": "Next",
    "skip": "Skip",
    "stop": "Stop",
    "fine": "OK",
}

_row = own_element(
    "correct",
    '<div class="correct" role="group" aria-label="Was that right?"><p data-said role="status" aria-live="polite"></p>'
    '<div class="actions">'
    + "".join(f'<button type="button" data-do="{do}" hidden>{label}</button>' for do, label in ACTIONS.items())
    + '</div><div class="digits">'
    + "".join(
        f'<button type="button" data-digit="{digit}" aria-label="It is {a_digit(digit)}" aria-keyshortcuts="{digit}">'
        f"{digit}</button>"
        for digit in range(10)
    )
    + "</div></div>",
    "correct",
    "report",
    style="correct",
)


class Shown(NamedTuple):
    """What the row shows. The browser hides it while the drawing changes."""

    said: str = ""  # nothing hides the row
    actions: tuple[str, ...] = ()  # of ACTIONS
    digits: bool = False
    pressed: int | None = None
    answer: int | None = None  # what "yes" says
    stays: bool = False  # while the drawing changes
    busy: bool = False  # until it has changed, nothing can be pressed


class _Press(NamedTuple):
    """A digit that was pressed, or drawn in a practice, and is being kept."""

    digit: int
    reading: Reading
    network: Recognizer
    likeness: str
    practised: bool


@dataclass
class _Row:
    answered: int = 0
    """The number of the last use that has been answered."""
    job: Job | None = None
    """What was pressed, while it is being written."""
    press: _Press | None = None
    """What is shown once it is."""
    refused: tuple[str, str] | None = None
    """The drawing that could not be kept, and why."""
    relabelled: tuple[str, int] | None = None
    """The drawing that was last given another digit, and the digit that it had."""


def show_correct(drawing: Drawing) -> None:
    """The row, as it is for the drawing and its answer now."""
    shown = _to_show(drawing)
    told = {"answered": session(_Row).answered, "sample": drawing.sample, "practice": practice.turn()}
    _row(data=told | shown._asdict(), key=KEY, on_used_change=use_row)


def settle(drawing: Drawing) -> None:
    """Does what follows once a drawing has been kept. Call it before the drawing is shown."""
    row = session(_Row)
    if row.job is None or not row.job.done():
        return
    trouble, press, row.job, row.press = row.job.failure(), row.press, None, None
    if trouble is not None:
        row.refused = _likeness(drawing), trouble
        return
    if press is None:
        pass
    elif press.practised:
        practice.note(press.digit, press.reading.digit == press.digit and press.reading.is_digit)
        canvas.clear(drawing)
    elif press.digit != press.reading.digit:
        correction.open_card(press.likeness, press.reading, press.network)
    if is_open(MY_DRAWINGS):
        st.rerun()


def _to_show(drawing: Drawing) -> Shown:
    row, asked = session(_Row), practice.asked()
    if row.job is not None:
        return Shown("Keeping it …", busy=True, stays=True)
    reading = _settled_reading(drawing)
    if (reading or asked) and (trouble := hand.trouble()):
        return Shown(trouble, ("look",))
    if reading and row.refused and row.refused[0] == _likeness(drawing):
        return Shown(row.refused[1], ("look",))
    if asked:
        actions = ("next", "skip", "stop") if reading else ("skip", "stop")
        return Shown(f"Draw {a_digit(asked[0])} ({asked[1]}).", actions, stays=True)
    if reading is None:
        over = practice.result() if practice.is_over() else None
        return Shown() if over is None else Shown(f"{over} My drawings, below, shows them.", ("fine",))
    kept = hand.find(_likeness(drawing))
    if kept is not None and kept.kept.digit is not None:
        return Shown(_kept_in_words(kept.kept.digit), ("undo",), digits=True, pressed=kept.kept.digit)
    if reading.case in CLEAR_ANSWERS:
        return Shown("Was that right?", ("yes",), digits=True, answer=reading.digit)
    if reading.case is Case.SEVERAL:
        return Shown("Is it a single digit? Then which?", digits=True)
    return Shown("Which digit is it?", digits=True)


def _kept_in_words(digit: int) -> str:
    return f"Kept as {a_digit(digit)}. It helps to read the next ones."


def _settled_reading(drawing: Drawing) -> Reading | None:
    """The answer to the drawing, if it is one to the whole of what is on the canvas, with what is known of the hand."""
    whole = drawing.state.image
    if whole is None or drawing.image is None or drawing.pen_down:
        return None
    if drawing.image is not whole and not alike(drawing.image, whole):
        return None
    try:
        reading = read(drawing) if hand.current_look() or hand.trouble() else None
    except InputError:
        return None  # the page says so where it would read
    return None if reading is None or reading.digit is None else reading


def use_row() -> None:
    """If the row was used: does what each use is for, once, in turn."""
    drawing = current_drawing()
    canvas.receive_latest(drawing)  # what was drawn before
    used = (st.session_state.get(KEY) or {}).get("used")
    for each in used if isinstance(used, list) else []:
        if isinstance(each, Mapping):
            _use_one(drawing, each)


def _use_one(drawing: Drawing, used: Mapping[str, Any]) -> None:
    """Does what one use of the row is for. It comes from a browser, so it may be anything."""
    row, number, digit = session(_Row), used.get("number"), used.get("digit")
    if not isinstance(number, int) or number <= row.answered:
        return
    row.answered = number
    sample = used.get("sample")
    if not is_count(sample) or not drawing.since <= sample <= drawing.sample or row.job is not None:
        return  # it was meant for another drawing
    row.refused = None
    match used.get("do"):
        case "label" if isinstance(digit, int) and not isinstance(digit, bool) and 0 <= digit <= 9:
            _keep(drawing, digit)
        case "undo":
            _undo(drawing)
        case "next" if (asked := practice.asked()) is not None:
            _keep(drawing, asked[0], practised=True)
        case "skip":
            practice.skip()
            canvas.clear(drawing)
        case "stop":
            practice.stop()
        case "fine":
            practice.take_note()


def _keep(drawing: Drawing, digit: int, practised: bool = False) -> None:
    """Keeps the drawing as this digit. One that is kept already is given the digit instead."""
    reading, look, row, own = _settled_reading(drawing), hand.current_look(), session(_Row), own_hand()
    if reading is None or look is None or drawing.image is None or reading.digit is None:
        return
    likeness = _likeness(drawing)
    known = hand.find(likeness)
    row.press = _Press(digit, reading, look.reader, likeness, practised)
    if known is not None and known.kept.digit is not None:
        kept, row.relabelled = known.kept.id, (known.kept.id, known.kept.digit)
        row.job = hand.change(lambda drawings: drawings.relabel(own, kept, digit))
        return
    name = run_in_use() or default_network().stem
    answered = Answered(reading.digit, float(reading.probabilities[reading.digit]), name)
    strokes, png = _on_a_square(drawing)
    bounded = is_bounded()

    def add(drawings: "Drawings") -> None:
        drawings.add(own, digit, strokes, png, answered, bounded=bounded)

    row.job = hand.change(add)


def _undo(drawing: Drawing) -> None:
    """Takes back the last press for this drawing."""
    row, own, known = session(_Row), own_hand(), hand.find(_likeness(drawing))
    if known is None:
        return
    name, (relabelled, before) = known.kept.id, row.relabelled or ("", 0)
    row.relabelled = None
    if name == relabelled:
        row.job = hand.change(lambda drawings: drawings.relabel(own, name, before))
    else:
        row.job = hand.change(lambda drawings: drawings.delete(own, name))


def _likeness(drawing: Drawing) -> str:
    strokes, png = _on_a_square(drawing)
    return hand.likeness(strokes, b"" if strokes else png)


def _on_a_square(drawing: Drawing) -> tuple[list[dict[str, Any]] | None, bytes]:
    """The drawing as it is kept, as if on a square canvas: its strokes, if they make it up, and a PNG."""
    how = fit(drawing.objects) if drawing.wide else None
    strokes = to_kept_strokes(fitted(drawing.objects, how), INK, SIDE)
    return strokes, to_small_png(drawing.image, how) if drawing.image else b""
