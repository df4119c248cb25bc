"""Runs of pages take turns, because Python computes one thing at a time.

Of ten runs at once, each would take ten times as long, and longer: their threads get in each other's way, and in that
of the one that talks to all browsers. So there is one at a time, and the others wait in line: those first whose
visitors have done something, then pictures of strokes that are still drawn, of which each visitor sends the next as
soon as the last is answered, then timers; but nobody goes first for long, nor before a session that has something newer
to answer behind this. Who takes long, or only waits for something, is not waited for.
"""

import inspect
import time
from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import wraps
from itertools import count
from threading import Event, Lock, local

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType

LONG = 0.1  # seconds: what takes longer shares the processor with whoever is next
MAX_WAIT = 0.4  # seconds that others go first: beyond that, the bars would not follow the pen at all
LOOK = 0.05  # seconds between two checks whether it is one's turn for another reason than that somebody has left


class Rank(IntEnum):
    """Who goes first."""

    ASKED = 0  # a visitor has done something
    LIVE = 1
    TIMER = 2


@dataclass(frozen=True, order=True)
class _Place:
    """In the line, and then in front of it."""

    rank: Rank
    number: int
    called: Event = field(compare=False, default_factory=Event)


_run_script = inspect.unwrap(ScriptRunner._run_script)  # also if this module is imported anew
_lock, _numbers = Lock(), count()
_line: list[_Place] = []
_front: tuple[_Place, float] | None = None  # whose turn it is, and since when
_own = local()  # `place`: that of the run of this thread


def take_turns() -> None:
    """Call this when the page starts. Calling it again does nothing."""
    ScriptRunner._run_script = _run_in_turn  # pyright: ignore[reportAttributeAccessIssue]  # a method, replaced


@wraps(_run_script)
def _run_in_turn(runner: ScriptRunner, rerun_data: RerunData) -> None:
    # A timer brings no values (see `reruns`), unless Streamlit has put it together with what a visitor has done
    alone = rerun_data.is_auto_rerun and rerun_data.widget_states is None
    with _turn(Rank.TIMER if alone else Rank.ASKED):
        _run_script(runner, rerun_data)


@contextmanager
def _turn(rank: Rank) -> Iterator[None]:
    """Computes in the block, once it is time to."""
    _stand_in_line(rank)
    try:
        yield
    finally:
        _leave()


@contextmanager
def aside() -> Iterator[None]:
    """Lets others have their turn during the block, in which this run only waits for something."""
    if getattr(_own, "place", None) is None:  # it is no run of a page
        yield
        return
    rank = _own.place.rank
    _leave()
    try:
        yield
    finally:
        _stand_in_line(rank)


def give_way() -> None:
    """Lets those go first who have done something: this answers a picture of a stroke that is still drawn."""
    if getattr(_own, "place", None) is not None:
        _leave()
        _stand_in_line(Rank.LIVE)


def _stand_in_line(rank: Rank) -> None:
    place = _Place(rank, next(_numbers))
    late = time.monotonic() + MAX_WAIT
    with _lock:
        insort(_line, place)
        _call_next()
    while not place.called.wait(LOOK):
        with _lock:
            if place in _line and place.rank > Rank.ASKED and (time.monotonic() > late or _is_overtaken()):
                _line.remove(place)
                place = replace(place, rank=Rank.ASKED)
                insort(_line, place)
            _call_next()
    _own.place = place


def _leave() -> None:
    global _front
    with _lock:
        if _front is not None and _front[0] is _own.place:
            _front = None
        _own.place = None
        _call_next()


def _call_next() -> None:
    """Whoever is first in line has their turn, if nobody else does or if they have had it for long."""
    global _front
    now = time.monotonic()
    if _line and (_front is None or now - _front[1] > LONG):
        _front = _line.pop(0), now
        _front[0].called.set()


def _is_overtaken() -> bool:
    context = get_script_run_ctx(suppress_warning=True)
    requests = context.script_requests if context is not None else None
    return requests is not None and requests._state == ScriptRequestType.RERUN
