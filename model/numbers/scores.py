"""Scores what is taken for a digit of a line: how surely it is one, and how well it fits among the others."""

import numpy as np

from model.numbers.pieces import Piece, join
from model.reading import Reading

# All in fractions of the height of the line's digits:
LOW, WIDE = 0.65, 1.1  # lower or wider digits are less likely
# The score of a digit is the logarithm of its probability, and less for what is unlikely:
NOT_A_DIGIT = 1.0  # below the network's threshold
LOWER, WIDER = 3.0, 3.0  # for each height that is missing or too much
OVERLAP, MAX_OVERLAP = 10.0, 0.7  # for what of the narrower digit, beyond this share, is above or below the last
GAP = 2.0  # for each height between the pieces of one digit
CUT = 0.2  # for each stroke thickness of ink cut through
EACH_CUT = 0.1  # besides
# Which way to divide a line is preferred depends on more. These were fitted to some 700 composed numbers of writers who
# decide nothing, so that the right way is as probable as possible among all:
TRUST = 0.56  # for each unit of the score
DIGIT = 2.15  # for each digit: what two digits can be is rarely one
DOUBT, CERTAIN = 0.51, 0.001  # for each time that the doubt, 1 less the probability, is e times as large as the least
PREFERRED_CUT, PREFERRED_EACH_CUT = 0.84, 0.8  # as above, in addition
UNEVEN = 3.8  # for each time that it is e times as high or as low as the line's digits
TOO_WIDE = 1.1  # for each standard deviation beyond the first
# The logarithm of the width of 0 to 9, as a share of the height: mean and standard deviation of 5,291 digits of those
# writers, as many of each.
WIDTHS = (
    *((-0.23, 0.26), (-0.96, 0.57), (-0.18, 0.25), (-0.38, 0.21), (-0.39, 0.25)),
    *((-0.23, 0.25), (-0.44, 0.22), (-0.32, 0.24), (-0.43, 0.24), (-0.52, 0.21)),
)


def score(pieces: list[Piece], last: Piece | None, height: float, reading: Reading) -> float:
    """How surely pieces of a line are one digit: 0 at best.

    `last` is the piece before them, if there is one, and `height` that of the line's digits.
    """
    whole = join(pieces)
    found = float(np.log(max(reading.probabilities.max(), 1e-6)))
    if not reading.is_digit:
        found -= NOT_A_DIGIT
    found -= LOWER * max(0.0, LOW - whole.height / height)
    found -= WIDER * max(0.0, whole.width / height - WIDE)
    right = pieces[0].right
    for piece in pieces[1:]:
        found -= GAP * max(0.0, (piece.left - right) / height)
        right = max(right, piece.right)
    if last and whole.cut:
        found -= EACH_CUT + CUT * whole.cut
    elif last:
        found -= OVERLAP * max(0.0, _overlap(whole, last) - MAX_OVERLAP)
    return found


def preference(pieces: list[Piece], last: Piece | None, height: float, reading: Reading) -> float:
    """How much is in favour of one digit where pieces of a line can be divided in several ways; see `score`."""
    whole = join(pieces)
    found = TRUST * score(pieces, last, height, reading) + DIGIT
    found -= DOUBT * np.log((1 - min(float(reading.probabilities.max()), 1.0) + CERTAIN) / CERTAIN)
    found -= UNEVEN * abs(np.log(whole.height / height)) + TOO_WIDE * max(0.0, wideness(whole, reading) - 1)
    if last and whole.cut:
        found -= PREFERRED_EACH_CUT + PREFERRED_CUT * whole.cut
    return float(found)


def wideness(piece: Piece, reading: Reading) -> float:
    """By how many standard deviations a piece is wider than most digits of its kind; negative if it is narrower."""
    mean, deviation = WIDTHS[int(reading.probabilities.argmax())]
    return (float(np.log(piece.width / piece.height)) - mean) / deviation


def _overlap(one: Piece, other: Piece) -> float:
    """How much of the narrower of two pieces lies above, below or inside the other: 0–1."""
    common = min(one.right, other.right) - max(one.left, other.left)
    return max(0, common) / min(one.width, other.width)
