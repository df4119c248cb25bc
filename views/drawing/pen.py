"""The pen: its width, and whether it erases."""

import streamlit as st

WIDTH, MIN_WIDTH, MAX_WIDTH = 20, 4, 40  # pixels; the first is the width at the start and in examples
INK, BACKGROUND = "#ffffff", "#000000"  # the eraser is a pen in the colour of the background


def show_pen() -> None:
    with st.container(key="pen", horizontal=True, vertical_alignment="center", wrap=False):
        st.slider("Pen width", MIN_WIDTH, MAX_WIDTH, WIDTH, key="pen_width", format="%d px")
        st.toggle("Eraser", key="eraser")


def pen_width() -> int:
    """The width that the slider was left at, in pixels; the slider is shown after the canvas."""
    return st.session_state.get("pen_width", WIDTH)


def pen_colour() -> str:
    return BACKGROUND if st.session_state.get("eraser") else INK
