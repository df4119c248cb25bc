"""The canvas with its tools, and the answer beside it."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from model import InputError, Reading, Recognizer
from model.preprocessing.pictures import decode_picture
from model.recognizer import BLANK
from model.preprocessing.strokes import CANVAS, load_strokes
from views import ROOT
from views.drawing import answer
from views.drawing.fabric import Objects, to_object, to_strokes
from views.shared.loading import reader
from views.shared.style import keep_toolbar_above

INK, GROUND = "#ffffff", "#000000"  # the eraser is a pen with the colour of the ground
PEN_WIDTH, THINNEST_PEN, THICKEST_PEN = 20, 4, 40
UNDO_STEPS = 50
KEPT_DRAWINGS = 100  # of all visitors, for reloads of the page; the oldest go first
EXAMPLES = ROOT / "assets" / "examples.json"


@dataclass
class Drawing:
    """One person's drawing. Kept on the server, so that it outlives a reload of the page."""

    objects: Objects = field(default_factory=list)
    image: bytes | None = None  # PNG, as the canvas drew it
    past: list[Objects] = field(default_factory=list)  # for undo, the latest last
    future: list[Objects] = field(default_factory=list)  # for redo, the next last
    sent: dict[str, Any] | None = None  # what the canvas was last told to show
    received: dict[str, Any] | None = None  # what it last said that it shows
    replacing: bool = False  # whether it was told to show something and has not said yet that it does
    on_page: bool = False  # whether the canvas of this session was ever asked what it shows
    examples: int = 0  # how many were shown
    read: tuple[Recognizer, bytes, Reading] | None = None  # the last reading, of which image and by whom

    @property
    def reading(self) -> Reading:
        """The last one."""
        return BLANK if self.read is None else self.read[2]


@st.cache_resource(show_spinner=False)
def _kept_drawings() -> tuple["OrderedDict[str, Drawing]", Lock]:
    return OrderedDict(), Lock()


_revisions = count(1)


@st.fragment
def render() -> None:
    """The canvas and the answer. A stroke runs this part of the page again, and no other."""
    drawing = _current_drawing()
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(key="canvas"):
            result = st_canvas(
                stroke_width=st.session_state.get("pen_width", PEN_WIDTH),
                stroke_color=GROUND if st.session_state.get("eraser") else INK,
                background_color=GROUND,
                width=CANVAS,
                height=CANVAS,
                initial_drawing=drawing.sent,
                return_image_data=True,
                key="drawing",
            )
            keep_toolbar_above(key="toolbar")
        _take_back(drawing, result)
        _receive(drawing, result)
    with right:  # before the tools, since the answer is what somebody waits for
        try:
            reading = _read(drawing)
        except InputError as error:
            st.error(str(error), icon=":material/error:")
            reading = BLANK
        answer.render(reading, lambda: _try_example(drawing))
    with left:
        _show_tools(drawing)


def _current_drawing() -> Drawing:
    """The drawing of this session: a new one, or after a reload the one that the page's address names."""
    if "drawing_kept" not in st.session_state:
        drawings, lock = _kept_drawings()
        token = st.query_params.get("drawing")
        with lock:
            kept = drawings.get(token)
        st.session_state.drawing_lost = token is not None and kept is None
        st.session_state.drawing_kept = Drawing() if kept is None else _restored(kept)
        st.query_params.pop("drawing", None)
        if kept is not None:
            _keep(st.session_state.drawing_kept)
    return st.session_state.drawing_kept


def _restored(kept: Drawing) -> Drawing:
    """A drawing of its own for this tab: the address may be open in another one."""
    drawing = Drawing(kept.objects, kept.image, list(kept.past), list(kept.future), examples=kept.examples)
    drawing.sent = _to_send(drawing.objects)
    return drawing


def _keep(drawing: Drawing) -> None:
    """Lets a reload of the page find the drawing again."""
    drawings, lock = _kept_drawings()
    token = st.query_params.get("drawing")
    if token is None:
        token = st.query_params["drawing"] = secrets.token_urlsafe(9)
    with lock:
        drawings[token] = drawing
        drawings.move_to_end(token)
        while len(drawings) > KEPT_DRAWINGS:
            drawings.popitem(last=False)


def _take_back(drawing: Drawing, result: CanvasResult) -> None:
    """Keeps what is on a canvas that is older than this session: its page was not reloaded, but its server was.

    Such a canvas would follow the new session, in which nothing is drawn yet, so it is told to show what it shows.
    """
    first, drawing.on_page = not drawing.on_page, True
    if first and result.image_bytes is not None and result.json_data["objects"]:
        drawing.image, drawing.received = result.image_bytes, result.json_data
        _show(drawing, result.json_data["objects"])
        st.session_state.drawing_lost = False
        _keep(drawing)
        st.rerun()


def _receive(drawing: Drawing, result: CanvasResult) -> None:
    """Takes over what the canvas shows, if it says something new."""
    if result.image_bytes is None:
        return
    if result.json_data == drawing.received:
        drawing.replacing = drawing.replacing and result.json_data["objects"] != drawing.objects
        return
    objects, known = list(result.json_data["objects"]), drawing.objects
    for place, (new, old) in enumerate(zip(objects, known, strict=False)):
        if new == old:
            objects[place] = old  # kept once, however many states for undo hold it
    if not drawing.replacing or len(objects) > len(drawing.objects):  # a stroke may come with what it was told to show
        _remember(drawing)
        drawing.future.clear()
    drawing.objects, drawing.image = objects, result.image_bytes
    drawing.received, drawing.replacing = result.json_data, False
    st.session_state.drawing_lost = False
    _keep(drawing)


def _remember(drawing: Drawing) -> None:
    """Makes the present state one that undo comes back to."""
    drawing.past.append(drawing.objects)
    del drawing.past[:-UNDO_STEPS]


def _show(drawing: Drawing, objects: Objects) -> None:
    """Has the canvas show other strokes; it then sends the picture of them."""
    drawing.objects, drawing.sent, drawing.replacing = objects, _to_send(objects), True


def _to_send(objects: Objects) -> dict[str, Any]:
    """What the canvas is to show. It ignores what it was sent the last time, so each time differs by a number."""
    return {"objects": objects, "revision": next(_revisions)}


def _undo(drawing: Drawing) -> None:
    if not drawing.past:  # pressed twice, before the page could say so
        return
    drawing.future.append(drawing.objects)
    _show(drawing, drawing.past.pop())


def _redo(drawing: Drawing) -> None:
    if not drawing.future:
        return
    _remember(drawing)
    _show(drawing, drawing.future.pop())


def _clear(drawing: Drawing) -> None:
    _remember(drawing)
    drawing.future.clear()
    _show(drawing, [])


def _try_example(drawing: Drawing) -> None:
    examples = load_strokes(EXAMPLES)
    example = examples[drawing.examples % len(examples)]
    drawing.examples += 1
    _remember(drawing)
    drawing.future.clear()
    _show(drawing, [to_object(stroke * CANVAS, INK, PEN_WIDTH) for stroke in example.strokes])


def _show_tools(drawing: Drawing) -> None:
    with st.container(key="tools"):
        with st.container(horizontal=True, gap="small"):
            for key, icon, action, usable in (
                ("undo", "undo", _undo, bool(drawing.past)),
                ("redo", "redo", _redo, bool(drawing.future)),
                ("clear", "delete", _clear, bool(drawing.objects)),
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
            st.slider("Pen width", THINNEST_PEN, THICKEST_PEN, PEN_WIDTH, key="pen_width", format="%d px")
            st.toggle("Eraser", key="eraser")
        if st.session_state.drawing_lost:
            st.caption("The drawing from before the reload was lost, because the server no longer has it.")


def _read(drawing: Drawing) -> Reading | None:
    """The reading of the drawing as it is now; None while the network loads. Raises InputError if it cannot load."""
    recognizer, image = reader(), drawing.image
    if recognizer is None:
        return None
    if image is None:
        return BLANK
    known = drawing.read
    if known is None or known[:2] != (recognizer, image):
        known = recognizer, image, recognizer.read(decode_picture(image), to_strokes(drawing.objects, INK))
        drawing.read = known  # at once: another run of the page may take over before this one is through
    return known[2]
