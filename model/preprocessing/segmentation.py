"""Segmentation: splits a drawing of several digits into one drawing for each."""

import cv2
import numpy as np

# All in fractions of the height of the tallest mark:
MIN_HEIGHT = 0.5  # of a digit; any shorter mark is part of one
MIN_DISTANCE = 0.35  # between the centres of two digits
MIN_ROW_STEP = 0.6  # down to the centre of a digit that begins a new row

MAX_DIGITS = 6  # more marks than this are not the digits of a number


def segment(ink: np.ndarray) -> list[np.ndarray]:
    """Ink, uint8 (H, W), as one picture of the same size for each digit, row by row from left to right.

    The list holds just the ink itself if that does not fall into separate digits.
    """
    _, labels, stats, middles = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8), connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]  # the first is the background
    tallest = heights.max(initial=0)
    tall = 1 + np.flatnonzero(heights >= MIN_HEIGHT * tallest)
    if not 2 <= len(tall) <= MAX_DIGITS or not _side_by_side(stats[tall], middles[tall], MIN_DISTANCE * tallest):
        return [ink]
    digits = middles[tall][_reading_order(middles[tall], MIN_ROW_STEP * tallest)]
    # Every mark, be it a speck or the bar of a 5, goes to the nearest digit.
    nearest = np.linalg.norm(middles[:, None] - digits, axis=2).argmin(axis=1)
    return [np.where((labels > 0) & (nearest[labels] == place), ink, np.uint8(0)) for place in range(len(digits))]


def _side_by_side(stats: np.ndarray, middles: np.ndarray, apart: float) -> bool:
    """Whether no two centres are closer than `apart`, and none lies in the box of another mark."""
    low = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    high = low + stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    within = ((middles[:, None] >= low) & (middles[:, None] < high)).all(axis=2)
    near = np.linalg.norm(middles[:, None] - middles, axis=2) < apart
    return (within | near).sum() == len(middles)  # each is in its own box, and near itself


def _reading_order(middles: np.ndarray, next_row: float) -> np.ndarray:
    """The order of points (N, 2) of x, y: by rows, more than `next_row` apart, and then from left to right."""
    down = middles[:, 1].argsort()
    rows = np.empty(len(middles), int)
    rows[down] = np.cumsum(np.diff(middles[down, 1], prepend=-np.inf) > next_row)
    return np.lexsort((middles[:, 0], rows))
