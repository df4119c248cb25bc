"""Written forms that schools teach but stroke files seldom hold: a 1 with flag and foot, a crossed 7, a leaning 9.

Each form is a rule with random parts: every call returns different strokes, in fractions of a box, y downwards.
"""

from collections.abc import Callable

import cv2
import numpy as np

from model.preprocessing import StrokeDigit

Point = tuple[float, float] | np.ndarray  # x, y
Strokes = list[np.ndarray]
Form = Callable[[np.random.Generator], Strokes]

POINTS = 60  # along a smoothed stroke
TOP, BOTTOM = 0.1, 0.9
RULE = 0  # their writer's number; no person has it


def line(*points: Point) -> np.ndarray:
    """The stroke from point to point: float (N, 2)."""
    return np.array(points, float)


def arc(x: float, y: float, across: float, down: float, start: float, end: float) -> np.ndarray:
    """Part of an ellipse around (x, y) with radii `across` and `down`, clockwise from `start` to `end` degrees.

    0 degrees is right, 90 is down.
    """
    angle = np.deg2rad(np.linspace(start, end, 30))
    return np.stack([x + across * np.cos(angle), y + down * np.sin(angle)], axis=1)


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


def _stem(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The top and the bottom of the stem of a 1, slightly slanted."""
    lean = rng.uniform(-0.05, 0.2)
    return np.array([0.5 + lean, TOP]), np.array([0.5 - lean, BOTTOM])


def _flag(top: np.ndarray, length: float, below: float) -> np.ndarray:
    """The far end of a flag that points left, `below` degrees below the horizontal."""
    angle = np.deg2rad(below)
    return top + length * np.array([-np.cos(angle), np.sin(angle)])


def _one_with_flag(rng: np.random.Generator) -> Strokes:
    """Flag and stem meet at an acute angle; otherwise it would be a 7."""
    top, bottom = _stem(rng)
    return [hurried(line(_flag(top, rng.uniform(0.2, 0.55), rng.uniform(38, 65)), top, bottom), rng)]


def _one_with_foot(rng: np.random.Generator) -> Strokes:
    """The foot makes it a 1, however level the flag."""
    top, bottom = _stem(rng)
    stem = hurried(line(_flag(top, rng.uniform(0.1, 0.35), rng.uniform(5, 60)), top, bottom), rng)
    middle = bottom - (0, rng.uniform(0, 0.12))
    half = np.array([rng.uniform(0.14, 0.3), rng.uniform(-0.04, 0.04)])
    return [stem, line(middle - half, middle + half)]


def _four(rng: np.random.Generator) -> Strokes:
    """Open at the top, in two strokes or in one that leads back up to the stem."""
    left, right, bar = rng.uniform(0.22, 0.35), rng.uniform(0.58, 0.7), rng.uniform(0.5, 0.65)
    top, start = rng.uniform(TOP, 0.3), (left + rng.uniform(0, 0.2), TOP)
    if rng.integers(2):
        return [hurried(line(start, (left, bar), (right + 0.12, bar)), rng), line((right, top), (right, BOTTOM))]
    return [hurried(line(start, (left, bar), (right, bar - 0.03), (right, top), (right - 0.03, BOTTOM)), rng)]


def _seven(rng: np.random.Generator) -> Strokes:
    """A level bar with or without a serif, and a stem with or without a crossbar."""
    left, right = np.array([rng.uniform(0.15, 0.3), rng.uniform(0.1, 0.16)]), np.array([rng.uniform(0.68, 0.85), 0.13])
    foot = np.array([rng.uniform(0.25, 0.5), BOTTOM])
    below = left + np.array([rng.uniform(-0.03, 0.03), rng.uniform(0.08, 0.2)])
    serif = [below] * int(rng.integers(2))
    strokes = [hurried(line(*serif, left, right, foot), rng)]
    if rng.integers(2):
        middle, half = (right + foot) / 2, np.array([rng.uniform(0.12, 0.22), rng.uniform(-0.05, 0.03)])
        strokes.append(line(middle - half, middle + half))
    return strokes


def _eight(rng: np.random.Generator) -> Strokes:
    """One stroke that begins and ends at the top right, and may not quite close."""
    width, waist, gap = rng.uniform(0.12, 0.24), rng.uniform(0.4, 0.55), rng.uniform(-0.03, 0.1)
    knots = line(
        (0.5 + width, TOP + 0.06),
        (0.5, TOP),
        (0.5 - width, (TOP + waist) / 2),
        (0.5, waist),
        (0.5 + width, (waist + BOTTOM) / 2),
        (0.5, BOTTOM),
        (0.5 - width, (waist + BOTTOM) / 2),
        (0.5, waist),
        (0.5 + width, TOP + 0.06 + gap),
    )
    return [hurried(knots + rng.normal(0, 0.015, knots.shape), rng)]


def _nine(rng: np.random.Generator) -> Strokes:
    """A flat, slanted bowl that may stay open, and a leg towards the left, straight or hooked."""
    start, closed = rng.uniform(-50, 0), rng.uniform() < 0.8
    bow = arc(0, 0, rng.uniform(0.14, 0.26), rng.uniform(0.08, 0.2), start, start - rng.uniform(310, 370))
    lean = np.deg2rad(rng.uniform(-10, 35))
    bow = bow @ np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    bow += (0.5, TOP - bow[:, 1].min())
    foot = np.array([rng.uniform(0.25, 0.7), BOTTOM])
    hook = [foot - (rng.uniform(0.08, 0.25), rng.uniform(0, 0.12))] * int(rng.integers(2))
    return [hurried(joined(bow, line(*[bow[0]] * closed, foot, *hook)), rng)]


FORMS: tuple[tuple[int, Form], ...] = (
    (1, _one_with_flag),
    (1, _one_with_foot),
    (4, _four),
    (7, _seven),
    (8, _eight),
    (9, _nine),
)


def write_forms(copies: int, rng: np.random.Generator) -> list[StrokeDigit]:
    """Each form written `copies` times, each time differently."""
    return [StrokeDigit(digit, RULE, form(rng)) for digit, form in FORMS for _ in range(copies)]
