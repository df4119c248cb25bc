"""Finds the parts of a picture that a digit may stand in: inside a frame, on a tile, on a sheet of paper.

Each is an upright rectangle whose sides differ from what lies outside. A digit is none: a rectangle drawn as a 0 holds
nothing, so whoever looks inside finds no ink. But an empty frame looks like one (lookalikes.py).
"""

import cv2
import numpy as np

from model.preprocessing.sizes import Box

MIN_DIFFERENCE = 16  # of 255, from the ground outside: compression makes less
MIN_AREA = 0.06  # of the picture
MIN_SIDE, MIN_INSIDE = 20, 16  # pixels
MAX_PROPORTION = 6  # of the longer side to the shorter
BAND = 0.02  # of the shorter side: how straight a side must be
MIN_COVERED = 0.92  # of each side
LINE = 0.6  # of a row or a column: as much ink as a frame's line has
MAX_LINE = 0.2  # of a side: the thickest line of a frame
MAX_PARTS = 2_000  # a picture with more is grain
MAX_REGIONS = 2

Area = tuple[slice, slice]  # rows and columns


def find_regions(difference: np.ndarray) -> list[Box]:
    """The insides of frames, tiles and sheets in a picture, the largest first.

    `difference` is that of each pixel from the picture's ground: uint8 (H, W).
    """
    mask = (difference > MIN_DIFFERENCE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count > MAX_PARTS:
        return []
    found = []
    for label in range(1, count):
        left, top, width, height = stats[label, : cv2.CC_STAT_AREA].tolist()
        smaller, larger = sorted((width, height))
        if smaller < MIN_SIDE or larger > MAX_PROPORTION * smaller or width * height < MIN_AREA * mask.size:
            continue
        inside = _inside(labels[top : top + height, left : left + width] == label)
        if inside is not None and (width, height) != mask.shape[::-1]:
            rows, columns = inside
            found.append((left + columns.start, top + rows.start, columns.stop - columns.start, rows.stop - rows.start))
    found.sort(key=lambda each: each[2] * each[3], reverse=True)
    scale = np.array([*mask.shape[::-1], *mask.shape[::-1]])
    return [Box(*(each / scale).tolist()) for each in np.array(found[:MAX_REGIONS])]


def _inside(part: np.ndarray) -> Area | None:
    """What lies inside a connected part, bool (H, W), if that is a rectangle: within its frame, or all of it."""
    if not has_straight_sides(part):
        return None
    rows, columns = part.mean(1), part.mean(0)
    lines = [_line(row) for row in (rows, rows[::-1], columns, columns[::-1])]
    margin = max(1, round(BAND / 2 * min(part.shape)))
    top, bottom, left, right = (
        [2 * margin] * 4 if None in lines else [line + margin for line in lines if line is not None]
    )
    height, width = part.shape
    if height - top - bottom < MIN_INSIDE or width - left - right < MIN_INSIDE:
        return None
    return slice(top, height - bottom), slice(left, width - right)


def has_straight_sides(part: np.ndarray) -> bool:
    """Whether all four sides of a part, bool (H, W), are as straight and as whole as those of an upright rectangle."""
    band = max(2, round(BAND * min(part.shape)))
    sides = (part[:band].any(0), part[-band:].any(0), part[:, :band].any(1), part[:, -band:].any(1))
    return min(side.mean() for side in sides) >= MIN_COVERED


def _line(covered: np.ndarray) -> int | None:
    """How many pixels thick the line is along which a rectangle begins; None if the rectangle is no frame."""
    most = round(MAX_LINE * len(covered))
    lined = covered[:most] >= LINE
    if not lined.any():
        return 0
    first = int(lined.argmax())
    after = np.flatnonzero(~lined[first:])
    return first + int(after[0]) if len(after) else None
