"""The tools below the canvas: undo, redo and clear, the width of the pen, and the eraser."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from views.drawing import canvas
from views.drawing.memory import Drawing, current_drawing, is_lost
from views.drawing.pen import ERASER, MAX_WIDTH, MIN_WIDTH, SHARPNESS, WIDTH, current_pen
from views.shared.style import own_element

KEY = "drawing_tools"
ACTIONS = {
    "undo": canvas.undo,
    "redo": canvas.redo,
    "clear": canvas.clear,
    "example": canvas.try_example,
    "pen": lambda _: None,  # it has only changed
}
ICONS = {
    "undo": "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
    "redo": "m15 14 5-5-5-5m5 5H10a6 6 0 0 0 0 12h3",
    "clear": "M4 7h16M10 11v6m4-6v6M6 7l1 13h10l1-13M9 7V4h6v3",
}
_tools = own_element(
    "tools",
    '<div class="tools" role="group" aria-label="Drawing tools">'
    + "".join(
        f'<div class="st-key-{tool}"><button type="button" data-tool="{tool}"><svg viewBox="0 0 24 24" '
        f'aria-hidden="true"><path d="{icon}"/></svg><span>{tool.capitalize()}</span></button></div>'
        for tool, icon in ICONS.items()
    )
    + '<label class="st-key-pen_width"><span>Pen</span><input type="range" aria-label="Pen width" '
    f'min="{MIN_WIDTH}" max="{MAX_WIDTH}" value="{WIDTH}"><output aria-hidden="true" data-width></output></label>'
    '<div class="st-key-eraser"><label><input type="checkbox" role="switch"><span>Eraser</span></label></div></div>',
    "tools",
    "report",
    style="tools",
)


def show_tools(drawing: Drawing) -> None:
    pen = current_pen()
    usable = {"undo": drawing.past, "redo": drawing.future, "clear": drawing.objects}
    with st.container(key="tools"):
        _tools(
            data={
                "answered": drawing.answered,
                "usable": [tool for tool, needed in usable.items() if needed],
                "pen": {"width": pen.width, "erasing": pen.erasing},
                "sharpness": SHARPNESS,
                "eraser": ERASER,
            },
            key=KEY,
            on_used_change=_use,
        )
        if is_lost():
            st.caption("The drawing from before the reload was lost, because the server no longer has it.")


def _use() -> None:
    """Tools were used: does what each of them is for, once, in turn."""
    drawing = current_drawing()
    canvas.receive_latest(drawing)  # what was drawn before
    used = st.session_state[KEY].get("used")
    for each in used if isinstance(used, list) else []:
        if isinstance(each, Mapping):
            _use_one(drawing, each)


def _use_one(drawing: Drawing, used: Mapping[str, Any]) -> None:
    """Does what one use of a tool is for. It comes from a browser, so it may be anything."""
    number, width = used.get("number"), used.get("width")
    action = ACTIONS.get(str(used.get("tool")))
    if not isinstance(number, int) or not isinstance(width, int) or action is None or number <= drawing.answered:
        return
    drawing.answered = number
    pen = current_pen()
    pen.width, pen.erasing = min(max(width, MIN_WIDTH), MAX_WIDTH), used.get("erasing") is True
    action(drawing)
