"""Who goes first when the server is busy: finished strokes. Pictures of strokes that are still drawn give way to them.

Each visitor who draws sends the next picture as soon as the last is answered, so a few dozen of them keep any server
busy, and each answer to a finished stroke would have to share the processor with all of theirs.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, local

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

MAX_LIVE = max(1, (os.cpu_count() or 1) // 2)  # of them at once: the others' answers share what is left
MAX_WAIT = 0.4  # seconds; beyond that, the bars would not follow the pen at all
LOOK = 0.05  # seconds between two checks whether this session has anything newer to do


@dataclass
class _Turns:
    """What is being answered in this process."""

    changed: Condition = field(default_factory=Condition)
    finished: int = 0
    live: int = 0


_turns = _Turns()
_own = local()  # `has_turn`: whether this thread is in such a block already


@contextmanager
def turn(live: bool) -> Iterator[None]:
    """Answers in the block, once it is time to: at once unless this is `live`. A block in another is part of that."""
    if getattr(_own, "has_turn", False):
        yield
        return
    with _turns.changed:
        if live:
            _give_way()
            _turns.live += 1
        else:
            _turns.finished += 1
    _own.has_turn = True
    try:
        yield
    finally:
        _own.has_turn = False
        with _turns.changed:
            if live:
                _turns.live -= 1
            else:
                _turns.finished -= 1
            _turns.changed.notify_all()


def _give_way() -> None:
    """Waits while others go first, but not while this session itself has something newer to answer behind this."""
    deadline = time.monotonic() + MAX_WAIT
    while (_turns.finished or _turns.live >= MAX_LIVE) and time.monotonic() < deadline and not _is_overtaken():
        _turns.changed.wait(LOOK)


def _is_overtaken() -> bool:
    context = get_script_run_ctx(suppress_warning=True)
    requests = context.script_requests if context is not None else None
    return requests is not None and requests._state == ScriptRequestType.RERUN
