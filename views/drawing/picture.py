"""The picture of a drawing: as the canvas sends it, and as it is read."""

import base64
import binascii
from functools import lru_cache

import cv2
import numpy as np

from model import InputError
from model.preprocessing import CANVAS_SIZE, decode_picture, flatten

PREFIX = "data:image/png;base64,"
SIZE = 2 * CANVAS_SIZE.to_bytes(4, "big")  # how a PNG's header says it, in its bytes 16 to 24
MAX_SAMPLE = 200_000  # characters; a picture full of strokes has a tenth of that
# The end of a stroke is not settled to the pixel when the pen is lifted: some 3 % of a digit's ink changes after that,
# and more of a short stroke's.
MAX_DIFFERENT = 0.15  # of the ink
DIFFERENT = 100  # grey levels


@lru_cache(maxsize=64)
def to_picture(png: bytes) -> np.ndarray:
    """A PNG of the canvas at the size that is read: uint8 (280, 280), white on black.

    Raises InputError if it is no picture.
    """
    grey = flatten(decode_picture(png))
    if grey.ndim == 3:
        grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)
    if grey.shape != (CANVAS_SIZE, CANVAS_SIZE):
        grey = cv2.resize(grey, (CANVAS_SIZE, CANVAS_SIZE), interpolation=cv2.INTER_AREA)
    grey.setflags(write=False)
    return grey


def from_browser(sample: object) -> bytes | None:
    """The PNG in a data URL that a browser has sent; None if it is anything but such a picture."""
    if not isinstance(sample, str) or not sample.startswith(PREFIX) or len(sample) > MAX_SAMPLE:
        return None
    try:
        png = base64.b64decode(sample.removeprefix(PREFIX), validate=True)
        if png[16:24] != SIZE:
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
    different = cv2.absdiff(*pictures) > DIFFERENT
    ink = max(np.count_nonzero(picture > DIFFERENT) for picture in pictures)
    return bool(np.count_nonzero(different) <= MAX_DIFFERENT * ink)
