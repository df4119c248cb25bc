"""The tools below the canvas: undo, redo and clear, the width of the pen, and the eraser."""

import streamlit as st

from views.drawing.canvas import PEN_WIDTH, clear, redo, undo
from views.drawing.memory import Drawing, is_lost

MIN_PEN, MAX_PEN = 4, 40  # pixels


def show_tools(drawing: Drawing) -> None:
    with st.container(key="tools"):
        with st.container(horizontal=True, gap="small"):
            for key, icon, action, usable in (
                ("undo", "undo", undo, bool(drawing.past)),
                ("redo", "redo", redo, bool(drawing.future)),
                ("clear", "delete", clear, bool(drawing.objects)),
            ):
                st.button(
                    key.capitalize(),
                    key=key,
                    icon=f":material/{icon}:",
                    on_click=action,
                    args=(drawing,),
                    disabled=not usable,
                )
        with st.container(key="pen", horizontal=True, vertical_alignment="center", wrap=False):
            st.slider("Pen width", MIN_PEN, MAX_PEN, PEN_WIDTH, key="pen_width", format="%d px")
            st.toggle("Eraser", key="eraser")
        if is_lost():
            st.caption("The drawing from before the reload was lost, because the server no longer has it.")
