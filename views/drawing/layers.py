"""The drawing's way through the network, below canvas and answer: the image, a few layers' maps, the ten outputs.

It follows the drawing without delaying an answer. The answer to a finished drawing is sent first, and the strip follows
in the rest of the same run. While the pen moves, an answer computes none of it: layers.js notices in the browser that
another picture has been read, and asks for an update of this fragment alone. Out of sight, it does not follow.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np
import streamlit as st

from model import BLANK, Reading, Recognizer
from model.analysis import Kernel, Stage, examine_kernel, find_stages, is_traced
from model.preprocessing import WHOLE, to_bytes
from views.shared.figures import to_png
from views.shared.open_tab import INSIDE, open_tab
from views.shared.reading import network_and_reading
from views.shared.reruns import run_along
from views.shared.state import session
from views.shared.style import script_element
from views.shared.turns import may_wait

KEY, FRAGMENT = "layers", "layer_fragment"

_layer_strip = script_element("layer_strip", "layers", "kernel_card", "report", style="layers")
_turns = count(1)  # so that the browser is told of each answer, even if it is the same again
may_wait(KEY, "asked")


@dataclass
class _Strip:
    """What this session's strip shows."""

    seen: tuple[Recognizer, Reading] | None = None
    content: dict[str, Any] | None = None
    """What was made of `seen`."""
    asked: bool = False
    """Whether this run is to look at the reading."""
    watched: bool = False
    """Whether it is in sight, as far as the browser has said."""
    pressed: dict[str, int] | None = None
    """The layer and the channel of a map that has just been pressed, and the number that the browser gave to that."""
    card: dict[str, Any] | None = None
    """The card of the map that was pressed last, until the strip shows another picture.

    It is sent with each run, because the browser hears nothing of one that is interrupted; layers.js opens it once.
    """


def follow() -> None:
    """Has the strip show the reading once this run has answered. The first update takes long: layers.js asks for it."""
    strip, now = session(_Strip), network_and_reading()
    if now is None or _same(strip.seen, now):
        return
    strip.asked = strip.watched and is_traced(now[0])
    # The browser notices another picture by itself, but not another answer to the same one.
    hidden = strip.seen is not None and np.array_equal(strip.seen[1].image, now[1].image)
    if strip.asked or hidden or not is_traced(now[0]):
        run_along(FRAGMENT)


@st.fragment(key=FRAGMENT)
def show_layers() -> None:
    """The strip. If nobody has asked for an update, it shows again what is known."""
    strip, now = session(_Strip), network_and_reading()
    asked, pressed = strip.asked, strip.pressed
    strip.asked, strip.pressed = False, None
    if asked and now is not None and not _same(strip.seen, now):
        strip.seen, strip.card = now, None
        strip.content = _look_at_nothing(now[0]) if now[1] is BLANK else _look(*now)
    if pressed is not None and strip.seen is not None:
        strip.card = _card(*strip.seen, **pressed)
    _layer_strip(
        data={
            "turn": next(_turns),
            "pending": now is not None and not _same(strip.seen, now),
            "traced": now is not None and is_traced(now[0]),  # if not, the next update takes a moment longer
            "follows": strip.watched,
            "content": strip.content,
            "card": strip.card,
        },
        key=KEY,
        on_asked_change=_note_asked,
        on_away_change=_note_away,
        on_opened_change=_note_opened,
        on_all_change=_show_all,
    )


def _same(one: tuple[Recognizer, Reading] | None, other: tuple[Recognizer, Reading]) -> bool:
    return one is not None and one[0] is other[0] and one[1] is other[1]


def _note_asked() -> None:
    strip = session(_Strip)
    strip.asked = strip.watched = True


def _note_away() -> None:
    session(_Strip).watched = False


def _note_opened() -> None:
    strip, pressed = session(_Strip), st.session_state[KEY].get("opened")
    strip.asked = True
    strip.pressed = None if pressed is None else {name: int(pressed[name]) for name in ("layer", "channel", "number")}


def _show_all() -> None:
    open_tab(INSIDE)
    st.rerun()


@lru_cache(maxsize=2)
def _look_at_nothing(recognizer: Recognizer) -> dict[str, Any]:
    """What the strip shows of a blank canvas: the same for everybody."""
    return _look(recognizer, BLANK)


def _look(recognizer: Recognizer, reading: Reading) -> dict[str, Any]:
    """What the strip shows of a reading."""
    stages = find_stages(recognizer, reading.image)
    blank = reading.steps is None
    sheet, tops = _sheet(to_bytes(reading.image), stages)
    return {
        "picture": to_png(reading.image * 255),  # as beside the answer: layers.js looks for it there
        "sheet": to_png(sheet),
        "stages": [_describe(stage, top) for stage, top in zip(stages, tops, strict=True)],
        "outputs": [0.0] * 10 if blank else [round(float(share), 4) for share in reading.probabilities],
        "highest": None if blank or not reading.is_digit else reading.digit,
        "place": list(WHOLE if reading.steps is None else reading.steps.place),
    }


def _sheet(image: np.ndarray, stages: Sequence[Stage]) -> tuple[np.ndarray, list[int]]:
    """The image and, below it, the maps of each stage side by side, as a uint8 picture; and where their rows start."""
    rows = [image, *(each.pictures.transpose(1, 0, 2).reshape(each.pictures.shape[1], -1) for each in stages)]
    ends = np.cumsum([len(each) for each in rows]).tolist()
    sheet = np.zeros((ends[-1], max(each.shape[1] for each in rows)), np.uint8)
    for end, each in zip(ends, rows, strict=True):
        sheet[end - len(each) : end, : each.shape[1]] = each
    return sheet, ends[:-1]


def _describe(stage: Stage, top: int) -> dict[str, Any]:
    *size, maps = stage.shape
    short, long = ("Conv", "convolution") if stage.convolution else ("Dense", "dense layer")
    return {
        "layer": stage.layer,
        "convolution": stage.convolution,
        "short": f"{short} {stage.number}",
        "long": f"{long} {stage.number}",
        "detail": f"{maps} maps of {'×'.join(map(str, size))}" if stage.convolution else f"{maps} neurons",
        "name": ", ".join((f"{stage.name}: {stage.kind}", *stage.through)),
        "channels": list(stage.channels),
        "top": top,
        "size": list(stage.pictures.shape[1:]),
        "box": list(stage.box),
    }


def _card(recognizer: Recognizer, reading: Reading, layer: int, channel: int, number: int) -> dict[str, Any] | None:
    kernel = examine_kernel(recognizer, reading.image, layer, channel)
    if kernel is None:
        return None
    plain: dict[str, Any] = {
        name: getattr(kernel, name)
        for name in ("name", "kind", "channel", "filters", "first_input", "bias", "strides", "dilation", "padding")
    }
    boxes = {name: list(getattr(kernel, name)) for name in ("box", "input_box", "map_box")}
    return {"number": number, "layer": layer, "through": list(kernel.through), **plain, **boxes, **_arrays(kernel)}


def _arrays(kernel: Kernel) -> dict[str, Any]:
    """The arrays of a kernel, each as its shape and its float32 values in base64, little-endian."""
    return {
        name: {
            "shape": list(values.shape),
            "values": base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii"),
        }
        for name in ("inputs", "weights", "values", "map")
        for values in [getattr(kernel, name)]
    }
