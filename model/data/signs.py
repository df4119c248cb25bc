"""Mathematical signs that people draw as easily as digits, written by rule: ∫, √, Σ, θ, φ, ≥, →.

Like written forms, each is a rule with random parts; strokes are in fractions of a box, y downwards.
"""

from collections.abc import Callable

import numpy as np

from model.data.curves import BOTTOM, TOP, Strokes, arc, curve, hurried, line

Sign = Callable[[np.random.Generator], Strokes]


def integral(rng: np.random.Generator) -> Strokes:
    """A long S: hooks at both ends of a leaning stem."""
    lean, hook = rng.uniform(-0.02, 0.14), rng.uniform(0.1, 0.22)
    upper, lower = np.array([0.5 + lean, TOP]), np.array([0.5 - lean, BOTTOM])
    inward = 0.3 * (upper - lower) * (rng.uniform(0.3, 1), 1)
    start, end = np.add(upper, (hook, rng.uniform(0.02, 0.1))), lower - (hook, rng.uniform(0.02, 0.1))
    stem = curve(start, upper, (0.5, 0.5) + inward / 2, (0.5, 0.5) - inward / 2, lower, end)
    return [stem + rng.normal(0, 0.006, 2)]


def root(rng: np.random.Generator) -> Strokes:
    """A short tick, a V, and a bar to the right, long or short."""
    low = np.array([rng.uniform(0.25, 0.4), BOTTOM])
    tick = np.add(low, (-rng.uniform(0.05, 0.16), -rng.uniform(0.15, 0.5)))
    corner = np.array([low[0] + rng.uniform(0.05, 0.2), rng.uniform(TOP, 0.35)])
    end = np.add(corner, (rng.uniform(0.15, 0.5), rng.normal(0, 0.03)))
    serif = [np.add(tick, (-rng.uniform(0.03, 0.1), rng.uniform(0, 0.1)))] * int(rng.integers(2))
    return [hurried(line(*serif, tick, low, corner, end), rng)]


def total(rng: np.random.Generator) -> Strokes:
    """A Σ: level, slanting in, slanting out, level; with or without serifs."""
    left, right, middle = rng.uniform(0.18, 0.32), rng.uniform(0.64, 0.84), rng.uniform(0.42, 0.64)
    serifs = [[(right, 0.2)], [(right, 0.8)]] if rng.integers(3) == 0 else [[], []]
    knots = [*serifs[0], (right, TOP), (left, TOP), (middle, 0.5), (left, BOTTOM), (right, BOTTOM), *serifs[1]]
    return [hurried(line(*knots) + rng.normal(0, 0.02, (len(knots), 2)), rng)]


def crossed_ring(rng: np.random.Generator) -> Strokes:
    """A θ, whose bar is level, or a φ, whose bar is upright and sticks out."""
    start, turn = rng.uniform(-150, -30), rng.uniform(340, 380)
    if rng.integers(2):
        across, down = rng.uniform(0.18, 0.34), rng.uniform(0.32, 0.4)
        half = np.array([across * rng.uniform(0.7, 1.2), rng.normal(0, 0.03)])
        sag = np.array([0, rng.normal(0, 0.03)])
        middle = np.array([0.5, 0.5 + rng.normal(0, 0.03)])
        return [arc(0.5, 0.5, across, down, start, start + turn), curve(middle - half, middle + sag, middle + half)]
    across, down = rng.uniform(0.16, 0.32), rng.uniform(0.16, 0.26)
    lean = rng.uniform(-0.03, 0.1)
    ring = arc(0.5, rng.uniform(0.46, 0.56), across, down, start, start + turn)
    return [ring, line((0.5 + lean, TOP), (0.5 - lean, BOTTOM))]


def comparison(rng: np.random.Generator) -> Strokes:
    """An angle that opens to one side, often with a bar below it, or an arrow."""
    open_left, tip = rng.uniform(0.15, 0.3), rng.uniform(0.7, 0.85)
    upper, lower = rng.uniform(0.12, 0.25), rng.uniform(0.55, 0.72)
    point = (tip, (upper + lower) / 2)
    if rng.integers(3) == 0:
        shaft = line((open_left - 0.05, point[1]), point)
        back = rng.uniform(0.12, 0.3)
        return [shaft, line((tip - back, upper + 0.06), point, (tip - back, lower - 0.06))]
    strokes = [hurried(line((open_left, upper), point, (open_left, lower)), rng)]
    if rng.integers(3):
        strokes.append(line((open_left, lower + 0.15), (tip, lower + 0.15 + rng.normal(0, 0.04))))
    flip = np.array([1 - 2 * float(rng.integers(2)), 1])
    return [(stroke - 0.5) * flip + 0.5 for stroke in strokes]
