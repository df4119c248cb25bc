"""Sizes that the steps of the preparation share, and how ink is cropped and scaled."""

import cv2
import numpy as np

SIZE = 28  # pixels a side: the network's input
DIGIT_SIZE = 20  # pixels: the longer side of the digit in it, as in MNIST


def ink_box(ink: np.ndarray) -> tuple[slice, slice]:
    """The rows and the columns of the bounding box of all ink."""
    left, top, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    return slice(top, top + height), slice(left, left + width)


def scale_to(ink: np.ndarray, longer_side: int) -> np.ndarray:
    """Ink (H, W) resized to a longer side of this many pixels: by area if it shrinks, bicubically if it grows."""
    scale = longer_side / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    return cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def shrink_to(picture: np.ndarray, longer_side: int) -> np.ndarray:
    """A picture, (H, W) or (H, W, C), shrunk to a longer side of this many pixels; a smaller one stays as it is."""
    scale = longer_side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
