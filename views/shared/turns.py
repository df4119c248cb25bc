"""Runs of pages take turns, because Python computes one thing at a time.

Of ten runs at once, each would take ten times as long, or even longer: their threads get in each other's way, and in
the way of the thread that talks to all browsers. So there is one at a time, and the others wait in line: first those
whose visitors have done something, then pictures of strokes that are still being drawn, of which a browser sends the
next as soon as the last is answered, then timers. Nobody is kept behind others for long, and nobody waits for a run
that takes long, or that itself only waits for something.

A request that waits is not taken yet, so what the same visitor does meanwhile is answered with it, in its place.
"""

import inspect
import json
import time
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from functools import wraps
from itertools import count
from threading import Event, Lock, local
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)

LONG = 0.1  # seconds: a run that takes longer shares the processor with the next
MAX_WAIT = 0.4  # seconds after which a picture or a timer ranks with the others: the bars have to follow the pen
LOOK = 0.02  # seconds between two looks whether it has been given another rank
EVENTS = "__events"  # the end of the id under which Streamlit keeps what was pressed in an element


class Rank(IntEnum):
    """Who goes first."""

    ASKED = 0  # a visitor has done something
    LIVE = 1
    TIMER = 2


@dataclass(eq=False)
class _Place:
    """A place in line, and then at its head."""

    requests: ScriptRequests
    """Of which one is to be answered. All of them are a session's."""
    session: str | None
    rank: Rank = Rank.TIMER
    number: int | None = None
    called: Event = field(default_factory=Event)


_next_request = inspect.unwrap(ScriptRequests.on_scriptrunner_ready)  # also if this module is imported anew
_may_wait: dict[tuple[str, str], Callable[[Any], bool]] = {}  # by the key of an element and what is pressed in it
_lock, _numbers = Lock(), count()
_line: list[_Place] = []
_head: tuple[_Place, float] | None = None  # whose turn it is, and since when
_own = local()  # `place`: that of this thread's run


def take_turns() -> None:
    """Call this when the page starts. Calling it again does nothing."""
    ScriptRequests.on_scriptrunner_ready = _next_request_in_turn  # pyright: ignore[reportAttributeAccessIssue]


def may_wait(key: str, event: str, is_live: Callable[[Any], bool] = lambda value: True) -> None:
    """Lets others go before this press in this element, if `is_live` is true of its value, which may be anything."""
    _may_wait[key, event] = is_live


@wraps(_next_request)
def _next_request_in_turn(requests: ScriptRequests) -> ScriptRequest:
    """What a session is to run next, once it is its turn; its last run is over."""
    _leave()
    if requests._state == ScriptRequestType.RERUN:
        context = get_script_run_ctx(suppress_warning=True)
        _wait_in_line(_Place(requests, None if context is None else context.session_id))
    request = _next_request(requests)
    if request.type != ScriptRequestType.RERUN:
        _leave()
    return request


@contextmanager
def aside() -> Iterator[None]:
    """Lets others have their turn during the block, in which this run only waits for something."""
    place = _own_place()
    if place is None:  # it is no run of a page
        yield
        return
    _leave()
    try:
        yield
    finally:
        place.called.clear()
        _wait_in_line(place)


def _rank(data: RerunData) -> Rank:
    if len(data.fragment_id_queue) != 1:
        return Rank.ASKED
    if data.widget_states is None:  # as it is with a timer, see `reruns`
        return Rank.TIMER if data.is_auto_rerun else Rank.ASKED
    pressed = [each for each in data.widget_states.widgets if "trigger" in (each.WhichOneof("value") or "")]
    live = [_is_live(each.id, each.json_trigger_value) for each in pressed]
    return Rank.LIVE if live and all(live) else Rank.ASKED


def _is_live(name: str, presses: str) -> bool:
    key = name.removesuffix(EVENTS).rsplit("-", 1)[-1]
    try:
        found = json.loads(presses)
        return bool(found) and all(_may_wait[key, each["event"]](each["value"]) for each in found)
    except (ValueError, TypeError, KeyError, RecursionError):  # another press; or it is damaged, as its reader will see
        return False


def _wait_in_line(place: _Place) -> None:
    """Waits until it is this thread's turn, or until its runner is to stop. It ranks as high as what is asked of it."""
    requests, late = place.requests, time.monotonic() + MAX_WAIT
    data = requests._rerun_data
    place.rank = min(place.rank, _rank(data))
    with _lock:
        place.number = _number(place) if place.number is None else place.number
        insort(_line, place, key=_order)
        _call_next()
    while not place.called.wait(LONG if place.rank == Rank.ASKED else LOOK):
        rank = Rank.ASKED if time.monotonic() > late else place.rank
        if requests._rerun_data is not data:
            data = requests._rerun_data
            rank = min(rank, _rank(data))
        with _lock:
            _call_next()
            if place.called.is_set():
                break
            if requests._state == ScriptRequestType.STOP:
                _line.remove(place)
                return
            if rank != place.rank:
                _line.remove(place)
                place.rank = rank
                insort(_line, place, key=_order)
    _own.place = place


def _order(place: _Place) -> tuple[Rank, int]:
    return place.rank, place.number or 0


def _number(place: _Place) -> int:
    """The next number or, if another runner of the session waits, which is about to be stopped, the number of that."""
    before = (each.number for each in _line if each.session is not None and each.session == place.session)
    return next(_numbers) if (number := next(before, None)) is None else number


def _own_place() -> _Place | None:
    return getattr(_own, "place", None)


def _leave() -> None:
    global _head
    place, _own.place = _own_place(), None
    with _lock:
        if _head is not None and _head[0] is place:
            _head = None
        _call_next()


def _call_next() -> None:
    """Whoever is first in line has their turn, if nobody else does or if they have had it for long."""
    global _head
    now = time.monotonic()
    if _line and (_head is None or now - _head[1] > LONG):
        _head = _line.pop(0), now
        _head[0].called.set()
