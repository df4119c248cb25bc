"""Turns a picture or strokes into the 28×28 image that a network reads."""

from model.preprocessing.ink import check_picture, find_ink, flatten
from model.preprocessing.pictures import FORMATS, MAX_BYTES, MAX_PIXELS, decode_picture, open_picture
from model.preprocessing.pipeline import Steps, prepare, prepare_in_steps, to_bytes
from model.preprocessing.redrawing import redraw, window
from model.preprocessing.segmentation import segment
from model.preprocessing.sizes import DIGIT_SIZE, SIZE, WHOLE, Box, shrink_to
from model.preprocessing.strokes import (
    CANVAS_SIZE,
    PEN_WIDTHS,
    SUBPIXEL_BITS,
    VALIDATION_WRITERS,
    PenStroke,
    StrokeDigit,
    StrokeSymbol,
    bounds,
    decides,
    draw_strokes,
    enlarge,
    load_strokes,
    load_symbols,
    replay,
)
from model.preprocessing.thickness import measure_thickness

__all__ = [
    "CANVAS_SIZE",
    "DIGIT_SIZE",
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "PEN_WIDTHS",
    "SIZE",
    "SUBPIXEL_BITS",
    "VALIDATION_WRITERS",
    "WHOLE",
    "Box",
    "PenStroke",
    "Steps",
    "StrokeDigit",
    "StrokeSymbol",
    "bounds",
    "check_picture",
    "decides",
    "decode_picture",
    "draw_strokes",
    "enlarge",
    "find_ink",
    "flatten",
    "load_strokes",
    "load_symbols",
    "measure_thickness",
    "open_picture",
    "prepare",
    "prepare_in_steps",
    "redraw",
    "replay",
    "segment",
    "shrink_to",
    "to_bytes",
    "window",
]
