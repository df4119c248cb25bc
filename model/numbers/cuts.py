"""Cuts ink where digits may touch: along paths from top to bottom that cross little ink."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from model.numbers.pieces import Piece, trimmed
from model.preprocessing import measure_thickness

ROWS = 56  # pixels: the height at which cuts are searched for
MAX_COLUMNS = 12 * ROWS  # a wider piece is no row of digits
SLANT = 0.06  # pixels of ink that a step aside costs, so that cuts are straight where nothing is in their way
MAX_CUT = 3.0  # stroke thicknesses of ink
MERGED = -0.1, 0.3  # stroke thicknesses, beyond one: ink so thick is where two strokes run together
CHEAPER = 0.95  # how much less such ink costs
MORE = 1  # cuts that are tried besides those for the width
MIN_TALL = 3.0  # stroke thicknesses: what is less tall is a bar, not a row of digits
MIN_SIDE = 0.1  # of the height: what a cut leaves on either side is at least as wide
# In stroke thicknesses:
SHARED = 0.15  # of ink beyond a cut belong to both sides, so that neither loses the edge of a stroke that they share,
ALONG, SHARED_ALONG = 1.5, 0.3  # and more where a cut follows a stroke for as long as that


class Fineness(NamedTuple):
    """How many cuts are tried."""

    per_height: float  # cuts for each height of a piece's width
    apart: float  # of the height, from one cut to the next


FINENESS = Fineness(3, 0.16), Fineness(6, 0.09)


def cut(piece: Piece, height: float, fineness: Sequence[Fineness]) -> list[Piece]:
    """The piece in parts from left to right, cut wherever a digit may begin; `height` is that of the line's digits.

    The last `fineness` counts; cuts of those before it come first, so that joined parts are the same as theirs.
    """
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
    return _parts(piece, paths, [float(through[place]) / thickness for place in places], thick)


def _parts(piece: Piece, paths: list[np.ndarray], costs: list[float], thickness: float) -> list[Piece]:
    """What lies between the paths, each (H,), from left to right; ink that two parts share is in both."""
    columns, none = np.arange(piece.width), np.zeros(piece.height)
    edges = np.stack([none, *paths, np.full(piece.height, piece.width)])[:, :, None]  # (cuts + 2, H, 1)
    shared = np.stack([none, *(_shared(piece.ink, path, thickness) for path in paths), none])[:, :, None]
    parts, cost = [], 0.0
    for place in range(len(paths) + 1):
        cost = max(cost, costs[place - 1]) if place else 0.0
        if piece.ink[(columns >= edges[place]) & (columns < edges[place + 1])].any():
            left, right = edges[place] - shared[place], edges[place + 1] + shared[place + 1]
            ink = np.where((columns >= left) & (columns < right), piece.ink, np.uint8(0))
            parts.append(trimmed(ink, piece.left, piece.top, cost if parts else piece.cut))
            cost = 0.0
    return parts


def _shared(ink: np.ndarray, path: np.ndarray, thickness: float) -> np.ndarray:
    """How many pixels beyond a path, in each row, belong to the parts on both sides of it: (H,)."""
    on = ink[np.arange(len(ink)), np.clip(path.astype(int), 0, ink.shape[1] - 1)] > 0
    ends = np.flatnonzero(np.diff(on, prepend=False, append=False))
    pixels = np.full(len(ink), SHARED * thickness)
    for start, end in zip(ends[::2], ends[1::2], strict=True):
        if end - start > ALONG * thickness:
            pixels[start:end] = SHARED_ALONG * thickness
    return pixels


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


def _places(through: np.ndarray, height: float, most: float, fineness: Sequence[Fineness]) -> list[int]:
    """Where the best paths cross the middle row, from left to right. `through` is the ink on each path."""
    margin = max(1, round(MIN_SIDE * height))
    places: list[int] = []
    for per_height, apart in fineness:
        room = max(1, round(apart * height))
        left = through.copy()
        left[:margin] = left[len(left) - margin :] = np.inf
        for place in places:
            left[max(0, place - room) : place + room + 1] = np.inf
        for _ in range(round(per_height * len(through) / height) + MORE - len(places)):
            if not len(left) or (lowest := float(left.min())) > most:
                break
            same = np.flatnonzero(left <= lowest + 1e-6)
            run = same[: int(np.argmax(np.diff(same, append=np.iinfo(int).max // 2) > 1)) + 1]
            place = int(run[len(run) // 2])
            places.append(place)
            left[max(0, place - room) : place + room + 1] = np.inf
    return sorted(places)
