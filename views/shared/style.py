"""The page's own JavaScript and CSS: its style sheets and the elements it defines itself."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components import v2 as components

from model.paths import STATIC
from views.shared.state import session
from views.shared.turns import aside

STYLED = "styled"
STYLE_PATIENCE = 3.0  # seconds; on a busy machine, the browser takes one and more


@dataclass
class _Shown:
    """What this session's page has shown."""

    styled: bool = False
    """Whether it has had the time to apply its style sheet."""
    wide: bool = False
    """Whether its browser has said that the canvas is to be wide."""
    sideways: bool = False
    """Whether it has said that it is a phone that is turned sideways."""


def apply_style(name: str) -> None:
    """Applies a style sheet to the whole page."""
    st.markdown(f"<style>{_read(f'{name}.css')}</style>", unsafe_allow_html=True)


def is_dark() -> bool:
    """Whether the page is shown in the dark theme, as far as the browser has said."""
    return st.context.theme.type == "dark"


def apply_page_style() -> None:
    """Applies the page's style sheet; `wait_for_page_style` belongs behind it, where something is to be shown."""
    apply_style("page")
    _styled(key=STYLED, on_ready_change=_note_ready)


def _note_ready() -> None:
    ready = st.session_state[STYLED].get("ready")  # it comes from a browser, so it may be anything
    said = ready if isinstance(ready, Mapping) else {}
    shown = session(_Shown)
    shown.wide, shown.sideways = said.get("wide") is True, said.get("sideways") is True


def is_sideways() -> bool:
    """Whether the page was opened on a phone that is turned sideways."""
    return session(_Shown).sideways


def wants_wide_canvas() -> bool:
    """Whether the browser, when it opened the page, wanted a wide canvas. Later, the canvas' tools say so."""
    return session(_Shown).wide


def wait_for_page_style() -> None:
    """Waits, the first time, until the browser says that it has the page's style sheet.

    The browser loads what shows an element when the first one of its kind comes. So what came together with the style
    sheet would be shown without it at first, and would move. A client that says nothing is not waited for for long.
    """
    shown = session(_Shown)
    if shown.styled:
        return
    shown.styled = True
    deadline = time.monotonic() + STYLE_PATIENCE
    with aside():
        while st.context.headers and time.monotonic() < deadline:
            time.sleep(0.005)
            st.session_state.get(STYLED)  # a run ends here if the browser has asked for another


def script_element(name: str, *scripts: str, style: str | None = None) -> Callable[..., Any]:
    """A function that puts on the page an element that runs a script. Call this once, when a module is imported.

    Several scripts become one; the first of them has the default export. `style` is a style sheet that comes with it.
    """
    css = None if style is None else _read(f"{style}.css")
    return components.component(name, css=css, js=_join(scripts), isolate_styles=False)


def live_element(name: str, html: str) -> Callable[..., Any]:
    """A function that shows `html` and fills it with data; live.js says how. Call once, when a module is imported.

    Streamlit's own elements are replaced when they change: bars would flicker, and a screen reader would not be told.
    """
    return own_element(name, html, "live", style="live")


def own_element(name: str, html: str, *scripts: str, style: str) -> Callable[..., Any]:
    """A function that shows `html` with a script and a style sheet of its own. Call once, when a module is imported.

    Several scripts become one; the first of them has the default export.
    """
    return components.component(name, html=html, css=_read(f"{style}.css"), js=_join(scripts), isolate_styles=False)


def _join(scripts: tuple[str, ...]) -> str:
    return "\n".join(_read(f"{each}.js") for each in scripts)


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


_styled = script_element("styled", "styled", "focus", "frame", "wide")
