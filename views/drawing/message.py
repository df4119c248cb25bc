"""What the canvas sends. It comes from a browser, so it may be anything: what is no drawing is left out as a whole."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

from views.drawing.fabric import Objects
from views.drawing.picture import SIZES, from_browser
from views.drawing.size import SIDE, WIDE_SIDE, header

MAX_PICTURE = 1_333_333  # characters of a data URL; that of a canvas full of scribbles has a fifth of that
# Of the picture: as the canvas shows it, or as it is read
ALL_SIZES = (*SIZES, header(SIDE, SIDE), header(WIDE_SIDE, SIDE))
MAX_STROKES, MAX_COMMANDS = 2_000, 20_000  # of a drawing: commands are the pieces of all its strokes
MAX_FIELDS, MAX_TEXT = 60, 100  # of a stroke, and characters of one of them
MAX_COORDINATE, MAX_WIDTH = 100_000, 1_000  # pixels of the canvas: far outside of it, and wider than it
MAX_COUNT = 2**31  # nobody draws for so long
COMMANDS = ("M", "L", "Q", "z", "Z")
NUMBERS = ("left", "top", "scaleX", "scaleY", "skewX", "skewY", "angle")


class Shows(NamedTuple):
    """What the canvas shows."""

    image: bytes
    """A PNG."""
    content: dict[str, Any]
    """As the canvas says it; `objects` are its strokes."""


def read_message(content: object, picture: object) -> Shows | None:
    """What a message says that the canvas shows: its content, and its picture as a data URL.

    None if it says nothing yet, or if it is not what our canvas sends.
    """
    if not isinstance(content, dict) or not _are_strokes(content.get("objects")):
        return None
    image = from_browser(picture, ALL_SIZES, MAX_PICTURE)
    return None if image is None else Shows(image, {"objects": content["objects"]})


def strokes_or_none(objects: object) -> Objects | None:
    """The objects, if they are strokes of a canvas."""
    return objects if _are_strokes(objects) else None  # pyright: ignore[reportReturnType]


def is_count(value: object) -> TypeGuard[int]:
    """Whether it is a number of a picture or of the use of a tool."""
    return type(value) is int and 0 <= value <= MAX_COUNT


def _are_strokes(objects: object) -> bool:
    if not isinstance(objects, list) or len(objects) > MAX_STROKES:
        return False
    paths = [each.get("path") if isinstance(each, Mapping) else None for each in objects]
    if sum(len(path) if isinstance(path, list) else MAX_COMMANDS + 1 for path in paths) > MAX_COMMANDS:
        return False
    return all(map(_is_stroke, objects))


def _is_stroke(stroke: Mapping[str, Any]) -> bool:
    path, width, places = stroke["path"], stroke.get("strokeWidth"), [stroke.get(name, 0) for name in NUMBERS]
    return (
        stroke.get("type") == "Path"
        and len(stroke) <= MAX_FIELDS
        and all(_is_small(value) for name, value in stroke.items() if name != "path")
        and _is_number(width, MAX_WIDTH, above=0)
        and all(_is_number(each, MAX_COORDINATE) for each in places)
        and any(len(command) > 2 for command in path if isinstance(command, list))
        and all(map(_is_command, path))
    )


def _is_command(command: object) -> bool:
    if not isinstance(command, list) or not 1 <= len(command) <= 5 or command[0] not in COMMANDS:
        return False
    numbers = command[1:]
    return len(numbers) in (0, 2, 4) and all(_is_number(each, MAX_COORDINATE) for each in numbers)


def _is_small(value: object) -> bool:
    """Whether it is one of the plain values that a stroke has besides its path."""
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    return value is None or isinstance(value, bool) or value == [] or _is_number(value, 1e12)


def _is_number(value: object, largest: float, above: float | None = None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= largest and (above is None or value > above)  # false for NaN
