"""Several digits in one drawing, told apart so that the person can be asked for one at a time."""

import cv2
import numpy as np

TALL = 0.5  # of the height of all: what is as tall may be a digit, anything shorter belongs to one
MOST = 6  # digits in a row: more marks than that are no number that somebody drew
APART = 0.35  # of that height: the middles of two digits in a row are at least as far from each other


def split(ink: np.ndarray) -> list[np.ndarray]:
    """The digits of a row, from left to right, out of ink (H, W) uint8 that is cut to them; one if there is no row."""
    _, labels, stats, middles = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8), connectivity=8)
    tall = [label for label in range(1, len(stats)) if stats[label, cv2.CC_STAT_HEIGHT] >= TALL * ink.shape[0]]
    tall.sort(key=lambda label: middles[label, 0])
    if not 2 <= len(tall) <= MOST or np.diff(middles[tall, 0]).min() < APART * ink.shape[0]:
        return [ink]
    nearest = np.abs(middles[:, :1] - middles[tall, 0]).argmin(axis=1)  # each speck and bar goes with one of them
    return [np.where((labels > 0) & (nearest[labels] == place), ink, np.uint8(0)) for place in range(len(tall))]
