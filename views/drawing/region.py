"""The region where people draw: the canvas with its tools, and the answer beside it."""

import streamlit as st

from model import BLANK, InputError, Reading
from model.preprocessing import decode_picture
from views.drawing.answer import show_answer
from views.drawing.canvas import show_canvas, try_example
from views.drawing.fabric import to_strokes
from views.drawing.memory import Drawing, current_drawing
from views.drawing.pen import INK
from views.drawing.tools import show_tools
from views.shared.loading import loaded_recognizer
from views.shared.reading import read_once


@st.fragment
def render() -> None:
    """The whole region. A stroke reruns this part of the page and no other."""
    drawing = current_drawing()
    left, right = st.columns(2, gap="large")
    with left:
        show_canvas(drawing)
    with right:  # before the tools, since the answer is what people wait for
        try:
            reading = _read(drawing)
        except InputError as error:
            st.error(str(error), icon=":material/error:")
            reading = BLANK
        show_answer(reading, lambda: try_example(drawing))
    with left:
        show_tools(drawing)


def _read(drawing: Drawing) -> Reading | None:
    """The reading of the drawing as it is now; None while the network loads. Raises InputError if it cannot load."""
    recognizer, image = loaded_recognizer(), drawing.image
    if recognizer is None:
        return None
    if image is None:
        return BLANK
    strokes = drawing.objects
    return read_once(recognizer, image, lambda: recognizer.read(decode_picture(image), to_strokes(strokes, INK)))
