"""Written forms of 5 to 9."""

import numpy as np

from model.data.curves import BOTTOM, TOP, Strokes, arc, curve, hurried, joined, line, ring, scattered


def five(rng: np.random.Generator) -> Strokes:
    """In one stroke with corners, smooth like an S, or with a bar of its own that may stand apart."""
    left, right = rng.uniform(0.22, 0.36), rng.uniform(0.62, 0.8)
    bowl = [(right, 0.66), (0.5, BOTTOM), (left - 0.06, rng.uniform(0.74, 0.88))]
    shoulder = (left, rng.uniform(0.4, 0.5))
    kind = rng.integers(3)
    if kind == 0:
        return [
            joined(
                line((right, TOP + rng.normal(0, 0.02)), (left, TOP), shoulder),
                scattered(rng, shoulder, (0.52, 0.42), *bowl),
            )
        ]
    if kind == 1:
        return [scattered(rng, (right, TOP + 0.02), (0.5, TOP), (left, 0.28), (0.5, 0.46), *bowl)]
    gap = rng.uniform(-0.03, 0.1)
    bar = line((left + gap, TOP + rng.normal(0, 0.03)), (right + rng.uniform(-0.05, 0.08), TOP + rng.normal(0, 0.03)))
    return [joined(line((left, TOP + 0.03), shoulder), scattered(rng, shoulder, (0.52, 0.42), *bowl)), bar]


def six(rng: np.random.Generator) -> Strokes:
    """The bowl curls in on itself, closes, or stays open; the back is straight or bent."""
    left, right, waist = rng.uniform(0.22, 0.32), rng.uniform(0.6, 0.76), rng.uniform(0.46, 0.62)
    start = (rng.uniform(0.42, 0.75), TOP)
    back = [start, (left + rng.uniform(0.04, 0.14), 0.36), (left, 0.64), ((left + right) / 2, BOTTOM), (right, 0.7)]
    middle = ((left + right) / 2, waist)
    ends = (
        [(left + 0.06, 0.66)],
        [(left + 0.02, 0.68), (left + 0.08, 0.8)],
        [(left + 0.1, 0.64), (0.48, 0.76), (0.55, 0.68)],
    )
    return [scattered(rng, *back, middle, *ends[rng.integers(3)])]


def seven(rng: np.random.Generator) -> Strokes:
    """A level arm, long or short, with or without a serif, and a straight stem with or without a crossbar."""
    left, right = np.array([rng.uniform(0.15, 0.45), rng.uniform(0.1, 0.18)]), np.array([rng.uniform(0.62, 0.85), 0.13])
    foot = np.array([rng.uniform(0.25, 0.62), BOTTOM])
    below = left + np.array([rng.uniform(-0.04, 0.04), rng.uniform(0.08, 0.2)])
    serif = [below] * int(rng.integers(2))
    return [hurried(line(*serif, left, right, foot), rng), *_crossbar(rng, (right + foot) / 2)]


def curved_seven(rng: np.random.Generator) -> Strokes:
    """The arm waves and the stem bends, sometimes with a hook at its foot."""
    left, right = (rng.uniform(0.14, 0.34), rng.uniform(0.12, 0.22)), (rng.uniform(0.66, 0.84), rng.uniform(0.1, 0.18))
    sag = rng.uniform(-0.04, 0.05)
    arm = curve(left, (0.38, TOP + 0.04 + sag), (0.56, TOP + 0.04 - sag), right)
    foot = np.array([rng.uniform(0.3, 0.6), BOTTOM])
    bend = (np.array(right) + foot) / 2 + (rng.uniform(-0.16, 0.03), rng.uniform(-0.08, 0.06))
    hook = [np.add(foot, (rng.uniform(-0.02, 0.1), rng.uniform(-0.04, 0.02)))] * int(rng.integers(2))
    return [joined(arm, curve(right, bend, foot, *hook)), *_crossbar(rng, np.add(bend, (0.03, 0)))]


def arched_seven(rng: np.random.Generator) -> Strokes:
    """Arm and stem are one bow, as when written fast, and the stem just ends."""
    left, right = rng.uniform(0.16, 0.36), rng.uniform(0.6, 0.8)
    start, crown = (left, rng.uniform(0.14, 0.3)), ((left + right) / 2 + 0.04, TOP)
    foot = (rng.uniform(0.3, 0.55), BOTTOM)
    bend = ((right + foot[0]) / 2 + rng.uniform(-0.02, 0.05), 0.54)
    return [scattered(rng, start, crown, (right, rng.uniform(0.16, 0.26)), bend, foot), *_crossbar(rng, np.array(bend))]


def _crossbar(rng: np.random.Generator, middle: np.ndarray) -> Strokes:
    """The bar through the stem of every second 7."""
    if rng.integers(2):
        return []
    half = np.array([rng.uniform(0.08, 0.24), rng.uniform(-0.07, 0.04)])
    place = middle + rng.normal(0, 0.04, 2)
    return [line(place - half, place + half)]


def eight(rng: np.random.Generator) -> Strokes:
    """One stroke that begins and ends at the top right, and may not quite close."""
    width, waist, gap = rng.uniform(0.12, 0.24), rng.uniform(0.4, 0.55), rng.uniform(-0.05, 0.14)
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


def eight_of_rings(rng: np.random.Generator) -> Strokes:
    """Two rings, one above the other, that touch, overlap, or leave a little room."""
    waist, gap = rng.uniform(0.4, 0.54), rng.uniform(-0.05, 0.03)
    shift = rng.normal(0, 0.03)
    upper, lower = (waist - TOP) / 2, (BOTTOM - waist) / 2
    return [
        ring(rng, 0.5 + shift, TOP + upper - gap / 2, rng.uniform(0.12, 0.24), upper),
        ring(rng, 0.5 - shift, waist + lower + gap / 2, rng.uniform(0.15, 0.28), lower),
    ]


def nine(rng: np.random.Generator) -> Strokes:
    """A flat, slanted bowl that may stay open, and a leg towards the left, straight or hooked."""
    start, closed = rng.uniform(-50, 0), rng.uniform() < 0.8
    bow = arc(0, 0, rng.uniform(0.14, 0.26), rng.uniform(0.08, 0.2), start, start - rng.uniform(310, 370))
    lean = np.deg2rad(rng.uniform(-10, 35))
    bow = bow @ np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    bow += (0.5, TOP - bow[:, 1].min())
    foot = np.array([rng.uniform(0.25, 0.7), BOTTOM])
    hook = [foot - (rng.uniform(0.08, 0.25), rng.uniform(0, 0.12))] * int(rng.integers(2))
    return [hurried(joined(bow, line(*[bow[0]] * closed, foot, *hook)), rng)]


def nine_like_g(rng: np.random.Generator) -> Strokes:
    """A round bowl, open or closed, and a leg that bends into a hook, or is short as in an a."""
    left, right, bowl = rng.uniform(0.2, 0.34), rng.uniform(0.62, 0.74), rng.uniform(0.4, 0.54)
    start = (right, rng.uniform(TOP + 0.02, 0.24))
    ring = scattered(rng, start, (0.5, TOP), (left, (TOP + bowl) / 2), (0.46, bowl), (right - 0.02, 0.28))
    hook = [(right, 0.72), (0.52, BOTTOM), (left - 0.04, rng.uniform(0.74, 0.88))]
    leg = curve((right, start[1] - rng.uniform(0, 0.06)), *hook[: rng.integers(1, 4)])
    return [joined(ring, leg)] if rng.integers(2) else [ring, leg]
