"""Answers while the pen moves: a fragment of its own, which the browser reruns with one picture after the other.

sampler.js sends the next picture once the last one is answered, so it slows itself down when the server is busy. It
also sends one if the answer does not say in time that it follows what is on the canvas.
"""

from collections.abc import Mapping

import streamlit as st

from model import BLANK, InputError, Reading
from model.preprocessing import CANVAS_SIZE, PenStroke, too_small
from views.drawing import answer, canvas, layers
from views.drawing.fabric import to_strokes
from views.drawing.memory import Drawing, current_drawing
from views.drawing.message import is_count
from views.drawing.pen import INK
from views.drawing.picture import alike, from_browser, to_picture
from views.drawing.size import SHARPNESS
from views.shared.hand import reader
from views.shared.notes import show_error
from views.shared.reading import read_nothing, read_once
from views.shared.turns import may_wait

may_wait(answer.KEY, "sample", lambda value: isinstance(value, Mapping) and value.get("pen") == "down")


@st.fragment
def show_reading() -> None:
    """The answer to the drawing as it is now."""
    drawing = current_drawing()
    try:
        reading = read(drawing)
    except InputError as error:
        with st.container(key="trouble"):
            show_error(str(error))
        reading = BLANK
    width = to_picture(drawing.image).shape[1] if drawing.image else CANVAS_SIZE
    follows = answer.Follows(drawing.sample, drawing.answered, not drawing.awaited)
    answer.show_answer(reading, follows, on_sample=_take, pen=_last_stroke(drawing), width=width)
    if not drawing.pen_down:
        layers.follow()


def _last_stroke(drawing: Drawing) -> tuple[float, float] | None:
    """The middle of the last stroke, x and y in pixels of the picture that is read; None if there is no stroke."""
    strokes = to_strokes(drawing.objects[-1:], INK, 1 / SHARPNESS)
    if not strokes:
        return None
    x, y = strokes[0].points.mean(axis=0)
    return float(x), float(y)


def _take() -> None:
    """The browser has sent a picture. It comes from a browser, so it may be anything."""
    sample, drawing = st.session_state[answer.KEY].get("sample"), current_drawing()
    if not isinstance(sample, Mapping):
        return
    number, used, image = sample.get("number"), sample.get("used"), from_browser(sample.get("image"))
    if not is_count(number) or not is_count(used) or number <= drawing.sample or image is None:
        canvas.receive_latest(drawing)
        return
    # On a busy server, a tool that was used after it may come first.
    current, down = used >= drawing.answered, sample.get("pen") == "down"
    if current and (down or drawing.image is None or not alike(drawing.image, image)):
        drawing.since = number
    if current and not down:  # what the canvas says of the same stroke is compared with it
        drawing.image, drawing.pen_down = image, False
    canvas.receive_latest(drawing)  # its message may have come together with this picture
    drawing.sample = number
    if current:
        drawing.image, drawing.pen_down, drawing.awaited = image, down, False


def read(drawing: Drawing) -> Reading | None:
    """The reading of the drawing as it is now; None while the network loads. Raises InputError if it cannot load."""
    network, image = reader(), drawing.image
    if network is None:
        return None
    if image is None:
        return read_nothing()

    def strokes() -> list[PenStroke]:
        """Those of the canvas' last message; `network.read` uses them only where they make up the picture."""
        return to_strokes(drawing.objects, INK, 1 / SHARPNESS) or []

    # Half a digit is often none, and there is no time to cut it while the pen moves.
    cut = not drawing.pen_down
    return read_once(
        network,
        (image, cut),
        lambda: network.read(to_picture(image), strokes(), cut),
        len(drawing.objects) if cut else 0,
        lambda known: not known.is_digit or not network.threshold or too_small(strokes()),
    )
