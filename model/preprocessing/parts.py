"""The connected parts of a picture's ink."""

from typing import NamedTuple

import cv2
import numpy as np

MAX_PARTS = 10_000  # no digit on paper, however grainy, has more
LARGE = 500_000  # pixels: from here on, parts are counted before each is measured


class Parts(NamedTuple):
    """The parts of a mask, in which number 0 is the background."""

    labels: np.ndarray  # int32 (H, W): the number of the part that each pixel belongs to
    start: np.ndarray  # int32 (N, 2): x and y of the upper left corner of each part's box
    size: np.ndarray  # int32 (N, 2): width and height of that box
    area: np.ndarray  # int32 (N,), in pixels


def find_parts(mask: np.ndarray) -> Parts | None:
    """The parts of a mask, (H, W), whose pixels touch each other; None if there are too many to be anything but grain.

    A picture with every second pixel set would have so many that measuring them takes gigabytes.
    """
    mask = mask.astype(np.uint8)
    if mask.size > LARGE and cv2.connectedComponents(mask, connectivity=8)[0] > MAX_PARTS:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    start = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return Parts(labels, start, size, stats[:, cv2.CC_STAT_AREA])
