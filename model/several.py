"""Several digits in one drawing, told apart so that the person can be asked for one at a time."""

import cv2
import numpy as np

TALL = 0.5  # of the height of the tallest mark: what is as tall may be a digit, anything shorter belongs to one
MOST = 6  # digits: more marks than that are no number that somebody drew
APART = 0.35  # of that height: the middles of two digits are at least as far from each other
NEXT_ROW = 0.6  # of that height: a digit whose middle lies so much further down begins a row of its own


def split(ink: np.ndarray) -> list[np.ndarray]:
    """The digits, row by row from left to right, out of ink (H, W) uint8 that is cut to them; or itself."""
    _, labels, stats, middles = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8), connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]  # the first is the ground
    tallest = heights.max(initial=0)
    tall = 1 + np.flatnonzero(heights >= TALL * tallest)
    if not 2 <= len(tall) <= MOST or not _side_by_side(stats[tall], middles[tall], APART * tallest):
        return [ink]
    digits = middles[tall][_reading_order(middles[tall], NEXT_ROW * tallest)]
    nearest = np.linalg.norm(middles[:, None] - digits, axis=2).argmin(axis=1)  # each speck and bar goes with one
    return [np.where((labels > 0) & (nearest[labels] == place), ink, np.uint8(0)) for place in range(len(digits))]


def _side_by_side(stats: np.ndarray, middles: np.ndarray, apart: float) -> bool:
    """Whether no two marks are closer than that, and none has its middle in the box of another, as those of a % do."""
    low = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    high = low + stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    within = ((middles[:, None] >= low) & (middles[:, None] < high)).all(axis=2)
    near = np.linalg.norm(middles[:, None] - middles, axis=2) < apart
    return (within | near).sum() == len(middles)  # each is within its own, and near itself


def _reading_order(middles: np.ndarray, next_row: float) -> np.ndarray:
    """The order of points (N, 2) of x, y: by rows, which lie more than `next_row` apart, and from left to right."""
    down = middles[:, 1].argsort()
    rows = np.empty(len(middles), int)
    rows[down] = np.cumsum(np.diff(middles[down, 1], prepend=-np.inf) > next_row)
    return np.lexsort((middles[:, 0], rows))
