"""The picture of a drawing: as the canvas sends it, and as it is read."""

import base64
import binascii
from collections.abc import Container
from functools import lru_cache

import cv2
import numpy as np

from model import InputError
from model.preprocessing import CANVAS_SIZE, decode_picture, flatten
from views.drawing.fitting import Fit
from views.drawing.size import SHARPNESS, WIDE_SIZE, header, is_wide

PREFIX = "data:image/png;base64,"
SIZES = header(CANVAS_SIZE, CANVAS_SIZE), header(WIDE_SIZE, CANVAS_SIZE)  # in which the canvas is read
MAX_SAMPLE = 200_000  # characters; a picture full of strokes has a tenth of that
BEGINNING = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"  # of a PNG; the width and the height follow
# The end of a stroke is not settled to the pixel when the pen is lifted: some 3 % of a digit's ink changes after that,
# and more of a short stroke's.
MAX_DIFFERENT = 0.15  # of the ink
DIFFERENT = 100  # grey levels


@lru_cache(maxsize=64)
def to_picture(png: bytes) -> np.ndarray:
    """A PNG of the canvas at the size that is read: uint8 (280, 280), or (280, 700) of a wide one, white on black.

    Raises InputError if it is no picture.
    """
    grey = flatten(decode_picture(png))
    if grey.ndim == 3:
        grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)
    size = WIDE_SIZE if is_wide(png) else CANVAS_SIZE, CANVAS_SIZE
    if grey.shape[::-1] != size:
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    grey.setflags(write=False)
    return grey


@lru_cache(maxsize=64)
def to_small_png(png: bytes, how: Fit | None = None) -> bytes:
    """A PNG of the canvas as one of the picture that is read: grey and square. Raises InputError as above.

    `how` says how what was drawn on a wide canvas comes to lie on a square one, if it does not yet.
    """
    picture = to_picture(png)
    if how is not None:
        move = np.array([[how.scale, 0, how.right / SHARPNESS], [0, how.scale, how.down / SHARPNESS]])
        picture = cv2.warpAffine(picture, move, (CANVAS_SIZE, CANVAS_SIZE), flags=cv2.INTER_LINEAR)
    return cv2.imencode(".png", picture[:, :CANVAS_SIZE])[1].tobytes()


def from_browser(sent: object, sizes: Container[bytes] = SIZES, most: int = MAX_SAMPLE) -> bytes | None:
    """The PNG in a data URL that a browser has sent; None if it is anything but a picture of one of these sizes.

    It is decoded in the page's own process, so what would unpack to more than its header says is refused before that.
    """
    if not isinstance(sent, str) or not sent.startswith(PREFIX) or len(sent) > most:
        return None
    try:
        png = base64.b64decode(sent.removeprefix(PREFIX), validate=True)
        if not png.startswith(BEGINNING) or png.count(BEGINNING[-4:]) > 1 or png[16:24] not in sizes:
            return None
        to_picture(png)
    except (binascii.Error, InputError):
        return None
    return png


def alike(one: bytes, other: bytes) -> bool:
    """Whether two PNGs of the canvas show the same drawing."""
    try:
        pictures = to_picture(one), to_picture(other)
    except InputError:
        return False
    if pictures[0].shape != pictures[1].shape:
        return False
    different = cv2.absdiff(*pictures) > DIFFERENT
    ink = max(np.count_nonzero(picture > DIFFERENT) for picture in pictures)
    return bool(np.count_nonzero(different) <= MAX_DIFFERENT * ink)
