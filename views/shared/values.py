"""Lets Streamlit (1.67) look at the values of the page's own elements without making a class for each look.

`st.session_state` shows what such an element holds and what was just pressed in it as one dictionary that writes
through to both, of a class that is made anew each time. At the start of a run Streamlit looks at every element, though
hardly anything has been pressed: on a busy server, that was a good part of its work. Here an element in which nothing
was pressed shows what it holds. Nothing on the page writes to that.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Self

from streamlit.components.v2 import presentation
from streamlit.components.v2.bidi_component import main as elements
from streamlit.runtime.state import SessionState

Presenter = Callable[[Any, SessionState], Any]
_make_presenter = inspect.unwrap(presentation.make_bidi_component_presenter)


class _Shown(dict[str, Any]):
    """What an element holds. Streamlit copies deeply what it shows, which takes long for a drawing."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def look_once() -> None:
    """Call this when the page starts. Calling it again does nothing."""
    elements.make_bidi_component_presenter = _make_plain_presenter  # pyright: ignore[reportPrivateImportUsage]


@wraps(_make_presenter)
def _make_plain_presenter(presses: str, *element: Any) -> Presenter:  # noqa: ANN401 - handed on as they come
    with_presses = _make_presenter(presses, *element)

    def present(value: Any, state: SessionState) -> Any:  # noqa: ANN401 - of any element
        if not isinstance(value, dict) or _is_pressed(presses, state):
            return with_presses(value, state)
        return _Shown(value)

    return present


def _is_pressed(presses: str, state: SessionState) -> bool:
    """Whether something was pressed in an element; `presses` is where Streamlit keeps that until the run is over."""
    try:
        return bool(state._new_widget_state[presses])
    except KeyError:
        return False
