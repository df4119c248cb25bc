"""The drawing of each session, kept in the database so that it outlives a reload of the page and its server.

The page's address numbers the drawings of one browser, because every tab has its own. The number alone finds nothing:
drawings are looked up by the browser as well, so a shared address shows nobody else's.
"""

import contextlib
import re
import secrets
import time
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.state import SessionState

from model import InputError
from model.drawings import KeptDrawing, open_drawings
from views.drawing.fabric import Objects
from views.drawing.fitting import fit, fitted
from views.drawing.message import strokes_or_none
from views.drawing.size import is_wide
from views.shared.jobs import Job, submit
from views.shared.state import held_by, session
from views.shared.style import wants_wide_canvas
from views.shared.visitor import own_browser

UNDO_STEPS = 50
MAX_POINTS = 600  # of all strokes with a history, those of some ten digits: each stroke has all of them written again
MAX_WAITING = 1_000  # canvases, while they cannot be written
TAB_BYTES, TAB = 12, re.compile(r"[A-Za-z0-9_-]{16}")  # a number in the address, as `secrets.token_urlsafe` writes it
APART = 0.2  # seconds between two times that canvases are written, those of all people together
PATIENCE = 0.3  # seconds that a page waits for the drawing from before its reload; it is shown later if it comes later


_revisions = count(1)
_waiting: dict[str, tuple[list["State"], "State", list["State"]]] = {}  # to be written, by the name of the page
_adding, _writing = Lock(), Lock()
_scheduled, _next_turn = False, 0.0


class State(NamedTuple):
    """What is on the canvas between two strokes."""

    objects: Objects
    image: bytes | None
    """A PNG of it, which is read; None if it is blank, or if the canvas has yet to send one."""


@dataclass
class Drawing:
    """One person's drawing."""

    state: State = field(default_factory=lambda: State([], None))
    image: bytes | None = None
    """What is read: a PNG of the state or, while a stroke is drawn, of that stroke as well."""
    sample: int = 0
    """The number of the last picture that was taken while drawing."""
    since: int = 0
    """The number of the first one that showed the drawing as it is now."""
    pen_down: bool = False
    """Whether a stroke was being drawn then."""
    answered: int = 0
    """The number of the last use of a tool that has been answered."""
    past: list[State] = field(default_factory=list)
    """For undo, the latest last."""
    future: list[State] = field(default_factory=list)
    """For redo, the next last."""
    sent: dict[str, Any] | None = None
    """What the canvas was last told to show."""
    received: dict[str, Any] | None = None
    """What the canvas last said it shows."""
    awaited: bool = False
    """Whether what it was told to show is not read yet, because the canvas has yet to send a picture of it."""
    replacing: bool = False
    """Whether it was told to show something else, and has not confirmed that yet."""
    replaced: Objects | None = None
    """What it was told to show before that."""
    on_page: bool = False
    """Whether this session's canvas has ever been asked what it shows."""
    examples: int = 0
    """How many examples have been shown."""

    wide: bool = field(default_factory=wants_wide_canvas)
    """Whether the canvas is wide."""
    narrowed: tuple[Objects, Objects] | None = None
    """Strokes of a wide canvas, and how they were brought onto the square one."""

    @property
    def objects(self) -> Objects:
        """The strokes."""
        return self.state.objects

    def remember(self) -> None:
        """Saves the present state for undo."""
        self.past.append(self.state)
        del self.past[:-UNDO_STEPS]

    def show(self, state: State) -> None:
        """Tells the canvas to show something else, which is brought onto it if need be."""
        objects = self._fitted(state.objects)
        if objects is not state.objects or (state.image and is_wide(state.image) != self.wide):
            state = State(objects, None)
        self.replaced, self.state, self.pen_down = self.state.objects, state, False
        self.awaited = state.image is None and bool(state.objects)
        if not self.awaited:
            self.image = state.image
        # The canvas ignores a repetition, so a number makes each message unique.
        self.sent, self.replacing = {"objects": state.objects, "revision": next(_revisions)}, True

    def _fitted(self, objects: Objects) -> Objects:
        """Strokes as they fit the canvas: a drawing that was brought onto the square one finds its old place again."""
        if self.wide:
            return self.narrowed[0] if self.narrowed and objects == self.narrowed[1] else objects
        if (how := fit(objects)) is None:
            return objects
        self.narrowed = objects, fitted(objects, how)
        return self.narrowed[1]


@dataclass
class _Own:
    """This session's drawing."""

    drawing: Drawing = field(default_factory=Drawing)
    page: str | None = None
    """The name that it is kept under; None until something changes."""
    searched: bool = False
    """Whether the drawing from before a reload has been searched for."""
    before: Job[KeptDrawing | None] | None = None
    """The search, until it is done."""


def current_drawing() -> Drawing:
    """The drawing of this session: a new one or, after a reload, the one from before."""
    own = session(_Own)
    if not own.searched:
        own.searched = True
        own.before = _search(st.query_params.get("drawing", ""))
    if own.before is not None and own.before.done():
        found, own.before = own.before, None
        _take_over(own.drawing, None if found.failure() else found.result())
    return own.drawing


def drawing_of(state: SessionState) -> Drawing | None:
    """The drawing of that session, wherever this is asked; None if it has none yet."""
    own = held_by(state, _Own)
    return None if own is None else own.drawing


def awaited() -> Job | None:
    """The search for the drawing from before a reload, while it takes longer than the page has waited."""
    return session(_Own).before


def keep(drawing: Drawing) -> None:
    """Lets a reload of the page find the drawing again. It is written meanwhile; if that fails, drawing goes on."""
    own = session(_Own)
    if own.page is None:  # this session's alone, even if another tab was opened with the same address
        tab = st.query_params["drawing"] = secrets.token_urlsafe(TAB_BYTES)
        own.page = _page(tab)
    page, newest = own.page, (list(drawing.past), drawing.state, list(drawing.future))
    global _scheduled
    with _adding:
        _waiting[page] = newest
        scheduled, _scheduled = _scheduled, True
    if not scheduled:
        submit("writing canvases", lambda _: _write_in_turn())


def _write_in_turn() -> None:
    """Writes what waits, no more often than once in a while: many together take little longer than one."""
    global _next_turn, _scheduled
    time.sleep(max(0.0, _next_turn - time.monotonic()))
    _next_turn = time.monotonic() + APART
    with _adding:
        _scheduled = False
    _write()


def _write() -> None:
    """Writes the canvases that wait to be written. What cannot be written waits for the next stroke of anybody."""
    with _writing:  # so that the latest state of each is written last
        with _adding:
            waiting = dict(_waiting)
            _waiting.clear()
        packed = [(page, _pack(*states), states[1].image or b"") for page, states in waiting.items()]
        try:
            if packed:
                open_drawings().keep_canvases(packed)
        except InputError:
            with _adding:
                latest = waiting | _waiting
                _waiting.clear()
                _waiting.update(list(latest.items())[-MAX_WAITING:])
            raise


def _page(tab: str) -> str:
    return f"{own_browser()}-{tab}"


def _search(tab: str) -> Job[KeptDrawing | None] | None:
    if not TAB.fullmatch(tab):
        return None
    page = _page(tab)

    def search() -> KeptDrawing | None:
        with contextlib.suppress(InputError):  # it may have been drawn a moment ago
            _write()
        return open_drawings().canvas(page)

    return submit("canvases", lambda _: search(), PATIENCE)


def _take_over(drawing: Drawing, kept: KeptDrawing | None) -> None:
    """Shows the drawing from before the reload. If something else has been drawn by now, undo leads back to it."""
    if kept is None:
        return
    try:
        past, state, future = _unpack(kept)
    except (ValueError, TypeError, IndexError):  # somebody has edited the database
        return
    if drawing.objects or drawing.past:
        drawing.past[:0] = [*past, state]
        return
    drawing.past, drawing.future = past, future
    drawing.show(state)


def _pack(past: list[State], now: State, future: list[State]) -> list:
    """The strokes of all states, each once however many states hold it, and the numbers of those that each holds.

    Of a long history, it is what is nearest to the present.
    """
    strokes = {id(stroke): stroke for stroke in now.objects}
    past = _nearest(past[::-1], strokes)[::-1]
    states = [*past, now, *_nearest(future[::-1], strokes)[::-1]]
    numbers = {key: number for number, key in enumerate(strokes)}
    return [list(strokes.values()), [[numbers[id(stroke)] for stroke in state.objects] for state in states], len(past)]


def _nearest(states: list[State], strokes: dict[int, dict[str, Any]]) -> list[State]:
    """As many of the states, in this order, as there is room for. Adds their strokes to those that are kept."""
    room = max(0, MAX_POINTS - _count_points(strokes))  # there always is for those that have no strokes of their own
    for place, state in enumerate(states):
        new = {id(stroke): stroke for stroke in state.objects if id(stroke) not in strokes}
        room -= _count_points(new)
        if room < 0:
            return states[:place]
        strokes |= new
    return states


def _count_points(strokes: dict[int, dict[str, Any]]) -> int:
    return sum(len(stroke.get("path") or ()) for stroke in strokes.values())


def _unpack(kept: KeptDrawing) -> tuple[list[State], State, list[State]]:
    """The past, the present and the future of a drawing. Raises ValueError if it is none."""
    strokes, numbers, present = kept.strokes or ([], [[]], 0)
    if strokes_or_none(strokes) is None:
        raise ValueError
    states = [State([strokes[number] for number in each], None) for each in numbers]
    return states[:present], State(states[present].objects, kept.png or None), states[present + 1 :]
