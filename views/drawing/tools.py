"""The tools below the canvas: undo, redo and clear, a wide canvas, the width of the pen, and the eraser."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from views.drawing import canvas
from views.drawing.correct import use_row
from views.drawing.memory import Drawing, current_drawing
from views.drawing.message import is_count
from views.drawing.pen import ERASER, MAX_WIDTH, MIN_WIDTH, WIDTH, current_pen
from views.drawing.size import SHARPNESS
from views.shared.style import own_element

KEY = "tools"
ACTIONS = {
    "undo": canvas.undo,
    "redo": canvas.redo,
    "clear": canvas.clear,
    "example": canvas.try_example,
    "wide": lambda _: None,  # it, like the pen, is part of every use
    "pen": lambda _: None,
}
ICONS = {
    "undo": "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
    "redo": "m15 14 5-5-5-5m5 5H10a6 6 0 0 0 0 12h3",
    "clear": "M4 7h16M10 11v6m4-6v6M6 7l1 13h10l1-13M9 7V4h6v3",
}
WIDE_ICON = "M3 5v14M21 5v14M7 12h10M10 9l-3 3 3 3M14 9l3 3-3 3"

_tools = own_element(
    "tools",
    '<div class="tools" role="group" aria-label="Drawing tools">'
    + "".join(
        f'<div class="st-key-{tool}"><button type="button" data-tool="{tool}"><svg viewBox="0 0 24 24" '
        f'aria-hidden="true"><path d="{icon}"/></svg><span>{tool.capitalize()}</span></button></div>'
        for tool, icon in ICONS.items()
    )
    + '<div class="st-key-wide"><button type="button" data-tool="wide" aria-label="Wide canvas" title="Wide canvas: '
    f'room for a number"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="{WIDE_ICON}"/></svg></button></div>'
    + '<label class="st-key-pen_width"><span>Pen</span><input type="range" aria-label="Pen width" '
    f'min="{MIN_WIDTH}" max="{MAX_WIDTH}" value="{WIDTH}"><output aria-hidden="true" data-width></output></label>'
    '<div class="st-key-eraser"><label><input type="checkbox" role="switch"><span>Eraser</span></label></div></div>',
    "tools",
    "wide",
    "report",
    style="tools",
)


def show_tools(drawing: Drawing) -> None:
    pen = current_pen()
    usable = {"undo": drawing.past, "redo": drawing.future, "clear": drawing.objects}
    _tools(
        data={
            "answered": drawing.answered,
            "usable": [tool for tool, needed in usable.items() if needed],
            "pen": {"width": pen.width, "erasing": pen.erasing},
            "wide": drawing.wide,
            "sharpness": SHARPNESS,
            "eraser": ERASER,
        },
        key=KEY,
        on_used_change=_use,
    )


def _use() -> None:
    """Tools were used: does what each of them is for, once, in turn."""
    use_row()  # in one message with the tool, what was said of the drawing came first
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
    if not is_count(number) or not isinstance(width, int) or action is None or number <= drawing.answered:
        return
    drawing.answered = number
    pen = current_pen()
    pen.width, pen.erasing = min(max(width, MIN_WIDTH), MAX_WIDTH), used.get("erasing") is True
    canvas.resize(drawing, used.get("wide") is True)
    action(drawing)
