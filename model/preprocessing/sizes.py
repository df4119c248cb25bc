"""Sizes that the steps of the preparation share, and how ink is cropped and scaled."""

from typing import NamedTuple

import cv2
import numpy as np

SIZE = 28  # pixels a side: the network's input
MAX_AREA = 4_000_000  # pixels of a picture in which a digit is searched for: a page at 200 dots per inch
DIGIT_SIZE = 20  # pixels: the longer side of the digit in it, as in MNIST


class Box(NamedTuple):
    """A rectangle in fractions of a picture's sides; it may reach beyond the picture."""

    left: float
    top: float
    width: float
    height: float

    def within(self, outer: "Box") -> "Box":
        """This part of a picture as a part of the larger picture that it is the part `outer` of."""
        return Box(
            outer.left + self.left * outer.width,
            outer.top + self.top * outer.height,
            self.width * outer.width,
            self.height * outer.height,
        )

    def slices(self, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """Its rows and columns in a picture of this shape, at least one of each."""
        height, width = shape[:2]
        row, column = min(round(self.top * height), height - 1), min(round(self.left * width), width - 1)
        return (
            slice(row, max(row + 1, round((self.top + self.height) * height))),
            slice(column, max(column + 1, round((self.left + self.width) * width))),
        )


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def ink_box(ink: np.ndarray) -> tuple[slice, slice]:
    """The rows and the columns of the bounding box of all ink."""
    left, top, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    return slice(top, top + height), slice(left, left + width)


def scale_to(ink: np.ndarray, longer_side: int) -> np.ndarray:
    """Ink (H, W) resized to a longer side of this many pixels: by area if it shrinks, bicubically if it grows."""
    height, width = scaled_shape(ink.shape, longer_side)
    shrinks = longer_side < max(ink.shape)
    return cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


def scaled_shape(shape: tuple[int, ...], longer_side: int) -> tuple[int, int]:
    """The height and the width of ink (height, width) once it is resized to a longer side of this many pixels."""
    scale = longer_side / max(shape)
    height, width = (max(1, round(side * scale)) for side in shape)
    return height, width


def shrink_to_area(picture: np.ndarray, pixels: int) -> np.ndarray:
    """A picture, (H, W) or (H, W, C), shrunk to so many pixels; a smaller one stays as it is."""
    height, width = picture.shape[:2]
    if height * width <= pixels:
        return picture
    return shrink_to(picture, int(max(height, width) * (pixels / (height * width)) ** 0.5))


def shrink_to(picture: np.ndarray, longer_side: int) -> np.ndarray:
    """A picture, (H, W) or (H, W, C), shrunk to a longer side of this many pixels; a smaller one stays as it is."""
    scale = longer_side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
