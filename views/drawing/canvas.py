"""The canvas: what it shows, what it sends back, and how it is told to show something else."""

from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import CANVAS_SIZE, load_strokes
from views.drawing.fabric import Objects, to_object
from views.drawing.memory import Drawing, keep
from views.drawing.pen import BACKGROUND, INK, WIDTH, pen_colour, pen_width
from views.shared.style import script_element

_keep_toolbar_above = script_element("canvas_toolbar", "toolbar")


def show_canvas(drawing: Drawing) -> None:
    """The canvas with the drawing on it. Updates the drawing with what has been drawn on it since."""
    with st.container(key="canvas"):
        result = st_canvas(
            stroke_width=pen_width(),
            stroke_color=pen_colour(),
            background_color=BACKGROUND,
            width=CANVAS_SIZE,
            height=CANVAS_SIZE,
            initial_drawing=drawing.sent,
            return_image_data=True,
            key="drawing",
        )
        _keep_toolbar_above(key="toolbar")
    first, drawing.on_page = not drawing.on_page, True
    if result.image_bytes is None or result.json_data is None:
        return
    if first and result.json_data["objects"]:
        _recover(drawing, result.image_bytes, result.json_data)
    _receive(drawing, result.image_bytes, result.json_data)


def _recover(drawing: Drawing, image: bytes, shown: dict[str, Any]) -> None:
    """Keeps what is on a canvas that is older than this session: the server was restarted, the page not reloaded.

    Such a canvas would go blank like the new session's drawing, so it is told to show what it shows already.
    """
    drawing.image, drawing.received = image, shown
    drawing.show(shown["objects"])
    keep(drawing)
    st.rerun()


def _receive(drawing: Drawing, image: bytes, shown: dict[str, Any]) -> None:
    """Updates the drawing with what the canvas shows, if that is new."""
    if shown == drawing.received:
        drawing.replacing = drawing.replacing and shown["objects"] != drawing.objects
        return
    objects, known = list(shown["objects"]), drawing.objects
    for place, (new, old) in enumerate(zip(objects, known, strict=False)):
        if new == old:
            objects[place] = old  # kept once, however many states for undo hold it
    if not drawing.replacing or len(objects) > len(drawing.objects):  # it may come back with a new stroke on top
        drawing.remember()
        drawing.future.clear()
    drawing.objects, drawing.image = objects, image
    drawing.received, drawing.replacing = shown, False
    keep(drawing)


def undo(drawing: Drawing) -> None:
    if not drawing.past:  # pressed twice, before the page could disable the button
        return
    drawing.future.append(drawing.objects)
    drawing.show(drawing.past.pop())


def redo(drawing: Drawing) -> None:
    if not drawing.future:
        return
    drawing.remember()
    drawing.show(drawing.future.pop())


def clear(drawing: Drawing) -> None:
    _replace(drawing, [])


def try_example(drawing: Drawing) -> None:
    """Shows the next of the example drawings."""
    examples = load_strokes(EXAMPLE_DRAWINGS)
    example = examples[drawing.examples % len(examples)]
    drawing.examples += 1
    _replace(drawing, [to_object(stroke * CANVAS_SIZE, INK, WIDTH) for stroke in example.strokes])


def _replace(drawing: Drawing, objects: Objects) -> None:
    drawing.remember()
    drawing.future.clear()
    drawing.show(objects)
