"""The region where people draw: the canvas with its tools, the answer beside it, and what follows from it below."""

import contextlib

import streamlit as st

from model import InputError
from views.drawing import memory
from views.drawing.canvas import show_canvas
from views.drawing.correct import settle, show_correct
from views.drawing.correction import show_card
from views.drawing.layers import show_layers
from views.drawing.live import show_reading
from views.drawing.memory import current_drawing
from views.drawing.tools import show_tools
from views.shared import hand
from views.shared.jobs import Job
from views.shared.reading import network_and_reading
from views.shared.reruns import run_along
from views.shared.steps import draw_steps, show_steps

STEPS = "steps"


def render() -> None:
    """The whole region. What is below the drawing is shown again only if it has changed."""
    with st.container(key="drawing_region"):
        _show_drawing()
        show_layers()
        _show_steps()


@st.fragment
def _show_drawing() -> None:
    """The drawing with its answer. A finished stroke and the use of a tool rerun this part of the page first."""
    drawing = current_drawing()
    with contextlib.suppress(InputError):  # where it would read, the page says that there is no network
        hand.look_again()
    settle(drawing)
    show_canvas(drawing)
    show_tools(drawing)
    show_reading()
    show_correct(drawing)
    show_card()
    if st.session_state.get(STEPS):
        run_along("steps_fragment")


@st.fragment(key="steps_fragment")
def _show_steps() -> None:
    """How the finished drawing was prepared for the network, on demand."""
    expander = st.expander("How the drawing became this picture", key=STEPS, on_change="rerun")
    if not expander.open:
        return
    now = network_and_reading()
    with expander:
        if now is None or now[1].steps is None:
            st.caption("Draw something first. Then this shows, step by step, how it is prepared for the network.")
        else:
            show_steps(draw_steps(now[1].steps), "step_pictures")


def awaited() -> list[Job | None]:
    """What the region does without until it is there: the drawing from before a reload, the drawings of the hand."""
    return [memory.awaited(), hand.awaited()]
