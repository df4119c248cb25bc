"""Divides ink into the strokes that it may have been drawn with, found along the middle of its lines.

Cuts from top to bottom cannot part digits that cross or lie above each other; these strokes can.
"""

from typing import NamedTuple

import cv2
import numpy as np

from model.numbers.pieces import Piece, trimmed
from model.preprocessing import measure_thickness

ROWS = 64  # pixels: the height at which lines are followed
MAX_COLUMNS = 8 * ROWS  # a wider piece is not divided,
MIN_TALL = 3.0  # nor is one less tall, in stroke thicknesses,
MAX_STROKES = 14  # nor one of more strokes,
MAX_BRANCHES = 60  # nor, to keep the time within bounds, one of more branches
# In stroke thicknesses:
SPUR = 0.6  # a shorter branch is a bump at the edge of a line
REACH = 1.5  # how far from a junction the direction of a branch is taken
DRAWN = 1.25  # how wide a stroke is drawn: what is beside the middle of its line belongs to it
JUNCTION = 1.1  # the radius of a junction, in that of the ink there
STRAIGHT = 0.6  # minus the cosine between two branches, from which one goes on in the other
PARTED = 1.0  # what it counts to part two strokes: so many stroke thicknesses cut through
# From left to right; digits are runs of neighbours, and what lies above others may come before or after them:
ORDERS = (lambda piece: piece.left + piece.right), (lambda piece: piece.left), (lambda piece: piece.right)
WAYS = len(ORDERS)
SUBPIXEL_BITS = 4  # OpenCV draws from coordinates in sixteenths of a pixel

Pixel = tuple[int, int]  # x, y
End = tuple[int, int]  # the number of a branch, and 0 for its start or 1 for its end


class Branch(NamedTuple):
    """A line between two junctions, or between one and where it ends."""

    points: np.ndarray  # (N, 2) of x, y
    junctions: tuple[int, int]  # at its start and at its end; 0 where there is none


def trace(piece: Piece) -> list[list[Piece]]:
    """The piece in strokes, in each of the `WAYS`; as it is if it cannot be divided."""
    scale = ROWS / piece.height
    columns = max(1, round(piece.width * scale))
    thick = measure_thickness(piece.ink)
    if columns > MAX_COLUMNS or piece.height < max(8, MIN_TALL * thick):
        return [[piece]] * WAYS
    small = cv2.resize(piece.ink, (columns, ROWS), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    solid = cv2.copyMakeBorder((small > 127).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    thickness = max(1.0, thick * scale)
    branches, centres = _branches(solid, thickness)
    if len(branches) > MAX_BRANCHES:
        return [[piece]] * WAYS
    chains = _chains(branches, _joined(branches, thickness))
    if not 2 <= len(chains) <= MAX_STROKES:
        return [[piece]] * WAYS
    parts = _drawn(piece, [_line(branches, centres, chain) - 0.5 for chain in chains], scale, thick)
    return [_begun(sorted(parts, key=order), piece.cut) for order in ORDERS]


def _begun(parts: list[Piece], cut: float) -> list[Piece]:
    """The parts, the first of which is parted from what is to its left by as much as is given."""
    return [parts[0]._replace(cut=cut), *parts[1:]]


def _drawn(piece: Piece, lines: list[np.ndarray], scale: float, thickness: float) -> list[Piece]:
    """The ink of a piece along each of these lines, and whatever else is nearest to it.

    Lines are (N, 2) of x, y in pixels of the piece once it is scaled; the thickness is that before.
    """
    pen = max(1, round(thickness * DRAWN))
    small = ROWS, max(1, round(piece.width * scale))
    away = []
    for line in lines:
        empty = (_along(line, small, 1) == 0).astype(np.uint8)
        away.append(cv2.distanceTransform(empty, cv2.DIST_L2, cv2.DIST_MASK_3))
    nearest = np.argmin(away, axis=0).astype(np.uint8)
    nearest = cv2.resize(nearest, (piece.width, piece.height), interpolation=cv2.INTER_NEAREST)
    parts = []
    for number, line in enumerate(lines):
        ink = np.minimum(_along(line / scale, piece.ink.shape, pen), piece.ink)
        ink = np.where(nearest == number, piece.ink, ink)
        if ink.any():
            parts.append(trimmed(ink, piece.left, piece.top, PARTED))
    return parts


def _along(line: np.ndarray, shape: tuple[int, ...], width: int) -> np.ndarray:
    """A picture, uint8 (H, W), of a line that is so wide."""
    picture = np.zeros(shape, np.uint8)
    points = np.rint(line * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.polylines(picture, [points], False, 255, width, cv2.LINE_AA, SUBPIXEL_BITS)
    return picture


def _tables() -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """For each code of eight neighbours: whether a pixel stays in the two steps of thinning, and how many lines meet.

    Bits are neighbours, clockwise from above. Zhang and Suen 1984, "A fast parallel algorithm for thinning digital
    patterns".
    """
    bits = np.arange(256)[:, None] >> np.arange(8) & 1
    lines = ((bits == 0) & (np.roll(bits, -1, axis=1) == 1)).sum(axis=1)
    edge = (bits.sum(axis=1) >= 2) & (bits.sum(axis=1) <= 6) & (lines == 1)
    up, right, down, left = bits[:, 0], bits[:, 2], bits[:, 4], bits[:, 6]
    goes = (
        edge & (up * right * down == 0) & (right * down * left == 0),
        edge & (up * right * left == 0) & (up * down * left == 0),
    )
    return (1 - goes[0].astype(np.uint8), 1 - goes[1].astype(np.uint8)), lines.astype(np.uint8)


_STAYS, _LINES = _tables()
_RING = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.float32)


def _codes(mask: np.ndarray) -> np.ndarray:
    return cv2.filter2D(mask, cv2.CV_8U, _RING, borderType=cv2.BORDER_CONSTANT)


def thin(mask: np.ndarray) -> np.ndarray:
    """The middle of the lines of a mask, one pixel wide; both uint8 (H, W) of 0 and 1, with an empty border."""
    while True:
        before = mask
        for stays in _STAYS:
            mask = mask & stays[_codes(mask)]
        if (mask == before).all():
            return mask


def _branches(solid: np.ndarray, thickness: float) -> tuple[list[Branch], np.ndarray]:
    """The lines of a mask between its junctions, without spurs, and the centre of each junction, (N, 2) of x, y."""
    skeleton = thin(solid)
    radius = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_5)
    junctions = np.zeros_like(skeleton)
    for y, x in np.argwhere((_LINES[_codes(skeleton)] >= 3) & (skeleton > 0)).tolist():
        cv2.circle(junctions, (x, y), round(JUNCTION * max(float(radius[y, x]), 1.0)), 1, -1)
    _, number, _, centres = cv2.connectedComponentsWithStats(junctions, connectivity=8)
    near = cv2.dilate(number.astype(np.uint16), np.ones((3, 3), np.uint8))
    _, parts = cv2.connectedComponents(skeleton * (1 - junctions), connectivity=8)
    pixels: dict[int, list[Pixel]] = {}
    for y, x in np.argwhere(parts).tolist():
        pixels.setdefault(int(parts[y, x]), []).append((x, y))
    found = []
    for own in pixels.values():
        path, closed = _walk(own)
        start, end = (int(near[y, x]) for x, y in (path[0], path[-1]))
        ring = closed and not start and not end
        spur = start == end or not (start and end)
        short = len(path) < (2 if ring else SPUR) * thickness or len(path) == 1
        if short and spur and (start or end or ring):
            continue
        found.append(Branch(np.array(path + path[:1] if ring else path, float), (start, end)))
    return found, centres


def _walk(pixels: list[Pixel]) -> tuple[list[Pixel], bool]:
    """The pixels of a line from end to end, and whether it is a ring."""
    left = set(pixels)

    def near(pixel: Pixel) -> list[Pixel]:
        x, y = pixel
        beside = (x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)
        across = (x + 1, y + 1), (x - 1, y - 1), (x + 1, y - 1), (x - 1, y + 1)
        return [each for each in beside + across if each in left]

    path = [min(pixels, key=lambda pixel: len(near(pixel)))]
    closed = len(near(path[0])) > 1
    left.discard(path[0])
    while others := near(path[-1]):
        path.append(others[0])
        left.discard(others[0])
    return path, closed


def _joined(branches: list[Branch], thickness: float) -> dict[End, End]:
    """Which ends of branches go on in which other. Where three meet, none do: one may end at another's side."""
    meeting: dict[int, list[End]] = {}
    for number, branch in enumerate(branches):
        for end in (0, 1):
            if branch.junctions[end]:
                meeting.setdefault(branch.junctions[end], []).append((number, end))
    joined: dict[End, End] = {}
    for ends in meeting.values():
        ways = [_direction(branches[number], end, thickness) for number, end in ends]
        pairs = sorted((float(ways[one] @ ways[other]), one, other) for one in range(len(ends)) for other in range(one))
        for cosine, one, other in pairs:
            if len(ends) != 3 and cosine <= -STRAIGHT and not {ends[one], ends[other]} & joined.keys():
                joined |= {ends[one]: ends[other], ends[other]: ends[one]}
    return joined


def _direction(branch: Branch, end: int, thickness: float) -> np.ndarray:
    """Where a branch goes from one of its ends: (2,), of length one."""
    points = branch.points[::-1] if end else branch.points
    way = points[min(max(2, round(REACH * thickness)), len(points) - 1)] - points[0]
    return way / max(float(np.hypot(*way)), 1e-6)


def _chains(branches: list[Branch], joined: dict[End, End]) -> list[list[End]]:
    """The strokes: which branches each goes through, and at which end it enters them. Each branch is in one."""
    ends = [(number, end) for number in range(len(branches)) for end in (0, 1)]
    chains: list[list[End]] = []
    left = set(range(len(branches)))
    for entered in sorted(ends, key=lambda end: end in joined):  # rings, which have no end, come last
        chain: list[End] = []
        following: End | None = entered
        while following and following[0] in left:
            chain.append(following)
            left.discard(following[0])
            following = joined.get((following[0], 1 - following[1]))
        if chain:
            chains.append(chain)
    return chains


def _line(branches: list[Branch], centres: np.ndarray, chain: list[End]) -> np.ndarray:
    """The points of a stroke, (N, 2) of x, y, from the junction that it begins at to the one that it ends at."""
    points = [branches[number].points[::-1] if entered else branches[number].points for number, entered in chain]
    first, last = branches[chain[0][0]].junctions[chain[0][1]], branches[chain[-1][0]].junctions[1 - chain[-1][1]]
    begin, end = ([centres[junction][None]] if junction else [] for junction in (first, last))
    return np.concatenate([*begin, *points, *end])
