"""Answers while the pen moves: a fragment of its own, which the browser reruns with one picture after the other.

sampler.js sends the next picture once the last one is answered, so it slows itself down when the server is busy.
"""

from collections.abc import Mapping

import streamlit as st

from model import BLANK, InputError, Reading
from views.drawing import answer, canvas
from views.drawing.fabric import to_strokes
from views.drawing.memory import Drawing, current_drawing
from views.drawing.pen import INK, SHARPNESS
from views.drawing.picture import from_browser, to_picture
from views.shared.loading import loaded_recognizer
from views.shared.reading import read_nothing, read_once


@st.fragment
def show_reading() -> None:
    """The answer to the drawing as it is now."""
    drawing = current_drawing()
    try:
        reading = _read(drawing)
    except InputError as error:
        with st.container(key="trouble"):
            st.error(str(error), icon=":material/error:")
        reading = BLANK
    answer.show_answer(reading, drawing.sample, on_sample=_take)


def _take() -> None:
    """The browser has sent a picture. It comes from a browser, so it may be anything."""
    sample, drawing = st.session_state[answer.KEY].get("sample"), current_drawing()
    if not isinstance(sample, Mapping):
        return
    canvas.receive_latest(drawing)  # if its message came together with this, only this fragment is run
    number, image = sample.get("number"), from_browser(sample.get("image"))
    if isinstance(number, int) and number > drawing.sample and image is not None:
        drawing.sample, drawing.image, drawing.pen_down = number, image, sample.get("pen") == "down"


def _read(drawing: Drawing) -> Reading | None:
    """The reading of the drawing as it is now; None while the network loads. Raises InputError if it cannot load."""
    recognizer, image = loaded_recognizer(), drawing.image
    if recognizer is None:
        return None
    if image is None:
        return read_nothing()
    # The strokes are those of the last message of the canvas; `read` uses them only where they make up the picture.
    return read_once(
        recognizer, image, lambda: recognizer.read(to_picture(image), to_strokes(drawing.objects, INK, 1 / SHARPNESS))
    )
