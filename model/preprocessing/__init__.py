"""Turns a picture or strokes into the 28×28 image that a network reads."""

from model.preprocessing.extraction import Extraction, extract
from model.preprocessing.ink import check_picture, difference, find_ink, flatten, ink_of_drawing, the_border
from model.preprocessing.parts import find_parts
from model.preprocessing.pictures import FORMATS, MAX_BYTES, MAX_PIXELS, decode_picture, open_picture
from model.preprocessing.pipeline import STEPS, Steps, prepare, prepare_in_steps, prepare_ink, to_bytes
from model.preprocessing.redrawing import agree, redraw, thinner, window
from model.preprocessing.regions import is_empty_frame
from model.preprocessing.sizes import DIGIT_SIZE, MAX_AREA, SIZE, WHOLE, Box, shrink_to
from model.preprocessing.strokes import (
    CANVAS_SIZE,
    MAX_OVERSHOOT,
    MAX_PEN_WIDTH,
    PEN_WIDTHS,
    SUBPIXEL_BITS,
    VALIDATION_WRITERS,
    PenStroke,
    StrokeDigit,
    StrokeSymbol,
    bounds,
    decides,
    draw_strokes,
    draw_with_pens,
    enlarge,
    load_strokes,
    load_symbols,
    parse_strokes,
    replay,
)
from model.preprocessing.thickness import measure_thickness

__all__ = [
    "CANVAS_SIZE",
    "DIGIT_SIZE",
    "FORMATS",
    "MAX_AREA",
    "MAX_BYTES",
    "MAX_OVERSHOOT",
    "MAX_PEN_WIDTH",
    "MAX_PIXELS",
    "PEN_WIDTHS",
    "SIZE",
    "STEPS",
    "SUBPIXEL_BITS",
    "VALIDATION_WRITERS",
    "WHOLE",
    "Box",
    "Extraction",
    "PenStroke",
    "Steps",
    "StrokeDigit",
    "StrokeSymbol",
    "agree",
    "bounds",
    "check_picture",
    "decides",
    "decode_picture",
    "difference",
    "draw_strokes",
    "draw_with_pens",
    "enlarge",
    "extract",
    "find_ink",
    "find_parts",
    "flatten",
    "ink_of_drawing",
    "is_empty_frame",
    "load_strokes",
    "load_symbols",
    "measure_thickness",
    "open_picture",
    "parse_strokes",
    "prepare",
    "prepare_in_steps",
    "prepare_ink",
    "redraw",
    "replay",
    "shrink_to",
    "the_border",
    "thinner",
    "to_bytes",
    "window",
]
