"""Occlusion: which ink of a drawing speaks for a digit, and which against it."""

from typing import NamedTuple

import numpy as np

from model.networks import CLASSES
from model.preprocessing import SIZE
from model.recognizer import Recognizer

# A square is about as wide as a stroke, so erasing it interrupts the stroke and leaves the rest. The stride is half of
# that, so every pixel is erased four times, each time with different neighbours.
PATCH, STRIDE = 4, 2  # pixels
MIN_PROBABILITY = 1e-7  # below that, the probabilities of a softmax in float32 are noise
BATCH_SIZE = 32  # larger batches are no faster


class Evidence(NamedTuple):
    """Which ink speaks for each digit and which against it."""

    credit: np.ndarray  # float32 (10, 28, 28), in log-odds: > 0 where ink speaks for the digit, < 0 where against it
    probabilities: np.ndarray  # float32 (10,), of the whole drawing
    without_best: np.ndarray  # float32 (10,), of each digit once the square that speaks most for it is erased


def occlude(recognizer: Recognizer, image: np.ndarray) -> Evidence:
    """Erases the ink of an image, float32 (28, 28) in 0–1, square by square, and measures how the answers change.

    This is occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014), with background
    instead of their grey. It needs nothing of a network but its answers. Changes are measured in log-odds, since the
    probability itself hardly moves while the network is nearly certain. A pixel's credit is the mean over the squares
    that cover it.
    """
    squares = [square for square in _squares() if image[square].any()]
    erased = np.repeat(image[None], len(squares) + 1, axis=0)  # the last one stays whole
    for picture, square in zip(erased, squares, strict=False):
        picture[square] = 0
    # In batches, so that a stroke drawn meanwhile can be read in between
    answers = [recognizer.predict(erased[start : start + BATCH_SIZE]) for start in range(0, len(erased), BATCH_SIZE)]
    probabilities = np.concatenate(answers)
    odds = _log_odds(probabilities)
    drops = odds[-1] - odds[:-1]  # (squares, 10)
    total, times = np.zeros((CLASSES, SIZE, SIZE), np.float32), np.zeros((SIZE, SIZE), np.float32)
    for drop, square in zip(drops, squares, strict=True):
        total[:, *square] += drop[:, None, None]
        times[square] += 1
    credit = np.where(image > 0, total / np.maximum(times, 1), 0)
    best = probabilities[drops.argmax(axis=0), np.arange(CLASSES)] if squares else probabilities[-1]
    return Evidence(credit, probabilities[-1], best)


def _squares() -> list[tuple[slice, slice]]:
    starts = range(STRIDE - PATCH, SIZE, STRIDE)
    sides = [slice(max(0, start), start + PATCH) for start in starts]
    return [(rows, columns) for rows in sides for columns in sides]


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    """The log-odds of each digit, float32 (N, 10) → (N, 10), exact even where 1 − p would round to zero."""
    others = probabilities @ (1 - np.eye(CLASSES, dtype=np.float32))
    return np.log(np.maximum(probabilities, MIN_PROBABILITY)) - np.log(np.maximum(others, MIN_PROBABILITY))
