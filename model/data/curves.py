"""Strokes drawn by rule: straight, round and smooth lines, joined and hurried. All are float (N, 2) of x, y."""

from collections.abc import Callable

import cv2
import numpy as np

Point = tuple[float, float] | np.ndarray  # x, y
Strokes = list[np.ndarray]
Form = Callable[[np.random.Generator], Strokes]  # a rule with random parts

POINTS = 60  # along a hurried stroke
STEPS = 8  # from one knot of a curve to the next
SCATTER = 0.018  # of a knot, in each direction: the standard deviation
TOP, BOTTOM = 0.1, 0.9  # of what is written in the box


def line(*points: Point) -> np.ndarray:
    """The stroke from point to point: float (N, 2)."""
    return np.array(points, float)


def arc(x: float, y: float, across: float, down: float, start: float, end: float) -> np.ndarray:
    """Part of an ellipse around (x, y) with radii `across` and `down`, clockwise from `start` to `end` degrees.

    0 degrees is right, 90 is down.
    """
    angle = np.deg2rad(np.linspace(start, end, 30))
    return np.stack([x + across * np.cos(angle), y + down * np.sin(angle)], axis=1)


def curve(*knots: Point) -> np.ndarray:
    """A smooth stroke through the knots, a Catmull–Rom spline: float (N, 2)."""
    points = np.array(knots, float)
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    before, start, end, after = (padded[i : len(points) - 1 + i, None] for i in range(4))
    t = np.linspace(0, 1, STEPS, endpoint=False)[None, :, None]
    bent = start + t / 2 * (end - before)
    bent += t**2 / 2 * (2 * before - 5 * start + 4 * end - after) + t**3 / 2 * (3 * start - before - 3 * end + after)
    return np.concatenate([bent.reshape(-1, 2), points[-1:]])


def joined(*parts: np.ndarray) -> np.ndarray:
    """One stroke through all the points of the parts in turn."""
    return np.concatenate(parts)


def hurried(stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The stroke with its corners rounded, now more, now less, as in hurried writing: float (POINTS, 2)."""
    steps = np.linalg.norm(np.diff(stroke, axis=0), axis=1)
    length = np.concatenate([[0], np.cumsum(steps)])
    even = np.linspace(0, length[-1], POINTS)
    points = np.stack([np.interp(even, length, side) for side in stroke.T], axis=1)
    return cv2.GaussianBlur(points, (1, 0), 0, sigmaY=rng.uniform(0.3, 4), borderType=cv2.BORDER_REPLICATE)


def scattered(rng: np.random.Generator, *knots: Point) -> np.ndarray:
    """A curve through knots that have been moved a little at random."""
    points = np.array(knots, float)
    return curve(*points + rng.normal(0, SCATTER, points.shape))


def ring(rng: np.random.Generator, x: float, y: float, across: float, down: float) -> np.ndarray:
    """A ring that begins anywhere near the top, runs either way, and closes more or less."""
    start = rng.uniform(-150, -30)
    turn = rng.uniform(330, 385) * rng.choice([-1, 1])
    ring = arc(x, y, across, down, start, start + turn)
    drift = np.linspace(0, 1, len(ring))[:, None] * rng.normal(0, SCATTER, 2)
    return ring + drift
