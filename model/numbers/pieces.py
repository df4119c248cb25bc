"""The pieces that ink falls into by itself, or by the strokes that it was drawn with, line by line."""

from typing import NamedTuple

import cv2
import numpy as np

from model.preprocessing import MAX_AREA, PenStroke, bounds, draw_strokes, find_parts

MAX_PIECES = 200  # a picture that falls into more shows no numbers
MAX_LINES = 30
# All in fractions of the height of a line's digits:
TALL = 0.5  # a lower piece is part of a digit
SMALL = 0.2  # a piece smaller than this, both ways, belongs to the nearest one
NEAR = 0.25  # unless it is further away from that: then it is a speck
LINE_STEP = 0.6  # down to the middle of a digit that begins a new line


class Piece(NamedTuple):
    """Some of the ink: a digit, a part of one, or several that touch."""

    left: int
    top: int
    ink: np.ndarray  # uint8 (H, W), whose first pixel is at `left`, `top` of the picture
    strokes: tuple[PenStroke, ...] = ()  # what it was drawn with, if known
    cut: float = 0.0  # pen widths of ink that were cut through to part it from the piece to its left

    @property
    def height(self) -> int:
        return self.ink.shape[0]

    @property
    def width(self) -> int:
        return self.ink.shape[1]

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


def trimmed(ink: np.ndarray, left: int, top: int, cut: float = 0.0) -> Piece:
    """The piece that this ink, of which there must be some, is once its empty rows and columns are left out."""
    x, y, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    return Piece(left + x, top + y, np.ascontiguousarray(ink[y : y + height, x : x + width]), cut=cut)


def join(pieces: list[Piece]) -> Piece:
    """All of these as one piece."""
    if len(pieces) == 1:
        return pieces[0]
    left, top = min(piece.left for piece in pieces), min(piece.top for piece in pieces)
    right, bottom = max(piece.right for piece in pieces), max(piece.bottom for piece in pieces)
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for piece in pieces:
        place = ink[piece.top - top : piece.bottom - top, piece.left - left : piece.right - left]
        np.maximum(place, piece.ink, out=place)
    known = all(piece.strokes for piece in pieces)
    strokes = tuple(stroke for piece in pieces for stroke in piece.strokes) if known else ()
    return Piece(left, top, ink, strokes, pieces[0].cut)


def of_ink(ink: np.ndarray) -> list[Piece]:
    """The connected parts of ink, uint8 (H, W); none if there are too many for numbers."""
    parts = find_parts(ink > 0)
    if parts is None:
        return []
    size = parts.size.max(axis=1)
    size[0] = 0  # the background
    kept = np.flatnonzero(size >= SMALL / 4 * parts.size[1:, 1].max(initial=1))
    if len(parts.size) < 2 or len(kept) > MAX_PIECES:
        return []
    pieces = []
    for number in kept[kept > 0]:
        (left, top), (width, height) = parts.start[number].tolist(), parts.size[number].tolist()
        rows, columns = slice(top, top + height), slice(left, left + width)
        part = np.where(parts.labels[rows, columns] == number, ink[rows, columns], np.uint8(0))
        pieces.append(Piece(left, top, part))
    return pieces


def of_strokes(strokes: list[PenStroke]) -> list[Piece]:
    """The connected parts of what is drawn with these strokes; none if they are too many, or too large, for numbers."""
    low, high = bounds([stroke.points for stroke in strokes])
    if len(strokes) > MAX_PIECES or np.prod(high - low + max(stroke.width for stroke in strokes)) > MAX_AREA:
        return []
    drawn = [_of_stroke(stroke) for stroke in strokes]
    whole = join(drawn)
    parts = find_parts(whole.ink > 0)
    if parts is None:
        return []
    connected: dict[int, list[Piece]] = {}
    for piece in drawn:
        y, x = np.unravel_index(piece.ink.argmax(), piece.ink.shape)
        number = int(parts.labels[piece.top - whole.top + y, piece.left - whole.left + x])
        connected.setdefault(number, []).append(piece)
    return [join(pieces) for pieces in connected.values()]


def by_strokes(piece: Piece) -> list[Piece]:
    """A piece for each of the strokes that this one was drawn with, from left to right; itself if they aren't known."""
    if len(piece.strokes) < 2:
        return [piece]
    return sorted(map(_of_stroke, piece.strokes), key=lambda part: _middle(part)[0])


def _of_stroke(stroke: PenStroke) -> Piece:
    margin = int(stroke.width / 2) + 2
    low = np.floor(stroke.points.min(axis=0)).astype(int) - margin
    size = int(np.ptp(stroke.points, axis=0).max()) + 2 * margin + 2
    piece = trimmed(draw_strokes([(stroke.points - low) / size], stroke.width, size), int(low[0]), int(low[1]))
    return piece._replace(strokes=(stroke,))


def lines(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces of each line of digits, from top to bottom, each line from left to right. Specks are left out."""
    if not pieces:
        return []
    tallest = max(piece.height for piece in pieces)
    tall = sorted((piece for piece in pieces if piece.height >= TALL * tallest), key=lambda piece: _middle(piece)[1])
    height = float(np.median([piece.height for piece in tall]))
    found: list[list[Piece]] = []
    before = -np.inf
    for piece in tall:
        y = _middle(piece)[1]
        if y - before > LINE_STEP * height:
            found.append([])
        found[-1].append(piece)
        before = y
    for piece in pieces:
        if piece.height < TALL * tallest:
            min(found, key=lambda line: min(_distance(piece, other) for other in line)).append(piece)
    return [_with_small_ones(line) for line in found] if len(found) <= MAX_LINES else []


def height_of(line: list[Piece]) -> float:
    """How tall the digits of a line are, in pixels."""
    tallest = max(piece.height for piece in line)
    return float(np.median([piece.height for piece in line if piece.height >= TALL * tallest]))


def _with_small_ones(line: list[Piece]) -> list[Piece]:
    """The pieces from left to right. Small ones are joined to their neighbour, or left out if they have none."""
    height = height_of(line)
    large = [[piece] for piece in line if max(piece.width, piece.height) >= SMALL * height]
    for piece in line:
        if max(piece.width, piece.height) < SMALL * height:
            nearest = min(large, key=lambda others: _distance(piece, others[0]))
            if _distance(piece, nearest[0]) <= NEAR * height:
                nearest.append(piece)
    return sorted((join(pieces) for pieces in large), key=lambda piece: _middle(piece)[0])


def _middle(piece: Piece) -> tuple[float, float]:
    return (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2


def _distance(one: Piece, other: Piece) -> float:
    """Between the boxes of two pieces, in pixels; 0 if they overlap."""
    across = max(one.left - other.right, other.left - one.right, 0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0)
    return float(np.hypot(across, down))
