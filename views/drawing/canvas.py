"""The canvas: what it shows, what it sends back, and how it is told to show something else."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime.state import SessionState
from streamlit_drawable_canvas import st_canvas

from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import load_strokes
from views.drawing.fabric import Objects, to_object
from views.drawing.memory import UNDO_STEPS, Drawing, State, drawing_of, keep
from views.drawing.message import Shows, read_message
from views.drawing.pen import BACKGROUND, INK, WIDTH, current_pen
from views.drawing.picture import alike
from views.drawing.size import SHARPNESS, SIDE, is_wide, side
from views.shared.reruns import pass_over
from views.shared.state import session
from views.shared.style import script_element

KEY = "drawing"
# The canvas takes a maximal height over into the page when it does what it is told. Ours limits nothing: it says up to
# which use of a tool the canvas has been told of the outcome (canvas.js).
TALL = 10_000


@dataclass
class _Heard:
    """The last message of this session's canvas, and what it says: each run asks several times."""

    message: Mapping[str, Any] | None = None
    shows: Shows | None = None


_make_part_of_the_page = script_element("canvas", "canvas")


def show_canvas(drawing: Drawing) -> None:
    """The canvas with the drawing on it. Updates the drawing with what has been drawn on it since."""
    pen = current_pen()
    with st.container(key="canvas"):
        # What it returns is read below: it fails itself if its own message is none.
        with contextlib.suppress(AttributeError, KeyError, TypeError):
            st_canvas(
                stroke_width=pen.width_on_canvas,
                stroke_color=pen.colour,
                background_color=BACKGROUND,
                width=side(drawing.wide),
                height=SIDE,
                initial_drawing=drawing.sent,
                return_image_data=True,
                max_display_height=TALL + drawing.answered,
                key=KEY,
            )
        _make_part_of_the_page(key="canvas_script")
    first, drawing.on_page = not drawing.on_page, True
    shows = _last_message()
    if shows is None:
        return
    image, shown = shows
    if first and shown["objects"] and shown["objects"] != drawing.objects:
        _recover(drawing, image, shown)
    _receive(drawing, image, shown)


def receive_latest(drawing: Drawing) -> None:
    """Updates the drawing with the last message of the canvas, before the page runs."""
    shows = _last_message()
    if shows is not None and drawing.on_page:
        _receive(drawing, *shows)


def _last_message() -> Shows | None:
    """What the canvas shows; None if it has not said so yet, or if what it said is no drawing."""
    message, last = st.session_state.get(KEY), session(_Heard)
    drawn = message.get("drawing") if isinstance(message, Mapping) else None
    if not isinstance(drawn, Mapping):
        return None
    if drawn is not last.message:
        last.shows, last.message = read_message(drawn.get("raw"), drawn.get("data")), drawn
    return last.shows


def _confirms(state: SessionState, message: Any) -> bool:  # noqa: ANN401 - from a browser
    """Whether the canvas only says that it shows what it was told to, and that is read already.

    Earlier messages may still wait for their runs, so nothing is taken note of here.
    """
    drawing = drawing_of(state)
    if drawing is None or not drawing.replacing or drawing.awaited:
        return False
    if drawing.objects and drawing.state.image is None:
        return False  # it brings the picture
    try:
        return message["drawing"]["raw"]["objects"] == drawing.objects
    except (LookupError, TypeError):
        return False


pass_over(KEY, _confirms)


def _recover(drawing: Drawing, image: bytes, shown: dict[str, Any]) -> None:
    """Keeps what is on a canvas that is older than this session: the server was restarted, the page not reloaded.

    Such a canvas would show the new session's drawing, which may lack the last stroke, so it is told to show what it
    shows already.
    """
    drawing.received, drawing.wide = shown, is_wide(image)
    drawing.remember()
    drawing.show(State(shown["objects"], image))
    keep(drawing)
    st.rerun()


def _receive(drawing: Drawing, image: bytes, shown: dict[str, Any]) -> None:
    """Updates the drawing with what the canvas shows, if that is new."""
    if is_wide(image) != drawing.wide:
        return  # it is from before the canvas was given its present size
    if shown["objects"] == drawing.objects:
        drawing.received, drawing.replacing = shown, False
        if drawing.objects and drawing.state.image is None:
            drawing.state, drawing.image, drawing.awaited = State(drawing.objects, image), image, False
    if shown == drawing.received or (drawing.replacing and shown["objects"] == drawing.replaced):
        return  # it is from before the canvas was told anything else
    objects, known = list(shown["objects"]), drawing.objects
    for place, (new, old) in enumerate(zip(objects, known, strict=False)):
        if new == old:
            objects[place] = old  # kept once, however many states for undo hold it
    if not drawing.replacing or len(objects) > len(drawing.objects):  # it may come back with a new stroke on top
        drawing.remember()
        drawing.future.clear()
        # Several strokes in one message are undone one by one.
        first = max(len(known) + 1, len(objects) - UNDO_STEPS)
        drawing.past.extend(State(objects[:count], None) for count in range(first, len(objects)))
        del drawing.past[:-UNDO_STEPS]
    if not drawing.pen_down:
        # The picture that was taken when the pen was lifted shows the same, and has been answered.
        image = drawing.image if drawing.image is not None and alike(drawing.image, image) else image
        drawing.image, drawing.awaited = image, False
    drawing.state = State(objects, image if objects else None)
    drawing.received, drawing.replacing = shown, False
    keep(drawing)


def undo(drawing: Drawing) -> None:
    if not drawing.past:
        return
    drawing.future.append(drawing.state)
    drawing.show(drawing.past.pop())
    keep(drawing)


def redo(drawing: Drawing) -> None:
    if not drawing.future:
        return
    drawing.remember()
    drawing.show(drawing.future.pop())
    keep(drawing)


def clear(drawing: Drawing) -> None:
    if drawing.objects:
        _replace(drawing, [])


def resize(drawing: Drawing, wide: bool) -> None:
    """Makes the canvas wide or square. All strokes stay on it: `fitting.py` says how. Undo does not change its size."""
    if drawing.wide != wide:
        drawing.wide = wide
        drawing.show(drawing.state)
        keep(drawing)


def try_example(drawing: Drawing) -> None:
    """Shows the next of the example drawings."""
    examples = load_strokes(EXAMPLE_DRAWINGS)
    example = examples[drawing.examples % len(examples)]
    drawing.examples += 1
    middle = np.array(((side(drawing.wide) - SIDE) / 2, 0))
    _replace(drawing, [to_object(stroke * SIDE + middle, INK, SHARPNESS * WIDTH) for stroke in example.strokes])


def _replace(drawing: Drawing, objects: Objects) -> None:
    """Shows other strokes, of which the canvas will send a picture."""
    drawing.remember()
    drawing.future.clear()
    drawing.show(State(objects, None))
    keep(drawing)
