"""What a session remembers: one object of a dataclass for each module that remembers something."""

from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def session(kind: type[T]) -> T:
    """This session's only object of a dataclass, made from its defaults the first time.

    Each dataclass has one owner, the module that defines it. Others go through an accessor of that module.
    """
    key = f"{kind.__module__}.{kind.__qualname__}"
    if key not in st.session_state:
        st.session_state[key] = kind()
    return st.session_state[key]
