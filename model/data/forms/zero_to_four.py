"""Written forms of 0 to 4."""

import numpy as np

from model.data.curves import BOTTOM, TOP, Strokes, arc, curve, hurried, joined, line, ring, scattered


def slashed_zero(rng: np.random.Generator) -> Strokes:
    """A ring with a slash that stays inside or sticks out, usually rising to the right."""
    across, down = rng.uniform(0.17, 0.34), rng.uniform(0.34, 0.4)
    angle, length = np.deg2rad(rng.uniform(32, 70)), rng.uniform(0.55, 1.3)
    half = length * np.array([across * np.cos(angle), -down * np.sin(angle)]) * rng.choice([1, 1, 1, -1], 1)
    if rng.uniform() < 0.12:
        half = half * (-1, 1)  # a few fall to the right
    middle = np.array([0.5, 0.5]) + rng.normal(0, 0.02, 2)
    return [ring(rng, 0.5, 0.5, across, down), curve(middle - half, middle + rng.normal(0, 0.012, 2), middle + half)]


def looped_zero(rng: np.random.Generator) -> Strokes:
    """It ends in a small loop or a tail at the top."""
    across, down, start = rng.uniform(0.16, 0.32), rng.uniform(0.33, 0.4), rng.uniform(-110, -40)
    ring = arc(0.5, 0.5, across, down, start, start - rng.uniform(345, 400))
    tail = ring[-1] + (rng.uniform(-0.06, 0.16), rng.uniform(-0.1, 0.14))
    return [joined(ring, curve(ring[-1], (ring[-1] + tail) / 2 + rng.normal(0, 0.03, 2), tail))]


def open_zero(rng: np.random.Generator) -> Strokes:
    """Open at the top, or with corners, as when written fast."""
    across, down, way = rng.uniform(0.18, 0.36), rng.uniform(0.3, 0.4), rng.choice([-1, 1])
    turn = rng.uniform(305, 348)
    start = -90 + way * ((360 - turn) / 2 + rng.uniform(-25, 25))
    knots = arc(0.5, 0.5, across, down, start, start + way * turn)[:: rng.integers(3, 7)]
    return [scattered(rng, *knots)]


def angular_zero(rng: np.random.Generator) -> Strokes:
    """Five to eight rounded corners around a ring of any proportions, which closes more or less."""
    corners, start = rng.integers(5, 9), rng.uniform(-130, -50)
    angles = np.deg2rad(start + rng.choice([-1, 1]) * np.linspace(0, 360, corners + 1))
    angles[1:-1] += rng.normal(0, 0.12, corners - 1)
    narrow = rng.integers(4) > 0
    sides = np.array([rng.uniform(0.16, 0.38), 0.4] if narrow else [0.4, rng.uniform(0.2, 0.38)])
    ring = 0.5 + sides * np.stack([np.cos(angles), np.sin(angles)], axis=1) * rng.uniform(0.85, 1.12, (corners + 1, 1))
    ring[-1] = ring[0] + rng.normal(0, 0.03, 2)
    return [hurried(line(*ring), rng)]


def _stem(rng: np.random.Generator, most: float = 0.2, x: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """The top and the bottom of the stem of a 1, slanted to the right by at most `most` either way of `x`."""
    lean = rng.uniform(-0.05, most)
    return np.array([x + lean, TOP]), np.array([x - lean, BOTTOM])


def _flag(top: np.ndarray, length: float, below: float) -> np.ndarray:
    """The far end of a flag that points left, `below` degrees below the horizontal."""
    angle = np.deg2rad(below)
    return top + length * np.array([-np.cos(angle), np.sin(angle)])


def one_with_flag(rng: np.random.Generator) -> Strokes:
    """Flag and stem meet at an acute angle; otherwise it would be a 7."""
    top, bottom = _stem(rng)
    return [hurried(line(_flag(top, rng.uniform(0.1, 0.6), rng.uniform(26, 65)), top, bottom), rng)]


def one_with_level_flag(rng: np.random.Generator) -> Strokes:
    """A flag that rises no more than some 7s' arms do, but to an upright stem."""
    top, bottom = _stem(rng, most=0.07, x=0.65)
    start = _flag(top, rng.uniform(0.2, 0.5), rng.uniform(20, 32))
    bend = (start + top) / 2 + (0, rng.uniform(-0.02, 0.04))
    return [hurried(joined(curve(start, bend, top), line(bottom)), rng)]


def one_or_seven(rng: np.random.Generator) -> Strokes:
    """The arm rises a little, to an upright stem: some people write their 1s like this, and others their 7s."""
    top, bottom = _stem(rng, most=0.05, x=0.65)
    return [hurried(line(_flag(top, rng.uniform(0.25, 0.5), rng.uniform(12, 18)), top, bottom), rng)]


def one_with_upstroke(rng: np.random.Generator) -> Strokes:
    """A steep upstroke, nearly straight, that may begin as low as the stem ends."""
    top, bottom = _stem(rng)
    start = _flag(top, rng.uniform(0.4, 0.85), rng.uniform(55, 76))
    bend = (start + top) / 2 + (rng.uniform(-0.03, 0.07), rng.uniform(-0.02, 0.05))
    tail = [np.add(bottom, (rng.uniform(0.04, 0.16), rng.uniform(-0.06, 0.02)))] * int(rng.integers(4) == 0)
    return [hurried(joined(curve(start, bend, top), line(bottom, *tail)), rng)]


def hollow_one(rng: np.random.Generator) -> Strokes:
    """The upstroke sags and runs into the stem well below the top, then climbs along it."""
    top, bottom = _stem(rng)
    meets = top + (bottom - top) * rng.uniform(0.1, 0.6)
    start = np.add(meets, (-rng.uniform(0.12, 0.45), rng.uniform(-0.06, 0.34)))
    sag = (start + meets) / 2 + (rng.uniform(0, 0.06), rng.uniform(0.0, 0.08))
    bend = np.add(meets, (rng.uniform(-0.06, 0.0), rng.uniform(-0.02, 0.06)))
    return [hurried(joined(curve(start, sag, bend, top), line(bottom)), rng)]


def one_with_foot(rng: np.random.Generator) -> Strokes:
    """Under a flag that slopes, or none; otherwise it would be a 2. It may be written in one stroke."""
    top, bottom = _stem(rng)
    flag = [_flag(top, rng.uniform(0.1, 0.5), rng.uniform(24, 70))] * int(rng.random() < 0.75)
    half = np.array([rng.uniform(0.1, 0.3), rng.uniform(-0.04, 0.04)])
    if rng.integers(3) == 0:
        return [hurried(line(*flag, top, bottom, bottom - half, bottom + half), rng)]
    middle = np.add(bottom, (rng.uniform(-0.08, 0.08), -rng.uniform(0, 0.12)))
    return [hurried(line(*flag, top, bottom), rng), line(middle - half, middle + half)]


def two(rng: np.random.Generator) -> Strokes:
    """A round top, and a foot that is flat, wavy, or begins with a loop."""
    left, right, waist = rng.uniform(0.2, 0.32), rng.uniform(0.62, 0.78), rng.uniform(0.6, 0.75)
    top = [(left, rng.uniform(0.2, 0.36)), (0.47, TOP), (right, 0.28), ((left + right) / 2 + 0.06, waist - 0.12)]
    kind = rng.integers(3)
    if kind == 0:
        return [
            joined(scattered(rng, *top, (left, BOTTOM - 0.02)), line((right + 0.06, BOTTOM - rng.uniform(0, 0.06))))
        ]
    if kind == 1:
        return [scattered(rng, *top, (left, 0.86), (0.45, 0.84), (right + 0.1, BOTTOM - rng.uniform(-0.02, 0.08)))]
    loop = rng.uniform(0.05, 0.11)
    low = BOTTOM - loop
    turn = [(left + 0.08, low + 0.06), (left, low), (left + 0.06, low - loop), (left + 0.2, low + 0.03)]
    return [scattered(rng, *top, *turn, (right + 0.1, BOTTOM - rng.uniform(-0.03, 0.06)))]


def looped_two(rng: np.random.Generator) -> Strokes:
    """Its top curls in on itself like a swan's head, and its foot often loops as well."""
    left, right = rng.uniform(0.24, 0.36), rng.uniform(0.56, 0.76)
    curl = [(left + 0.08, rng.uniform(0.34, 0.44)), (right - 0.08, rng.uniform(0.32, 0.44))][:: rng.choice([-1, 1])]
    top = [*curl[: rng.integers(1, 3)], (left, 0.24), ((left + right) / 2, TOP), (right, 0.28)]
    low = rng.uniform(0.76, 0.86)
    down = [((left + right) / 2, 0.6), (left + 0.02, low)]
    loop = [(left - 0.06, BOTTOM - 0.02), (left - 0.02, low - 0.06), (left + 0.14, low + 0.02)]
    ends = (right + rng.uniform(0, 0.16), BOTTOM - rng.uniform(-0.02, 0.08))
    return [scattered(rng, *top, *down, *loop[: 3 * int(rng.integers(2))], ends)]


def angular_two(rng: np.random.Generator) -> Strokes:
    """Nearly a Z: a level or rising top, a corner, a diagonal and a long foot."""
    left, right = rng.uniform(0.12, 0.34), rng.uniform(0.58, 0.8)
    top = [
        (left, rng.uniform(TOP, 0.32)),
        ((left + right) / 2, rng.uniform(TOP, 0.18)),
        (right, rng.uniform(TOP, 0.28)),
    ]
    foot = (left - rng.uniform(-0.08, 0.08), rng.uniform(0.76, BOTTOM))
    stroke = joined(curve(*top), line(foot, (right + rng.uniform(0, 0.14), BOTTOM - rng.uniform(-0.03, 0.06))))
    return [hurried(stroke, rng)]


def upright_two(rng: np.random.Generator) -> Strokes:
    """Its back is so upright that only a level top and a foot tell it from a 1."""
    left, right = rng.uniform(0.2, 0.4), rng.uniform(0.56, 0.74)
    start, corner = (left, TOP + rng.uniform(-0.02, 0.08)), (right, TOP + rng.uniform(0, 0.04))
    low = np.array([right - rng.uniform(0, 0.16), BOTTOM - rng.uniform(0, 0.04)])
    toe = [low - (rng.uniform(0.04, 0.22), rng.uniform(-0.04, 0.02))] * int(rng.integers(2))
    foot = (right + rng.uniform(0.06, 0.26), BOTTOM - rng.uniform(-0.03, 0.06))
    if rng.integers(2):
        return [hurried(line(start, corner, low, *toe, foot), rng)]
    bow = scattered(rng, (left, rng.uniform(0.14, 0.26)), ((left + right) / 2, TOP), (right, 0.26), low)
    return [joined(bow, line(*toe, foot))]


def footless_two(rng: np.random.Generator) -> Strokes:
    """Round at the top like a question mark, with a short foot; without one, it would be a 7."""
    left, right = rng.uniform(0.24, 0.38), rng.uniform(0.6, 0.76)
    start, crown = (left, rng.uniform(0.24, 0.38)), ((left + right) / 2, TOP)
    low = np.array([rng.uniform(left, 0.48), BOTTOM - rng.uniform(0.02, 0.08)])
    tail = np.add(low, (rng.uniform(0.14, 0.26), rng.uniform(-0.02, 0.06)))
    return [scattered(rng, start, crown, (right, 0.28), ((left + right) / 2 + 0.04, 0.56), low, tail)]


def three(rng: np.random.Generator) -> Strokes:
    """A flat top with a corner, or a round one; a waist that is a point or a loop."""
    left, right, waist = rng.uniform(0.2, 0.34), rng.uniform(0.62, 0.78), rng.uniform(0.4, 0.52)
    middle = rng.uniform(0.42, 0.54)
    flat = rng.integers(2)
    top = [(left, TOP + rng.normal(0, 0.02)), (right, TOP)] if flat else [(left, 0.22), (0.47, TOP), (right, 0.26)]
    below = [(right + 0.03, 0.68), (0.5, BOTTOM), (left - rng.uniform(-0.04, 0.06), rng.uniform(0.74, 0.88))]
    if flat:
        return [joined(line(*top), scattered(rng, (middle, waist), *below))]
    if rng.integers(2):
        return [joined(scattered(rng, *top, (middle, waist)), scattered(rng, (middle, waist), *below))]
    size = rng.uniform(0.04, 0.1)
    loop = [(middle, waist + size / 2), (middle - size, waist), (middle, waist - size / 2)]
    return [scattered(rng, *top, *loop, *below)]


def four(rng: np.random.Generator) -> Strokes:
    """Open at the top, in two strokes or in one that leads back up to the stem."""
    left, right, bar = rng.uniform(0.18, 0.35), rng.uniform(0.54, 0.74), rng.uniform(0.45, 0.68)
    top, start = rng.uniform(TOP, 0.4), (left + rng.uniform(0, 0.2), TOP)
    bottom = (right + rng.uniform(-0.1, 0.03), BOTTOM)
    if rng.integers(2):
        beyond = right + rng.uniform(0.0, 0.22)
        return [hurried(line(start, (left, bar), (beyond, bar + rng.normal(0, 0.03))), rng), line((right, top), bottom)]
    return [hurried(line(start, (left, bar), (right, bar - 0.03), (right, top), bottom), rng)]


def closed_four(rng: np.random.Generator) -> Strokes:
    """A triangle with a stem, in one stroke or in two; the bar may fall short of the stem's other side."""
    left, right, bar = rng.uniform(0.12, 0.3), rng.uniform(0.52, 0.7), rng.uniform(0.52, 0.7)
    peak, beyond = np.array([right + rng.uniform(-0.08, 0.04), TOP]), right + rng.uniform(0.04, 0.25)
    bottom = (right + rng.uniform(-0.06, 0.04), BOTTOM)
    if rng.integers(2):
        return [hurried(line(peak, (left, bar), (beyond, bar + rng.normal(0, 0.03))), rng), line(peak, bottom)]
    return [line(bottom, peak, (left, bar), (beyond, bar + rng.normal(0, 0.03)))]


def zigzag_four(rng: np.random.Generator) -> Strokes:
    """A flash of lightning: down, across and down again, perhaps crossed."""
    left, right, bar = rng.uniform(0.15, 0.36), rng.uniform(0.54, 0.8), rng.uniform(0.42, 0.7)
    start = (left + rng.uniform(0.02, 0.3), TOP)
    across = (right, bar - rng.uniform(-0.04, 0.1))
    flash = hurried(line(start, (left, bar), across, (right - rng.uniform(0.05, 0.3), BOTTOM)), rng)
    if rng.integers(2):
        return [flash]
    cross = np.array([(left + right) / 2 + 0.08, (bar + BOTTOM) / 2])
    return [flash, line(cross - (0, rng.uniform(0.15, 0.4)), np.add(cross, (0, rng.uniform(0.1, 0.22))))]
