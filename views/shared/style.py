"""How the page looks, and the elements that follow a drawing without being made anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_LIVE_CSS = (_HERE / "live.css").read_text(encoding="utf-8")
_LIVE_JS = (_HERE / "live.js").read_text(encoding="utf-8")
_TOOLBAR_JS = (_HERE / "toolbar.js").read_text(encoding="utf-8")

keep_toolbar_above = st.components.v2.component("canvas_toolbar", js=_TOOLBAR_JS, isolate_styles=False)


def apply_style() -> None:
    st.html(_HERE / "page.css")


def live_element(name: str, html: str) -> Callable[..., Any]:
    """A function that shows `html` and fills it with data; live.js says how. Call once, when a module is imported.

    Streamlit's own elements are replaced when they change: bars would flicker, and a screen reader would not be told.
    """
    return st.components.v2.component(name, html=html, css=_LIVE_CSS, js=_LIVE_JS, isolate_styles=False)
