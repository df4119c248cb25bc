"""Drawings as the canvas holds them and as they are kept."""

import cv2
import numpy as np

from model.preprocessing import CANVAS_SIZE, draw_strokes

PEN = 20  # pixels of the picture that is read


def as_png(strokes, size=CANVAS_SIZE):
    """A PNG of strokes in fractions of the canvas."""
    return cv2.imencode(".png", draw_strokes(strokes, PEN * size / CANVAS_SIZE, size))[1].tobytes()


def as_kept(strokes):
    """The strokes as they are kept."""
    return [{"points": np.round(stroke, 4).tolist(), "width": round(PEN / CANVAS_SIZE, 4)} for stroke in strokes]
