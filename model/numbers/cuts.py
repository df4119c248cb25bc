"""Cuts ink where digits may touch: along paths from top to bottom that cross little ink."""

from typing import NamedTuple

import cv2
import numpy as np

from model.numbers.pieces import Piece, trimmed
from model.preprocessing import measure_thickness

ROWS = 56  # pixels: the height at which cuts are searched for
MAX_COLUMNS = 12 * ROWS  # a wider piece is no row of digits
SLANT = 0.06  # pixels of ink that a step aside costs, so that cuts are straight where nothing is in their way
MAX_CUT = 6.0  # stroke thicknesses of ink
MERGED = -0.1, 0.3  # stroke thicknesses, beyond one: ink so thick is where two strokes run together
CHEAPER = 0.95  # how much less such ink costs
MORE = 1  # cuts that are tried besides those for the width
MIN_TALL = 3.0  # stroke thicknesses: what is less tall is a bar, not a row of digits
MIN_SIDE = 0.1  # of the height: what a cut leaves on either side is at least as wide


class Fineness(NamedTuple):
    """How many cuts are tried."""

    per_height: float  # cuts for each height of a piece's width
    apart: float  # of the height, from one cut to the next


FINENESS = Fineness(3, 0.16), Fineness(6, 0.09)


def cut(piece: Piece, height: float, fineness: Fineness) -> list[Piece]:
    """The piece in parts from left to right, cut wherever a digit may begin; `height` is that of the line's digits."""
    scale = ROWS / piece.height
    columns = max(1, round(piece.width * scale))
    thick = measure_thickness(piece.ink)
    if piece.height < max(8, MIN_TALL * thick) or columns > MAX_COLUMNS:
        return [piece]
    small = cv2.resize(piece.ink, (columns, ROWS), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    thickness = max(thick * scale, 1.0)
    small = _cheaper_where_merged(small, thickness)
    up, down = _costs(small[: ROWS // 2]), _costs(small[: ROWS // 2 - 1 : -1])
    through = up[-1] + down[-1]
    places = _places(through, height * scale, MAX_CUT * thickness, fineness)
    if not places:
        return [piece]
    rows = np.arange(piece.height) * ROWS / piece.height
    paths = []
    for place in places:
        path = np.concatenate([_path(up, place)[::-1], _path(down, place)])
        paths.append(np.interp(rows, np.arange(ROWS) + 0.5, path + 0.5) / scale)
    beyond = np.arange(piece.width)[None, :, None] >= np.stack(paths, axis=1)[:, None]  # (H, W, cuts)
    number = beyond.sum(axis=2)
    parts, cost = [], 0.0
    for place in range(len(places) + 1):
        ink = np.where(number == place, piece.ink, np.uint8(0))
        cost = max(cost, float(through[places[place - 1]]) / thickness) if place else 0.0
        if ink.any():
            parts.append(trimmed(ink, piece.left, piece.top, piece.cut if not parts else cost))
            cost = 0.0
    return parts


def _cheaper_where_merged(ink: np.ndarray, thickness: float) -> np.ndarray:
    """Ink, float32 (H, W) in 0–1, that counts less where two strokes run together and it is thicker."""
    solid = cv2.copyMakeBorder((ink > 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1]
    merged = np.clip((2 * distance / thickness - 1 - MERGED[0]) / (MERGED[1] - MERGED[0]), 0, 1)
    return ink * (1 - CHEAPER * merged)


def _costs(ink: np.ndarray) -> np.ndarray:
    """The ink on the best path from the first row to each pixel: float32 (H, W) from float32 (H, W) in 0–1."""
    costs = np.empty_like(ink)
    costs[0] = ink[0]
    for row in range(1, len(ink)):
        before = np.pad(costs[row - 1], 1, constant_values=np.inf)
        aside = np.minimum(before[:-2], before[2:]) + SLANT
        costs[row] = np.minimum(before[1:-1], aside) + ink[row]
    return costs


def _path(costs: np.ndarray, place: int) -> np.ndarray:
    """The column of the best path in each row, from the last row, at `place`, to the first: int (H,)."""
    path = np.empty(len(costs), int)
    for step, row in enumerate(range(len(costs) - 1, -1, -1)):
        if step:
            first = max(place - 1, 0)
            near = costs[row, first : place + 2].copy()
            near[np.arange(first, first + len(near)) != place] += SLANT
            place = first + int(near.argmin())
        path[step] = place
    return path


def _places(through: np.ndarray, height: float, most: float, fineness: Fineness) -> list[int]:
    """Where the best paths cross the middle row, from left to right. `through` is the ink on each path."""
    margin = max(1, round(MIN_SIDE * height))
    left = through.copy()
    left[:margin] = left[len(left) - margin :] = np.inf
    apart = max(1, round(fineness.apart * height))
    places: list[int] = []
    for _ in range(round(fineness.per_height * len(through) / height) + MORE):
        if not len(left) or (lowest := float(left.min())) > most:
            break
        same = np.flatnonzero(left <= lowest + 1e-6)
        run = same[: int(np.argmax(np.diff(same, append=np.iinfo(int).max // 2) > 1)) + 1]
        place = int(run[len(run) // 2])
        places.append(place)
        left[max(0, place - apart) : place + apart + 1] = np.inf
    return sorted(places)
