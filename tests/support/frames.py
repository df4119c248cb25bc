"""Digits as the canvas sends them, finished or not: as strokes and as pictures."""

import base64
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from model.preprocessing import CANVAS_SIZE, draw_strokes
from tests.support.digits import DIGITS

SIDE, PEN = 2 * CANVAS_SIZE, 20  # pixels of the canvas, and of the picture that is read


class Frame(NamedTuple):
    """A digit, or the beginning of one, as the canvas sends it."""

    objects: list[dict]
    small: str
    """The picture that is read, a data URL."""
    large: str
    """As the canvas shows it, a data URL."""


@lru_cache(maxsize=256)
def frame(digit, share=1.0):
    """The beginning of a digit: this share of its points. `None` is a blank canvas."""
    strokes = [] if digit is None else _beginning(DIGITS[digit], share)
    objects = [
        {
            "type": "Path",
            "path": [["M" if i == 0 else "L", *np.round(point * SIDE, 1).tolist()] for i, point in enumerate(stroke)],
            "stroke": "#ffffff",
            "strokeWidth": SIDE // CANVAS_SIZE * PEN,
            "fill": None,
        }
        for stroke in strokes
    ]
    small, large = (_data_url(draw_strokes(strokes, PEN * size / CANVAS_SIZE, size)) for size in (CANVAS_SIZE, SIDE))
    return Frame(objects, small, large)


def _beginning(strokes, share):
    left = max(2, round(share * sum(map(len, strokes))))
    begun = []
    for stroke in strokes:
        if left > 0:
            begun.append(stroke[:left])
        left -= len(stroke)
    return begun


def _data_url(picture):
    png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA))[1]
    return "data:image/png;base64," + base64.b64encode(png).decode()
