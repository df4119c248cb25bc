"""The region where people draw: the canvas with its tools, and the answer beside it."""

import streamlit as st

from views.drawing.canvas import show_canvas
from views.drawing.layers import show_layers
from views.drawing.live import show_reading
from views.drawing.memory import current_drawing
from views.drawing.tools import show_tools


@st.fragment
def render() -> None:
    """The whole region. A finished stroke and the use of a tool rerun this part of the page and no other."""
    drawing = current_drawing()
    with st.container(key="drawing_region"):
        show_canvas(drawing)
        show_tools(drawing)
        with st.container(key="reading"):
            show_reading()
        show_layers()
