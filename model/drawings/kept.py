"""A drawing that is kept, and what may be kept."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from model.errors import InputError

MAX_NAME = 64  # characters of the name of a hand or a page
# What a hand may hold on a page that is open to others. A drawing takes 3 to 10 kB.
MAX_DRAWINGS, MAX_BYTES = 1_000, 20_000_000
MAX_DRAWING_BYTES = 1_000_000  # of one drawing: picture and strokes; a canvas full of scribbles has half of that
PRECISION = 4  # decimals of a stroke's coordinates: a thirtieth of a pixel of the canvas


class Answered(NamedTuple):
    """What was answered when the drawing was kept."""

    digit: int
    probability: float  # 0–1
    network: str  # which answered: the name of its run, or that of the built-in network


class Json(NamedTuple):
    """Strokes that are JSON already, to be counted and written: making it takes as long as writing all the rest."""

    text: str


@dataclass(frozen=True)
class KeptDrawing:
    """One row of the table of drawings."""

    id: str
    """Of this drawing alone; the name of the page, if it is the drawing on a canvas."""
    hand: str
    """Under which name it is kept; empty for a drawing on a canvas."""
    digit: int | None
    """Which digit it is; None for a drawing on a canvas."""
    strokes: list | None
    """Each {"points": [[x, y], …], "width": w}, in fractions of the canvas; None if they do not make up the picture.

    Of a drawing on a canvas, the canvas's own objects.
    """
    png: bytes
    """The picture, which is what is read."""
    answered: Answered | None
    """What was answered, if anybody was asked."""
    kept: datetime
    """When it was kept, in UTC."""


def is_name(name: object) -> bool:
    """Whether it can be the name of a hand or a page: a text that every database takes."""
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME and name.isprintable() and not name.isspace()


def check_name(name: str, what: str = "hand") -> str:
    """The name of a hand or a page, if it can be one. Raises InputError."""
    if not is_name(name):
        raise InputError(f"This cannot be the name of a {what}: give 1 to {MAX_NAME} letters, digits or other signs.")
    return name


def check_digit(digit: object) -> int:
    """The label of a drawing, if it is a digit. Raises InputError."""
    if not isinstance(digit, int) or isinstance(digit, bool) or not 0 <= digit <= 9:
        raise InputError("A drawing can only be kept as a digit from 0 to 9: choose one.")
    return digit


def check_strokes(strokes: Any) -> list[dict[str, Any]] | None:  # noqa: ANN401 - whatever a browser has sent
    """The strokes of a drawing in their shortest form; None if there are none. Raises InputError if they are none."""
    if not strokes:
        return None
    try:
        checked = [
            {"points": [[_number(x), _number(y)] for x, y in stroke["points"]], "width": _number(stroke["width"])}
            for stroke in strokes
        ]
    except (TypeError, ValueError, KeyError, OverflowError):
        raise InputError("These are not the strokes of a drawing: draw it again.") from None
    if not all(stroke["points"] and stroke["width"] > 0 for stroke in checked):
        raise InputError("A stroke of this drawing has no points or no width: draw it again.")
    return checked


def written(strokes: object) -> Json:
    """The strokes as they are written into the database. Raises InputError if they cannot be."""
    try:
        return Json(to_json(strokes))
    except (TypeError, ValueError, RecursionError):
        raise InputError("These are not the strokes of a drawing: draw it again.") from None


def check_size(strokes: Json, png: bytes) -> int:
    """How many bytes a drawing takes. Raises InputError if that is too many."""
    size = len(png) + len(strokes.text)
    if size > MAX_DRAWING_BYTES:
        raise InputError(
            f"This drawing is too large to be kept ({size:,} bytes): clear the canvas and draw it simpler."
        )
    return size


def to_json(content: object) -> str:
    """The shortest JSON of it. Raises ValueError or TypeError if it has none that every database takes."""
    if isinstance(content, Json):
        return content.text
    return json.dumps(content, allow_nan=False, separators=(",", ":"))


def _number(value: Any) -> float:  # noqa: ANN401 - whatever a browser has sent
    number = round(float(value), PRECISION)
    if not math.isfinite(number):
        raise ValueError
    return number
