"""The drawing of each session, kept on the server so that it outlives a reload of the page."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any, NamedTuple

import streamlit as st

from views.drawing.fabric import Objects
from views.shared.state import session

UNDO_STEPS = 50
MAX_KEPT = 100  # drawings of all visitors; the oldest are forgotten


_revisions = count(1)


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
    replacing: bool = False
    """Whether it was told to show something else, and has not confirmed that yet."""
    on_page: bool = False
    """Whether this session's canvas has ever been asked what it shows."""
    examples: int = 0
    """How many examples have been shown."""

    @property
    def objects(self) -> Objects:
        """The strokes."""
        return self.state.objects

    def remember(self) -> None:
        """Saves the present state for undo."""
        self.past.append(self.state)
        del self.past[:-UNDO_STEPS]

    def show(self, state: State) -> None:
        """Tells the canvas to show something else."""
        self.state, self.pen_down = state, False
        if state.image is not None or not state.objects:
            self.image = state.image
        self.sent, self.replacing = _to_send(state.objects), True


def _to_send(objects: Objects) -> dict[str, Any]:
    """The message that says what to show. The canvas ignores a repetition, so a number makes each message unique."""
    return {"objects": objects, "revision": next(_revisions)}


@dataclass
class _Own:
    """This session's drawing."""

    drawing: Drawing | None = None
    lost: bool = False
    """Whether the address names a drawing that the server no longer has."""


@st.cache_resource(show_spinner=False)
def _kept_drawings() -> tuple["OrderedDict[str, Drawing]", Lock]:
    return OrderedDict(), Lock()


def current_drawing() -> Drawing:
    """The drawing of this session: a new one or, after a reload, the one that the page's address names."""
    own = session(_Own)
    if own.drawing is None:
        drawings, lock = _kept_drawings()
        token = st.query_params.get("drawing")
        with lock:
            kept = None if token is None else drawings.get(token)
        own.lost = token is not None and kept is None
        own.drawing = Drawing() if kept is None else _copy(kept)
        st.query_params.pop("drawing", None)
        if kept is not None:
            keep(own.drawing)
    return own.drawing


def _copy(kept: Drawing) -> Drawing:
    """A copy for this browser tab alone: the address may be open in another one."""
    return Drawing(
        kept.state,
        kept.state.image,
        past=list(kept.past),
        future=list(kept.future),
        sent=_to_send(kept.objects),
        examples=kept.examples,
    )


def keep(drawing: Drawing) -> None:
    """Lets a reload of the page find the drawing again."""
    session(_Own).lost = False
    drawings, lock = _kept_drawings()
    token = st.query_params.get("drawing")
    if token is None:
        token = st.query_params["drawing"] = secrets.token_urlsafe(9)
    with lock:
        drawings[token] = drawing
        drawings.move_to_end(token)
        while len(drawings) > MAX_KEPT:
            drawings.popitem(last=False)


def is_lost() -> bool:
    """Whether a reload could not find the drawing again, and nothing has been drawn since."""
    return session(_Own).lost
