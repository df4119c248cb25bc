"""Digits and symbols kept as pen strokes: the file format, who decides, and how strokes become a picture.

A stroke file is JSON, which may be gzipped: a list of
    {"digit": 0–9, "writer": a number, "strokes": [[[x, y], …], …], "source": "optional, where it comes from"}
with x and y in fractions of the writing box, y downwards. An entry may also have "widths", that of the pen for each
stroke, in the same fractions. `train.py --strokes PATH` trains on it. A file of non-digits has "label" or "symbol", a
text, instead of the digit, and may say "looks_like_a_digit": true of an o or an l.

Nobody who decides is trained on: `decides` says whose digits and symbols are held out for validation.
"""

import gzip
import io
import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import cv2
import numpy as np

from model.errors import InputError
from model.files import read_file

CANVAS_SIZE = 280  # pixels a side of the page's canvas
USUAL_PEN = 14  # pixels: the pen for strokes that come without widths
PEN_WIDTHS = (8, USUAL_PEN, 20, 28)  # pixels: the pens that networks are validated with on strokes
# Who decides: these writers of a file that names no sources; every fifth writer of one that does
VALIDATION_WRITERS = range(25, 31)
EVERY_WRITER = 5
JUDGES_NOTHING = ("niemenjoki",)  # sources cleaned with the help of a network that was trained on them
DECIDING_SYMBOLS = ("omniglot",)  # scripts that no network has seen
# Nobody draws that small with a wide pen: from this width on, a small digit is enlarged to this fraction of the canvas.
WIDE_PEN, MIN_SIZE_WITH_WIDE_PEN = 28, 0.4
GZIPPED = b"\x1f\x8b"  # how such a file begins
MAX_UNPACKED = 200_000_000  # bytes of a file that somebody names; the largest that there is has 31 million
MAX_PEN_WIDTH = 1.0  # of the writing box: of a pen
MAX_OVERSHOOT = 1.0  # of the writing box: a point further outside is probably not in fractions of it
SUBPIXEL_BITS = 4  # OpenCV draws from coordinates in sixteenths of a pixel


class StrokeDigit(NamedTuple):
    """One handwritten digit. Its strokes are float arrays (points, 2) of x, y, in fractions of the writing box."""

    digit: int
    writer: int
    strokes: list[np.ndarray]
    source: str = ""  # empty if the file names none
    widths: tuple[float, ...] = ()  # of the pen, one for each stroke; empty if the file names none

    @property
    def decides(self) -> bool:
        """Whether it is held out for validation."""
        return decides(self.writer, self.source)


class StrokeSymbol(NamedTuple):
    """One handwritten letter, symbol or small drawing that nobody takes for a digit."""

    label: str
    writer: int
    strokes: list[np.ndarray]
    source: str = ""

    @property
    def decides(self) -> bool:
        """Whether it is held out for validation."""
        return self.source in DECIDING_SYMBOLS


Entry = TypeVar("Entry", StrokeDigit, StrokeSymbol)


class PenStroke(NamedTuple):
    """One stroke of a drawing: points, float (N, 2) of x, y, and the width of the pen, all in pixels of the picture."""

    points: np.ndarray
    width: float


def decides(writer: int, source: str = "") -> bool:
    """Whether a writer of digits is held out for validation, and never trained on."""
    if not source:
        return writer in VALIDATION_WRITERS
    return writer % EVERY_WRITER == 0 and source not in JUDGES_NOTHING


def load_strokes(path: str | os.PathLike) -> list[StrokeDigit]:
    """All digits of a stroke file. Raises InputError if it cannot be read."""
    return parse_strokes(_read(path, "stroke file"), str(path))


def parse_strokes(data: bytes, name: str, max_bytes: int = MAX_UNPACKED) -> list[StrokeDigit]:
    """All digits in the content of a stroke file, of which no more than `max_bytes` is unpacked.

    Raises InputError, with the name, if it cannot be read.
    """
    digits = _parse(data, name, max_bytes, "stroke file", '"digit": 7', _digit)
    if not all(0 <= each.digit <= 9 for each in digits):
        raise InputError(f"{name} holds an entry that is not a digit from 0 to 9: correct it.")
    if not all(len(each.widths) in (0, len(each.strokes)) for each in digits):
        raise InputError(f"{name} holds an entry without one width for each of its strokes: correct it.")
    if not all(0 < width <= MAX_PEN_WIDTH for each in digits for width in each.widths):
        raise InputError(f"{name} holds a pen whose width is not a fraction of the writing box: correct it.")
    if not digits:
        raise InputError(f"{name} holds no digits: give a file with at least one.")
    return digits


def load_symbols(path: str | os.PathLike) -> list[StrokeSymbol]:
    """The symbols of a file of non-digits, without those that look like a digit. Raises InputError if it has none."""
    data = _read(path, "file of non-digits")
    symbols = _parse(data, str(path), MAX_UNPACKED, "file of non-digits", '"label": "a"', _symbol)
    if not symbols:
        raise InputError(f"{path} holds no non-digits: give a file with at least one that does not look like a digit.")
    return symbols


def _digit(entry: dict, *rest: Any) -> StrokeDigit:  # noqa: ANN401 - as in the tuple
    widths = tuple(float(width) for width in entry.get("widths") or ())
    return StrokeDigit(int(entry["digit"]), *rest, widths=widths)


def _symbol(entry: dict, *rest: Any) -> StrokeSymbol | None:  # noqa: ANN401 - as in the tuple
    if entry.get("looks_like_a_digit"):
        return None
    return StrokeSymbol(str(entry["symbol"] if "symbol" in entry else entry["label"]), *rest)


def _read(path: str | os.PathLike, kind: str) -> bytes:
    try:
        return read_file(Path(path), MAX_UNPACKED)
    except FileNotFoundError:
        raise InputError(f"There is no {kind} at {path}: check the path.") from None
    except OSError as error:
        raise InputError(f"The {kind} {path} cannot be read ({error.strerror or error}): check the path.") from None


def _unpack(data: bytes, name: str, max_bytes: int) -> bytes:
    """The data itself or, if it is gzipped, what it holds; never more of it than is asked for."""
    if data.startswith(GZIPPED):
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError(f"{name} holds more than {max_bytes // 1_000_000} MB: divide it into smaller files.")
    return data


def _parse(
    data: bytes, name: str, max_bytes: int, kind: str, first: str, make: Callable[..., Entry | None]
) -> list[Entry]:
    """What `make` makes of each entry of a file and of its writer, strokes and source."""
    try:
        content = json.loads(_unpack(data, name, max_bytes))
        made = [
            make(
                entry,
                int(entry["writer"]),
                [np.array(stroke, np.float64).reshape(-1, 2) for stroke in entry["strokes"] if stroke],
                str(entry.get("source") or ""),
            )
            for entry in content
        ]
    except InputError:
        raise
    except (
        OSError,
        EOFError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
        zlib.error,
    ) as error:
        raise InputError(
            f"{name} is not a {kind} ({type(error).__name__}: {error}): it must be a JSON list, each entry "
            f'{{{first}, "writer": 1, "strokes": [[[x, y], …], …]}}.'
        ) from None
    entries = [each for each in made if each is not None]
    for entry in entries:
        if not entry.strokes or not all(np.isfinite(stroke).all() for stroke in entry.strokes):
            raise InputError(f"{name} holds an entry without strokes of finite numbers: correct it.")
        low, high = bounds(entry.strokes)
        if low.min() < -MAX_OVERSHOOT or high.max() > 1 + MAX_OVERSHOOT:
            raise InputError(
                f"{name} holds points far outside the writing box: x and y must be fractions of it, from 0 to 1."
            )
    return entries


def draw_strokes(strokes: list[np.ndarray], width: float, size: int = CANVAS_SIZE) -> np.ndarray:
    """A drawing, uint8 (size, size), of strokes in fractions of its side: white on black, anti-aliased, round joins.

    `width` is that of the pen, in pixels.
    """
    picture = np.zeros((size, size), np.uint8)
    for stroke in strokes:
        points = np.rint(stroke * size * 2**SUBPIXEL_BITS).astype(np.int32)
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        cv2.polylines(picture, [points], False, 255, max(1, round(width)), cv2.LINE_AA, SUBPIXEL_BITS)
    return picture


def draw_with_pens(strokes: list[PenStroke], size: int = CANVAS_SIZE) -> np.ndarray:
    """A drawing, uint8 (size, size), of strokes in its pixels, each as wide as its pen."""
    drawn = [draw_strokes([stroke.points / size], stroke.width, size) for stroke in strokes]
    return np.max(drawn, axis=0)


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
