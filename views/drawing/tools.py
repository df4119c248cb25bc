"""The tools below the canvas: undo, redo and clear, the width of the pen, and the eraser."""

import streamlit as st

from views.drawing.canvas import clear, redo, undo
from views.drawing.memory import Drawing, is_lost
from views.drawing.pen import show_pen


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
        show_pen()
        if is_lost():
            st.caption("The drawing from before the reload was lost, because the server no longer has it.")
