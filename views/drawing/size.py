"""The two sizes of the canvas: square for a digit, wide for a number. They are equally high."""

from model.preprocessing import CANVAS_SIZE

SHARPNESS = 2  # pixels of the canvas for each that is read, so that it looks sharp
SIDE = SHARPNESS * CANVAS_SIZE  # pixels of the canvas: its height; how large it looks is up to the style sheet
WIDE_SIZE = 5 * CANVAS_SIZE // 2  # pixels that are read: the width of a wide canvas, in which "2026" has room
WIDE_SIDE = SHARPNESS * WIDE_SIZE


def side(wide: bool) -> int:
    """How wide the canvas is, in its pixels."""
    return WIDE_SIDE if wide else SIDE


def is_wide(png: bytes) -> bool:
    """Whether a PNG shows a wide canvas, by its header."""
    return png[16:20] != png[20:24]


def header(width: int, height: int) -> bytes:
    """How a PNG's header says its size, in its bytes 16 to 24."""
    return width.to_bytes(4, "big") + height.to_bytes(4, "big")
