"""Varies how a digit is written as people vary: slant, haste, a trembling hand, hooks at the ends, an uneven pen."""

import cv2
import numpy as np

from model.preprocessing import CANVAS_SIZE, SUBPIXEL_BITS, bounds

# How often a drawing, or in the case of ends one end of a stroke, is varied in each way
OFTEN, SOMETIMES, SELDOM = 0.5, 0.25, 0.12
# The largest variations, as fractions of the longer side
MAX_SLANT, MAX_STRETCH = 0.3, 0.35  # pixels to the side per pixel down; of the width, relative to the height
BEND, WAVES = 0.05, (0.4, 1.3)  # of the field that displaces all points, and how many waves it has across the digit
MAX_DRIFT = 0.05  # of one stroke relative to the others
MAX_TREMOR = 0.012
HOOK, OVERSHOOT, SHORTFALL = (0.03, 0.12), (0.03, 0.15), (0.02, 0.1)
COARSEST = 0.16  # of the digit's longer side: between two points of a stroke that was written fast
UNEVENNESS = 0.35  # of the pen's width
SPACING = 0.02  # between the points of a stroke that is drawn unevenly

Strokes = list[np.ndarray]


def vary_strokes(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """The strokes, in any unit, as another person might have written them; no two calls give the same."""
    low, high = bounds(strokes)
    size, middle = max(float((high - low).max()), 1e-6), (low + high) / 2
    varied = [(stroke - middle) / size for stroke in strokes]
    if rng.random() < SOMETIMES:
        varied = [stroke @ _slant(rng) for stroke in varied]
    if rng.random() < OFTEN:
        varied = _bend(varied, rng)
    if len(varied) > 1 and rng.random() < OFTEN:
        varied = [stroke + rng.uniform(-MAX_DRIFT, MAX_DRIFT, 2) for stroke in varied]
    varied = [_vary_end(_vary_end(stroke, rng)[::-1], rng)[::-1] for stroke in varied]
    haste = rng.random()
    if haste < SOMETIMES:
        spacing = rng.uniform(0.04, COARSEST)
        varied = [resample(stroke, spacing) for stroke in varied]
    elif haste < OFTEN:
        smoothing = rng.uniform(0.5, 3)
        varied = [_smooth(resample(stroke, SPACING), smoothing) for stroke in varied]
    if rng.random() < SOMETIMES:
        varied = [_tremble(stroke, rng) for stroke in varied]
    return [stroke * size + middle for stroke in varied]


def draw_unevenly(strokes: Strokes, width: float, rng: np.random.Generator, size: int = CANVAS_SIZE) -> np.ndarray:
    """Draws strokes, in fractions of the canvas, with a pen whose width changes along them: uint8 (size, size)."""
    picture = np.zeros((size, size), np.uint8)
    for stroke in strokes:
        points = resample(stroke, SPACING)
        pressure = _smooth(rng.standard_normal((len(points), 1)), 8)[:, 0]
        pressure -= pressure.mean()
        widths = width * (1 + UNEVENNESS * pressure / max(float(np.abs(pressure).max()), 1e-6) * rng.random())
        placed = np.rint(points * size * 2**SUBPIXEL_BITS).astype(np.int32)
        for start, end, thickness in zip(placed, np.concatenate([placed[1:], placed[-1:]]), widths, strict=True):
            cv2.line(picture, start, end, 255, max(1, round(thickness)), cv2.LINE_AA, SUBPIXEL_BITS)
    return picture


def resample(stroke: np.ndarray, spacing: float) -> np.ndarray:
    """The stroke with points as far apart as `spacing`, as near as that is possible; both ends stay: (N, 2)."""
    if len(stroke) < 2:
        return stroke
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    count = max(2, round(along[-1] / spacing) + 1)
    even = np.linspace(0, along[-1], count)
    return np.stack([np.interp(even, along, side) for side in stroke.T], axis=1)


def _slant(rng: np.random.Generator) -> np.ndarray:
    stretch = rng.uniform(1 - MAX_STRETCH, 1 + MAX_STRETCH)
    return np.array([[stretch, 0], [rng.uniform(-MAX_SLANT, MAX_SLANT), 1]])


def _bend(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Displaces all points by the same smooth field."""
    waves = 2 * np.pi * rng.uniform(*WAVES, (2, 2)) * rng.choice([-1, 1], (2, 2))
    phase, height = rng.uniform(0, 2 * np.pi, 2), rng.uniform(0, BEND, 2)
    return [stroke + height * np.sin(stroke @ waves + phase) for stroke in strokes]


def _vary_end(stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The stroke with a hook at its end, or a little longer or shorter there; mostly as it is."""
    chance = rng.random()
    if len(stroke) < 2 or chance > 3 * SELDOM:
        return stroke
    way = stroke[-1] - stroke[max(0, len(stroke) - 4)]
    length = float(np.linalg.norm(way))
    if length < 1e-6:
        return stroke
    way = way / length
    if chance < SELDOM:
        turn = rng.uniform(0.5, 2.6) * rng.choice([-1, 1])
        aside = np.array([np.cos(turn) * way[0] - np.sin(turn) * way[1], np.sin(turn) * way[0] + np.cos(turn) * way[1]])
        return np.concatenate([stroke, [stroke[-1] + aside * rng.uniform(*HOOK)]])
    if chance < 2 * SELDOM:
        return np.concatenate([stroke, [stroke[-1] + way * rng.uniform(*OVERSHOOT)]])
    fine = resample(stroke, SPACING)
    kept = len(fine) - round(rng.uniform(*SHORTFALL) / SPACING)
    return fine[:kept] if kept > len(fine) // 2 else stroke


def _smooth(points: np.ndarray, amount: float) -> np.ndarray:
    """Points (N, D), smoothed along the stroke; its ends hardly move."""
    return cv2.GaussianBlur(points, (1, 0), 0, sigmaY=amount, borderType=cv2.BORDER_REPLICATE).reshape(points.shape)


def _tremble(stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    fine = resample(stroke, SPACING)
    tremor = _smooth(rng.standard_normal(fine.shape), rng.uniform(0.6, 2))
    return fine + tremor * (rng.uniform(0, MAX_TREMOR) / max(float(tremor.std()), 1e-6))
