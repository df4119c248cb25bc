"""Drawings as files: the project's stroke file, which can be drawn again, and images as MNIST keeps them."""

import io
import json
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from model.data import every_fifth, parse_npz, prepare_all
from model.drawings.kept import PRECISION, KeptDrawing
from model.errors import InputError
from model.preprocessing import (
    CANVAS_SIZE,
    MAX_OVERSHOOT,
    MAX_PEN_WIDTH,
    USUAL_PEN,
    PenStroke,
    StrokeDigit,
    decode_picture,
    draw_with_pens,
    flatten,
    parse_strokes,
    redraw,
)

Imported = tuple[int, list | None, bytes]  # a digit, its strokes as of a KeptDrawing, and a PNG

ZIP = b"PK"  # how an .npz begins
MAX_UNPACKED = 50_000_000  # bytes: MNIST has 55 million, and is no hand's
MAX_IMPORTED = 10_000  # digits of one file: more than anybody draws


def export_strokes(drawings: Sequence[KeptDrawing], writer: int = 1) -> bytes:
    """A stroke file (JSON) of the drawings whose strokes are known. Raises InputError if those of none are.

    `writer` is the number that the file gives to whoever drew them.
    """
    entries = [
        {
            "digit": drawing.digit,
            "writer": writer,
            "strokes": [  # which go on outside of the canvas, but in a file not far
                np.clip(stroke["points"], -MAX_OVERSHOOT, 1 + MAX_OVERSHOOT).round(PRECISION).tolist()
                for stroke in drawing.strokes
            ],
            "widths": [min(stroke["width"], MAX_PEN_WIDTH) for stroke in drawing.strokes],
        }
        for drawing in drawings
        if drawing.strokes
    ]
    if not entries:
        raise InputError("The strokes of these drawings are not known: export them as images.")
    return json.dumps(entries, separators=(",", ":")).encode()


def export_images(drawings: Sequence[KeptDrawing]) -> bytes:
    """An .npz laid out like Keras's mnist.npz, of the drawings as a network sees them; every fifth is to test on.

    Raises InputError if there is no ink on any of them.
    """
    images = prepare_all((picture_of(drawing), drawing.digit or 0) for drawing in drawings)
    if not len(images.labels):
        raise InputError("There is nothing on these drawings: export others.")
    testing = every_fifth(len(images.labels))
    file = io.BytesIO()
    np.savez_compressed(
        file,
        x_train=images.images[~testing],
        y_train=images.labels[~testing],
        x_test=images.images[testing],
        y_test=images.labels[testing],
    )
    return file.getvalue()


def picture_of(drawing: KeptDrawing) -> np.ndarray:
    """What a network is to read, uint8: the picture, or the strokes drawn larger if the digit is too small for its pen.

    Raises InputError if the picture is damaged.
    """
    return redraw(flatten(decode_picture(drawing.png)), [_pen_stroke(stroke) for stroke in drawing.strokes or ()])


def import_file(name: str, data: bytes) -> list[Imported]:
    """The digits in the content of a file of either kind, whatever its name, which is told in errors.

    Raises InputError if any of it cannot be kept.
    """
    return _import_images(name, data) if data.startswith(ZIP) else _import_strokes(name, data)


def _import_strokes(name: str, data: bytes) -> list[Imported]:
    digits = parse_strokes(data, name, MAX_UNPACKED)
    _check_count(name, len(digits))
    return [(each.digit, *_drawn(name, each)) for each in digits]


def _drawn(name: str, digit: StrokeDigit) -> tuple[list, bytes]:
    """The strokes of a digit, as they are kept, and a PNG of them."""
    widths = digit.widths or [USUAL_PEN / CANVAS_SIZE] * len(digit.strokes)
    strokes = [
        {"points": points.round(PRECISION).tolist(), "width": width}
        for points, width in zip(digit.strokes, widths, strict=True)
    ]
    picture = draw_with_pens([_pen_stroke(stroke) for stroke in strokes])
    if not picture.any():
        raise InputError(f"{name} holds a {digit.digit} outside of the writing box: correct it.")
    return strokes, _to_png(picture)


def _import_images(name: str, data: bytes) -> list[Imported]:
    images, labels = parse_npz(data, name, MAX_UNPACKED)
    _check_count(name, len(labels))
    if not images.any(axis=(1, 2)).all():
        raise InputError(f"{name} holds an image with nothing on it: correct it.")
    side = (CANVAS_SIZE, CANVAS_SIZE)
    enlarged = (cv2.resize(image, side, interpolation=cv2.INTER_NEAREST) for image in images)
    return [(int(label), None, _to_png(picture)) for picture, label in zip(enlarged, labels, strict=True)]


def _check_count(name: str, count: int) -> None:
    if count > MAX_IMPORTED:
        raise InputError(f"{name} holds {count:,} digits: divide it into files of at most {MAX_IMPORTED:,}.")


def _pen_stroke(stroke: dict[str, Any]) -> PenStroke:
    return PenStroke(np.array(stroke["points"]) * CANVAS_SIZE, stroke["width"] * CANVAS_SIZE)


def _to_png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()
