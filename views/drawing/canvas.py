"""The canvas: what it shows, what it sends back, and how it is told to show something else."""

from typing import Any

import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import CANVAS_SIZE, load_strokes
from views.drawing.fabric import Objects, to_object
from views.drawing.memory import Drawing, State, keep
from views.drawing.pen import BACKGROUND, INK, SHARPNESS, WIDTH, current_pen
from views.drawing.picture import alike
from views.shared.style import script_element

KEY = "drawing"
SIDE = SHARPNESS * CANVAS_SIZE  # pixels; how large it looks is up to the style sheet
# The canvas takes a maximal height over into the page when it does what it is told. Ours limits nothing: it says up to
# which use of a tool the canvas has been told of the outcome (canvas.js).
TALL = 10_000

_make_part_of_the_page = script_element("canvas", "canvas")


def show_canvas(drawing: Drawing) -> None:
    """The canvas with the drawing on it. Updates the drawing with what has been drawn on it since."""
    pen = current_pen()
    with st.container(key="canvas"):
        result = st_canvas(
            stroke_width=pen.width_on_canvas,
            stroke_color=pen.colour,
            background_color=BACKGROUND,
            width=SIDE,
            height=SIDE,
            initial_drawing=drawing.sent,
            return_image_data=True,
            max_display_height=TALL + drawing.answered,
            key=KEY,
        )
        _make_part_of_the_page(key="canvas_script")
    first, drawing.on_page = not drawing.on_page, True
    shows = _content(result)
    if shows is None:
        return
    image, shown = shows
    if first and shown["objects"]:
        _recover(drawing, image, shown)
    _receive(drawing, image, shown)


def receive_latest(drawing: Drawing) -> None:
    """Updates the drawing with the last message of the canvas, before the page runs."""
    message = st.session_state.get(KEY) or {}
    content = message.get("drawing") or {}
    shows = _content(CanvasResult(content.get("raw"), content.get("data"), return_image_data=True))
    if shows is not None and drawing.on_page:
        _receive(drawing, *shows)


def _content(result: CanvasResult) -> tuple[bytes, dict[str, Any]] | None:
    """What the canvas shows, as a PNG and as objects; None if it has not said so yet."""
    image, shown = result.image_bytes, result.json_data
    return None if image is None or shown is None else (image, shown)


def _recover(drawing: Drawing, image: bytes, shown: dict[str, Any]) -> None:
    """Keeps what is on a canvas that is older than this session: the server was restarted, the page not reloaded.

    Such a canvas would go blank like the new session's drawing, so it is told to show what it shows already.
    """
    drawing.received = shown
    drawing.show(State(shown["objects"], image))
    keep(drawing)
    st.rerun()


def _receive(drawing: Drawing, image: bytes, shown: dict[str, Any]) -> None:
    """Updates the drawing with what the canvas shows, if that is new."""
    if shown["objects"] == drawing.objects:
        drawing.received, drawing.replacing = shown, False
    if shown == drawing.received:
        return
    objects, known = list(shown["objects"]), drawing.objects
    for place, (new, old) in enumerate(zip(objects, known, strict=False)):
        if new == old:
            objects[place] = old  # kept once, however many states for undo hold it
    if not drawing.replacing or len(objects) > len(drawing.objects):  # it may come back with a new stroke on top
        drawing.remember()
        drawing.future.clear()
        for count in range(len(known) + 1, len(objects)):  # several strokes in one message are undone one by one
            drawing.past.append(State(objects[:count], None))
    if not drawing.pen_down:
        # The picture that was taken when the pen was lifted shows the same, and has been answered.
        image = drawing.image if drawing.image is not None and alike(drawing.image, image) else image
        drawing.image = image
    drawing.state = State(objects, image if objects else None)
    drawing.received, drawing.replacing = shown, False
    keep(drawing)


def undo(drawing: Drawing) -> None:
    if not drawing.past:
        return
    drawing.future.append(drawing.state)
    drawing.show(drawing.past.pop())


def redo(drawing: Drawing) -> None:
    if not drawing.future:
        return
    drawing.remember()
    drawing.show(drawing.future.pop())


def clear(drawing: Drawing) -> None:
    if drawing.objects:
        _replace(drawing, [])


def try_example(drawing: Drawing) -> None:
    """Shows the next of the example drawings."""
    examples = load_strokes(EXAMPLE_DRAWINGS)
    example = examples[drawing.examples % len(examples)]
    drawing.examples += 1
    _replace(drawing, [to_object(stroke * SIDE, INK, SHARPNESS * WIDTH) for stroke in example.strokes])


def _replace(drawing: Drawing, objects: Objects) -> None:
    """Shows other strokes, of which the canvas will send a picture."""
    drawing.remember()
    drawing.future.clear()
    drawing.show(State(objects, None))
