"""Redraws a digit that is too small for its pen with a thinner pen, which is possible if its strokes are known.

In the picture alone, its counters are lost, and more of such digits are misread: docs/benchmarks.md says how many
(`python -m bench.accuracy`).
"""

import numpy as np

from model.preprocessing.ink import find_ink
from model.preprocessing.sizes import DIGIT_SIZE, Box
from model.preprocessing.strokes import CANVAS_SIZE, PenStroke, bounds, draw_strokes, draw_with_pens, enlarge

MIN_PEN_WIDTHS = 4  # a digit whose longer side has fewer is too small for its pen
MIN_AGREEMENT = 0.9  # of all the ink in strokes or picture, the part that must be in both for the strokes to count
LENGTH = 0.8  # of the canvas: the longer side of the new drawing
THICKNESS = 2.3  # pixels: its stroke thickness once that side is 20; MNIST's median


def redraw(image: np.ndarray, strokes: list[PenStroke]) -> np.ndarray:
    """The picture itself or, if its digit is too small for its pen, its strokes drawn larger and with a thinner pen.

    The strokes are used only if they account for the picture; after erasing, for example, they do not.
    """
    if not image.size or not too_small(strokes) or not agree(image, strokes):
        return image
    return _drawn_larger(strokes)


def thinner(strokes: list[PenStroke]) -> np.ndarray | None:
    """A digit's strokes drawn larger and with a thinner pen, uint8 (280, 280), if it is too small for its pen."""
    return _drawn_larger(strokes) if too_small(strokes) else None


def too_small(strokes: list[PenStroke]) -> bool:
    """Whether a digit is too small for its pen; one of a single point is not, since it cannot be drawn larger."""
    if not strokes:
        return False
    width = max(stroke.width for stroke in strokes)
    low, high = bounds([stroke.points for stroke in strokes])
    return 1 <= (high - low).max() < (MIN_PEN_WIDTHS - 1) * width


def _drawn_larger(strokes: list[PenStroke]) -> np.ndarray:
    pen = LENGTH * CANVAS_SIZE * THICKNESS / (DIGIT_SIZE - THICKNESS)
    return draw_strokes(enlarge([stroke.points / CANVAS_SIZE for stroke in strokes], LENGTH), pen)


def window(strokes: list[PenStroke], shape: tuple[int, ...]) -> Box:
    """The part of a picture of this shape that these strokes fill once they are drawn larger."""
    lines = [stroke.points / CANVAS_SIZE for stroke in strokes]
    low, high = bounds(lines)
    enlarged_low, enlarged_high = bounds(enlarge(lines, LENGTH))
    side = (high - low).max() / (enlarged_high - enlarged_low).max()
    left, top = low - enlarged_low * side
    height, width = (CANVAS_SIZE / pixels for pixels in shape[:2])
    return Box(float(left) * width, float(top) * height, float(side) * width, float(side) * height)


def agree(image: np.ndarray, strokes: list[PenStroke]) -> bool:
    """Whether the strokes, drawn with their own pens, make up the ink of the picture."""
    ink = find_ink(image)
    if ink is None or ink.shape != image.shape[:2]:
        return False
    size = max(ink.shape)
    drawn = draw_with_pens(strokes, size) > 127
    shown = np.zeros((size, size), bool)
    shown[: ink.shape[0], : ink.shape[1]] = ink > 127
    return (drawn & shown).sum() >= MIN_AGREEMENT * (drawn | shown).sum()
