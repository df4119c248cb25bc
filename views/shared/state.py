"""What a session remembers: one object of a dataclass for each module that remembers something."""

from threading import Lock, local
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState

T = TypeVar("T")

REMEMBERED = "remembered"  # all of them in one entry of the session's state: each entry costs time in each run
_beginning = Lock()  # a session may run twice at once when its page is opened
_thread = local()  # `objects`: those of the session that this thread runs. It runs no other, and looks dozens of times


def session(kind: type[T]) -> T:
    """This session's only object of a dataclass, made from its defaults the first time.

    Each dataclass has one owner, the module that defines it. Others go through an accessor of that module.
    """
    objects = getattr(_thread, "objects", None)
    if objects is None:
        objects = _objects()
        if get_script_run_ctx(suppress_warning=True) is not None:
            _thread.objects = objects
    name = name_of(kind)
    return objects[name] if name in objects else objects.setdefault(name, kind())


def _objects() -> dict[str, Any]:
    """All that this session remembers, by the names of the dataclasses."""
    try:
        return st.session_state[REMEMBERED]
    except KeyError:
        with _beginning:
            objects = st.session_state[REMEMBERED] = st.session_state.get(REMEMBERED, {})
            return objects


def held_by(state: SessionState, kind: type[T]) -> T | None:
    """That session's object, wherever this is asked; None if it has none."""
    try:
        return state[REMEMBERED][name_of(kind)]
    except KeyError:
        return None


def name_of(kind: type) -> str:
    """The same if its module is imported anew."""
    return f"{kind.__module__}.{kind.__qualname__}"
