"""What a session remembers: one object of a dataclass for each module that remembers something."""

from threading import Lock
from typing import TypeVar

import streamlit as st
from streamlit.runtime.state import SessionState

T = TypeVar("T")

REMEMBERED = "remembered"  # all of them in one entry of the session's state: each entry costs time in each run
_beginning = Lock()  # a session may run twice at once when its page is opened


def session(kind: type[T]) -> T:
    """This session's only object of a dataclass, made from its defaults the first time.

    Each dataclass has one owner, the module that defines it. Others go through an accessor of that module.
    """
    try:
        objects = st.session_state[REMEMBERED]
    except KeyError:
        with _beginning:
            objects = st.session_state[REMEMBERED] = st.session_state.get(REMEMBERED, {})
    name = name_of(kind)
    return objects[name] if name in objects else objects.setdefault(name, kind())


def held_by(state: SessionState, kind: type[T]) -> T | None:
    """That session's object, wherever this is asked; None if it has none."""
    try:
        return state[REMEMBERED][name_of(kind)]
    except KeyError:
        return None


def name_of(kind: type) -> str:
    """The same if its module is imported anew."""
    return f"{kind.__module__}.{kind.__qualname__}"
