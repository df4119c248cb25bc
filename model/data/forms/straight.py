"""Digits of straight lines, as with a ruler or on a display of seven segments."""

import numpy as np

from model.data.curves import BOTTOM, TOP, Form, Strokes

# Corners of each stroke: across in widths from the left, down in heights from the top
WAYS = {
    0: [[[(0, 0), (1, 0), (1, 2), (0, 2), (0, 0)]]],
    2: [[[(0, 0), (1, 0), (1, 1), (0, 1), (0, 2), (1, 2)]], [[(0, 0), (1, 0), (1, 1), (0, 2), (1, 2)]]],
    3: [
        [[(0, 0), (1, 0), (1, 2), (0, 2)], [(0.2, 1), (1, 1)]],
        [[(0, 0), (1, 0), (0.3, 0.9), (1, 0.9), (1, 2), (0, 2)]],
    ],
    4: [[[(0, 0), (0, 1), (1, 1)], [(1, 0), (1, 2)]], [[(0.7, 2), (0.7, 0), (0, 1.2), (1, 1.2)]]],
    5: [[[(1, 0), (0, 0), (0, 1), (1, 1), (1, 2), (0, 2)]]],
    6: [
        [[(0, 0), (0, 2), (1, 2), (1, 1), (0, 1)]],
        [[(1, 0), (0, 0), (0, 2), (1, 2), (1, 1), (0, 1)]],
        [[(0.8, 0), (0, 1), (0, 2), (1, 2), (1, 1), (0, 1)]],
    ],
    7: [[[(0, 0), (1, 0), (1, 2)]], [[(0, 0), (1, 0), (0.3, 1), (0.3, 2)]]],
    8: [
        [[(0, 0), (1, 0), (1, 2), (0, 2), (0, 0)], [(0, 1), (1, 1)]],
        [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], [(0, 1), (0, 2), (1, 2), (1, 1)]],
    ],
    9: [[[(1, 1), (0, 1), (0, 0), (1, 0), (1, 2)]], [[(1, 1), (0, 1), (0, 0), (1, 0), (1, 2), (0, 2)]]],
}
SCATTER = 0.012  # of a corner, in each direction: the standard deviation


def _form(digit: int) -> Form:
    """One of the ways to write it, upright and narrower than high, with corners a little out of place."""
    ways = WAYS[digit]

    def straight(rng: np.random.Generator) -> Strokes:
        width, middle = rng.uniform(0.28, 0.52), rng.uniform(0.42, 0.56)
        strokes = []
        for corners in ways[rng.integers(len(ways))]:
            across, down = np.array(corners, float).T
            places = np.stack([0.5 + (across - 0.5) * width, np.interp(down, [0, 1, 2], [TOP, middle, BOTTOM])], axis=1)
            strokes.append(places + rng.normal(0, SCATTER, places.shape))
        return strokes

    return straight


FORMS = tuple((digit, _form(digit)) for digit in WAYS)
