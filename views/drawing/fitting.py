"""Finds room on a square canvas for what was drawn on a wide one."""

from typing import Any, NamedTuple

from views.drawing.fabric import Objects, placed
from views.drawing.size import SHARPNESS, SIDE, WIDE_SIDE

MARGIN = 8  # pixels that are left free where strokes are moved or scaled
DECIMALS = 4  # that the canvas keeps of a number


class Fit(NamedTuple):
    """How strokes are brought onto a square canvas: scaled, then moved to the right and down, in its pixels."""

    scale: float
    right: float
    down: float


def fit(objects: Objects) -> Fit | None:
    """How strokes come to lie on a square canvas; None if they do.

    They are moved to the left as far as needed. If they are wider than the canvas, they are scaled to fit.
    """
    sides = [_sides(item) for item in objects]
    low, high = min((left for left, _ in sides), default=0.0), max((right for _, right in sides), default=0.0)
    low, high = max(low, 0.0), min(high, float(WIDE_SIDE))
    room = SIDE - 2 * MARGIN
    if high <= SIDE:
        return None
    if high - low <= room:
        steps = (high - SIDE + MARGIN) // SHARPNESS + 1  # whole pixels of the picture that is read, so nothing blurs
        return Fit(1.0, -SHARPNESS * steps, 0.0)
    scale = room / (high - low)
    return Fit(scale, MARGIN - low * scale, (1 - scale) * SIDE / 2)


def fitted(objects: Objects, how: Fit | None) -> Objects:
    """The strokes where they come to lie."""
    return objects if how is None else [_moved(item, how) for item in objects]


def _sides(item: dict[str, Any]) -> tuple[float, float]:
    """How far to the left and to the right a stroke reaches."""
    x, radius = placed(item)[:, 0], item["strokeWidth"] * abs(item.get("scaleX", 1)) / 2
    return float(x.min()) - radius, float(x.max()) + radius


def _moved(item: dict[str, Any], how: Fit) -> dict[str, Any]:
    if "left" in item:  # as the canvas describes it
        return item | {
            "left": round(item["left"] * how.scale + how.right, DECIMALS),
            "top": round(item["top"] * how.scale + how.down, DECIMALS),
            "scaleX": round(item.get("scaleX", 1) * how.scale, DECIMALS),
            "scaleY": round(item.get("scaleY", 1) * how.scale, DECIMALS),
        }
    aside = how.right, how.down
    path = [
        [letter, *(round(number * how.scale + aside[place % 2], DECIMALS) for place, number in enumerate(numbers))]
        for letter, *numbers in item["path"]
    ]
    return item | {"path": path, "strokeWidth": item["strokeWidth"] * how.scale}
