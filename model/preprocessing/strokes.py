"""Digits kept as pen strokes: the file format, and how strokes become a picture.

A stroke file is JSON, gzipped if its name ends in .gz: a list of
    {"digit": 0–9, "writer": a number, "strokes": [[[x, y], …], …]}
with x and y in fractions of the writing box, y downwards. `train.py --strokes PATH` trains on it. In every stroke file,
writers 25 to 30 are held out for validation.
"""

import gzip
import json
import os
import zlib
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from model.errors import InputError

CANVAS_SIZE = 280  # pixels a side of the page's canvas
PEN_WIDTHS = (8, 14, 20, 28)  # pixels: the pens that networks are validated with on strokes
VALIDATION_WRITERS = range(25, 31)
# Nobody draws that small with a wide pen: from this width on, a small digit is enlarged to this fraction of the canvas.
WIDE_PEN, MIN_SIZE_WITH_WIDE_PEN = 28, 0.4
MAX_OVERSHOOT = 1.0  # of the writing box: a point further outside is probably not in fractions of it
_SUBPIXEL_BITS = 4  # OpenCV draws from coordinates in sixteenths of a pixel


class StrokeDigit(NamedTuple):
    """One handwritten digit. Its strokes are float arrays (points, 2) of x, y, in fractions of the writing box."""

    digit: int
    writer: int
    strokes: list[np.ndarray]


class PenStroke(NamedTuple):
    """One stroke of a drawing: points, float (N, 2) of x, y, and the width of the pen, all in pixels of the picture."""

    points: np.ndarray
    width: float


def load_strokes(path: str | os.PathLike) -> list[StrokeDigit]:
    """All digits of a stroke file. Raises InputError if it cannot be read."""
    path = Path(path)
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            entries = json.load(file)
        digits = [
            StrokeDigit(
                int(entry["digit"]),
                int(entry["writer"]),
                [np.array(stroke, np.float64).reshape(-1, 2) for stroke in entry["strokes"] if stroke],
            )
            for entry in entries
        ]
    except FileNotFoundError:
        raise InputError(f"There is no stroke file at {path}: check the path.") from None
    except (OSError, EOFError, ValueError, TypeError, KeyError, OverflowError, RecursionError, zlib.error) as error:
        raise InputError(
            f"{path} is not a stroke file ({type(error).__name__}: {error}): it must be a JSON list of digits, each "
            f'{{"digit": 7, "writer": 1, "strokes": [[[x, y], …], …]}}.'
        ) from None
    for entry in digits:
        if not 0 <= entry.digit <= 9 or not entry.strokes or not all(np.isfinite(s).all() for s in entry.strokes):
            raise InputError(
                f"{path} holds an entry that is not a digit from 0 to 9 with strokes of finite numbers: correct it."
            )
        low, high = bounds(entry.strokes)
        if low.min() < -MAX_OVERSHOOT or high.max() > 1 + MAX_OVERSHOOT:
            raise InputError(
                f"{path} holds points far outside the writing box: x and y must be fractions of it, from 0 to 1."
            )
    if not digits:
        raise InputError(f"{path} holds no digits: give a file with at least one.")
    return digits


def draw_strokes(strokes: list[np.ndarray], width: float, size: int = CANVAS_SIZE) -> np.ndarray:
    """A drawing, uint8 (size, size), of strokes in fractions of its side: white on black, anti-aliased, round joins.

    `width` is that of the pen, in pixels.
    """
    picture = np.zeros((size, size), np.uint8)
    for stroke in strokes:
        points = np.rint(stroke * size * 2**_SUBPIXEL_BITS).astype(np.int32)
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        cv2.polylines(picture, [points], False, 255, max(1, round(width)), cv2.LINE_AA, _SUBPIXEL_BITS)
    return picture


def replay(strokes: list[np.ndarray], width: int) -> np.ndarray:
    """The strokes, drawn as on the page's canvas with a pen `width` pixels wide: uint8 (280, 280), white on black."""
    low, high = bounds(strokes)
    if width >= WIDE_PEN and (high - low).max() < MIN_SIZE_WITH_WIDE_PEN:
        strokes = enlarge(strokes, MIN_SIZE_WITH_WIDE_PEN, margin=width / CANVAS_SIZE / 2)
    return draw_strokes(strokes, width)


def bounds(strokes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest x, y of all strokes, each as float (2,)."""
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def enlarge(strokes: list[np.ndarray], longer_side: float, margin: float = 0.0) -> list[np.ndarray]:
    """The strokes scaled about their centre to a longer side, and moved inside the canvas with a margin.

    Everything is in fractions of the canvas.
    """
    low, high = bounds(strokes)
    scale = longer_side / max((high - low).max(), 1e-6)
    middle, room = (low + high) / 2, (high - low) * scale / 2 + margin
    inside = np.clip(middle, room, 1 - room) if (room <= 0.5).all() else np.full(2, 0.5)
    return [(stroke - middle) * scale + inside for stroke in strokes]
