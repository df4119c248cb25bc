"""One picture of the Pictures tab: its answer, how it was understood, and how to have it understood otherwise."""

import html
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import streamlit as st

from model.preprocessing import WHOLE, Box
from views.shared.figures import bars, table
from views.shared.steps import show_steps
from views.shared.style import own_element
from views.shared.words import percent
from views.tabs.pictures.result import Result, Wish

MIN_PART = 0.02  # of the picture's sides: a smaller part is a slip
WAY, PART = "picture_way", "picture_part"  # keys

_part = own_element(
    "part",
    '<div class="part"><img alt="The picture"><div class="chosen" tabindex="0" role="group" '
    'aria-label="The part that is read. Arrow keys move it; with Shift, they change its size."></div></div>',
    "part",
    "report",
    style="part",
)


def show_picture(result: Result, wish: Wish, on_wish: Callable[[Wish], None]) -> None:
    """A picture with its bars and steps. `on_wish` is called when somebody wants it to be understood otherwise."""
    with st.container(key="picture", border=True):
        st.text(result.name)  # as plain text, because anybody may have chosen it
        probabilities = np.zeros(10) if result.probabilities is None else result.probabilities
        share = result.probability
        words = html.escape(result.problem) or f"read as <b>{result.read_as}</b> · {percent(share or 0, 1)}"
        with st.container(horizontal=True, gap="large"):
            with st.container(width="content"):
                _part(
                    data={"picture": result.picture, "part": wish.part._asdict()},
                    key=PART,
                    on_part_change=partial(_choose_part, on_wish),
                )
            with st.container(width="stretch"):
                below = _lines(result) if result.numbers else bars(probabilities, result.digit)
                st.html(f'<div class="gallery"><figure>{words}{below}</figure></div>')
                _choose_way(result, wish, on_wish)
        if result.steps is not None:
            show_steps(result.steps, "picture_steps")


def _lines(result: Result) -> str:
    """The number on each line of a picture, as a table; nothing for a single one."""
    if len(result.numbers) < 2:
        return ""
    rows = ((str(line), value, percent(share, 1)) for line, (value, share) in enumerate(result.numbers, start=1))
    return table(("Line", "Number", "Probability"), rows, "The numbers in the picture, line by line", numbers=2)


def _choose_way(result: Result, wish: Wish, on_wish: Callable[[Wish], None]) -> None:
    """How the picture was understood, and how else it can be."""
    if wish.part != WHOLE:
        st.caption("Only the part in the frame is read.")
        st.button("Read the whole picture", key="picture_whole", on_click=on_wish, args=(Wish(),))
    else:
        st.caption("Is it the wrong part? Draw a frame around the digit in the picture.")
    if len(result.ways) > 1:
        st.session_state[WAY] = result.ways[0]
        st.selectbox(
            "Understood",
            sorted(result.ways),
            key=WAY,
            on_change=lambda: on_wish(wish._replace(way=st.session_state[WAY])),
        )


def _choose_part(on_wish: Callable[[Wish], None]) -> None:
    """A part was chosen in the browser, so it may be anything."""
    part = st.session_state[PART].get("part")
    if not isinstance(part, Mapping):
        return
    sides = [part.get(side) for side in Box._fields]
    values = [float(side) for side in sides if isinstance(side, int | float) and 0 <= side <= 1]
    if len(values) == len(sides):
        box = Box(*values)
        if min(box.width, box.height) >= MIN_PART:
            on_wish(Wish(box))
