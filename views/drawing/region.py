"""The region where people draw: the canvas with its tools, and the answer beside it."""

import streamlit as st

from views.drawing.canvas import show_canvas
from views.drawing.layers import show_layers
from views.drawing.live import show_reading
from views.drawing.memory import current_drawing
from views.drawing.tools import show_tools
from views.shared.reading import network_and_reading
from views.shared.steps import draw_steps, show_steps


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
        _show_steps()


def _show_steps() -> None:
    """How the finished drawing was prepared for the network, on demand."""
    expander = st.expander("How the drawing became this picture", key="steps", on_change="rerun")
    if not expander.open:
        return
    now = network_and_reading()
    with expander:
        if now is None or now[1].steps is None:
            st.caption("Draw something first. Then this shows, step by step, how it is prepared for the network.")
        else:
            show_steps(draw_steps(now[1].steps), "step_pictures")
