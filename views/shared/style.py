"""The page's own JavaScript and CSS: its style sheets and the elements it defines itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components import v2 as components

from model.paths import STATIC
from views.shared.state import session

STYLE_PATIENCE = 0.4  # seconds


@dataclass
class _Shown:
    """What this session's page has shown."""

    styled: bool = False
    """Whether it has had the time to apply its style sheet."""


def apply_style(name: str) -> None:
    """Applies a style sheet to the whole page."""
    st.markdown(f"<style>{_read(f'{name}.css')}</style>", unsafe_allow_html=True)


def is_dark() -> bool:
    """Whether the page is shown in the dark theme, as far as the browser has said."""
    return st.context.theme.type == "dark"


def script_element(name: str, script: str) -> Callable[..., Any]:
    """A function that puts on the page an element that runs a script. Call this once, when a module is imported."""
    return components.component(name, js=_read(f"{script}.js"), isolate_styles=False)


def live_element(name: str, html: str) -> Callable[..., Any]:
    """A function that shows `html` and fills it with data; live.js says how. Call once, when a module is imported.

    Streamlit's own elements are replaced when they change: bars would flicker, and a screen reader would not be told.
    """
    return own_element(name, html, script="live", style="live")


def own_element(name: str, html: str, script: str, style: str) -> Callable[..., Any]:
    """A function that shows `html` with a script and a style sheet of its own. Call once, when a module is imported."""
    return components.component(
        name, html=html, css=_read(f"{style}.css"), js=_read(f"{script}.js"), isolate_styles=False
    )


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


_styled = script_element("styled", "styled")
