"""The ten example drawings, one of each digit, from which nothing learns."""

from functools import cache

import numpy as np

from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import load_strokes, prepare, replay, to_bytes

PEN_WIDTH = 20  # pixels, on the canvas of 280


@cache
def example_images(skipped: tuple[str, ...] = ()) -> np.ndarray:
    """The drawings of 0 to 9 as networks see them, uint8 (10, 28, 28), prepared without the `skipped` steps. Read-only.

    Raises InputError if their file cannot be read.
    """
    drawn = {each.digit: prepare(replay(each.strokes, PEN_WIDTH), skipped) for each in load_strokes(EXAMPLE_DRAWINGS)}
    images = np.stack([to_bytes(image) for _, image in sorted(drawn.items()) if image is not None])
    images.setflags(write=False)
    return images
