"""Ten digits drawn by hand, kept as strokes, and ways to put them on a canvas."""

import cv2
import numpy as np

from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import CANVAS_SIZE, draw_strokes, enlarge, load_strokes

DIGITS = {entry.digit: entry.strokes for entry in load_strokes(EXAMPLE_DRAWINGS)}  # in fractions of the canvas


def on_canvas(digit, longer_side, centre=(0.5, 0.5), pen=0.07, size=CANVAS_SIZE):
    """A digit whose ink is `longer_side` long, all in fractions of the canvas: white on black, uint8 (size, size)."""
    strokes = enlarge(DIGITS[digit], longer_side - pen)
    points = np.concatenate(strokes)
    move = np.array(centre) - (points.min(axis=0) + points.max(axis=0)) / 2
    return draw_strokes([stroke + move for stroke in strokes], pen * size, size)


def coloured(drawing, ink, background):
    """The drawing in two colours, with as many channels as they have."""
    opacity = (drawing / 255)[..., None]
    return np.rint(np.array(background) + (np.array(ink) - np.array(background)) * opacity).astype(np.uint8)


def difference(a, b):
    """How much two prepared images differ, as a fraction of their ink; a shift by a pixel counts little."""
    blurred = [cv2.GaussianBlur(image, (0, 0), 1.5) for image in (a, b)]
    return np.abs(blurred[0] - blurred[1]).sum() / blurred[0].sum()
