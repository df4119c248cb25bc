"""Stroke thickness: measures it, and brings it into the range of MNIST's digits."""

import cv2
import numpy as np

from model.preprocessing.sizes import DIGIT_SIZE, scale_to

SCALE = 8  # thickness is measured and changed at this many times the final resolution
WORKING_SIZE = DIGIT_SIZE * SCALE

# All in pixels of the final image. MNIST's training digits are 1.5 to 3.65 pixels thick (5th to 95th percentile;
# `python -m bench.thickness`).
MIN_THICKNESS, MAX_THICKNESS = 1.9, 3.0  # thinner strokes become the minimum; those in between are left alone
THINNED_TO = 2.4  # what thicker strokes become: less than the maximum, because their corners stay thicker


def measure_thickness(ink: np.ndarray) -> float:
    """The median thickness of the strokes, in pixels of `ink`, uint8 (H, W); 0.0 without ink.

    It is twice the distance to the background along the ridge of the distance map, which is the middle of the strokes.
    """
    solid = cv2.copyMakeBorder((ink > ink.max() // 2).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_5)
    ridge = (distance > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))
    return 2 * float(np.median(distance[ridge])) - 1 if ridge.any() else 0.0


def normalise_thickness(crop: np.ndarray) -> np.ndarray:
    """The digit with a longer side of about 160 pixels, and strokes as thick as MNIST's once that side is 20.

    A digit drawn small with a thick pen would lose its counters, and a large one drawn with a thin pen would fade, once
    reduced to 28×28. So the former loses ink all around, and the latter gains some.
    """
    shrinking = max(crop.shape) // WORKING_SIZE
    if shrinking > 1:  # a stroke thinner than a pixel of the smaller picture would fade from it
        # Columns and rows in turn: for a square kernel, OpenCV would pad a narrow picture by as much on every side.
        crop = cv2.dilate(cv2.dilate(crop, np.ones((shrinking, 1), np.uint8)), np.ones((1, shrinking), np.uint8))
    ink = scale_to(crop, WORKING_SIZE)
    measured = measure_thickness(ink) / SCALE
    if MIN_THICKNESS <= measured <= MAX_THICKNESS:
        return ink
    wanted = MIN_THICKNESS if measured < MIN_THICKNESS else THINNED_TO
    # The digit shrinks or grows with its strokes and is then resized to 20 pixels, so they must change a little more.
    change = SCALE * (measured - wanted) / 2 / (1 - wanted / DIGIT_SIZE)
    return _erode(ink, change) if change > 0 else _dilate(ink, -change)


def _erode(ink: np.ndarray, depth: float) -> np.ndarray:
    """The ink without its outermost `depth` pixels; fewer if a stroke thinner than the rest would vanish with them.

    A pinhole, which is what a thick pen leaves of a counter, grows. Connected ink stays connected, because an 8 without
    counters could come apart at its waist.
    """
    ink = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    size, parts = _size(ink), _parts(ink)
    while (radius := round(depth)) > 0:
        eroded = cv2.erode(ink, _disc(radius))
        # The corners may lose a pixel of the final image.
        if (_size(eroded) >= size - 2 * radius - SCALE).all() and _parts(eroded) == parts:
            return eroded
        depth *= 0.7
    return ink


def _size(ink: np.ndarray) -> np.ndarray:
    """Width and height of the bounding box of all solid ink."""
    return np.array(cv2.boundingRect((ink > 127).astype(np.uint8))[2:])


def _parts(ink: np.ndarray) -> int:
    """The number of connected pieces of solid ink, plus one for the background."""
    return cv2.connectedComponents((ink > 127).astype(np.uint8), connectivity=8)[0]


def _dilate(ink: np.ndarray, depth: float) -> np.ndarray:
    """The ink grown by `depth` pixels all around."""
    radius = round(depth)
    room = cv2.copyMakeBorder(ink, radius, radius, radius, radius, cv2.BORDER_CONSTANT, value=0)
    return cv2.dilate(room, _disc(radius))


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
