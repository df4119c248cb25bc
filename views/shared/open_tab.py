"""Which of the tabs below the drawing is open."""

import streamlit as st

TABS_KEY = "tabs"
INSIDE = "Inside"


def open_tab(name: str) -> None:
    """Opens a tab with the next run of the whole page. Call it in a callback."""
    st.session_state[TABS_KEY] = name
