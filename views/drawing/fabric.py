"""Converts strokes to and from the canvas's own format: objects of Fabric.js, the library that it draws with."""

from typing import Any

import numpy as np

from model.preprocessing import PenStroke

Objects = list[dict[str, Any]]
DECIMALS = 4  # of a fraction of the canvas: a thirtieth of a pixel of the picture that is read
CURVE_POINTS = 6  # into which a curve is divided; the brush makes many short curves


def to_object(points: np.ndarray, colour: str, width: int) -> dict[str, Any]:
    """A stroke through points (N, 2) on the canvas, as an object for the canvas to show."""
    path = [["M" if i == 0 else "L", round(x, 1), round(y, 1)] for i, (x, y) in enumerate(points.tolist())]
    return {
        "type": "Path",
        "path": path,
        "stroke": colour,
        "strokeWidth": width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
        "fill": None,
    }


def to_strokes(objects: Objects, colour: str, scale: float = 1.0) -> list[PenStroke] | None:
    """The strokes on the canvas, moved, scaled and rotated as they were in its edit mode, all times `scale`.

    None if there is anything other than strokes of this colour, or a stretched stroke, whose pen is no longer round.
    """
    strokes = []
    for item in objects:
        stretched = abs(item.get("scaleX", 1)) != abs(item.get("scaleY", 1)) or item.get("skewX") or item.get("skewY")
        if item.get("type") != "Path" or item.get("stroke") != colour or stretched:
            return None
        width = item["strokeWidth"] * abs(item.get("scaleX", 1))
        strokes.append(PenStroke(scale * placed(item), scale * width))
    return strokes


def to_kept_strokes(objects: Objects, colour: str, side: int) -> list[dict[str, Any]] | None:
    """The strokes as they are kept, in fractions of a canvas with this side; None where `to_strokes` has none."""
    strokes = to_strokes(objects, colour, 1 / side)
    if not strokes:
        return None
    return [
        {"points": np.round(stroke.points, DECIMALS).tolist(), "width": round(float(stroke.width), DECIMALS)}
        for stroke in strokes
    ]


def placed(item: dict[str, Any]) -> np.ndarray:
    """The points (N, 2) of a stroke where the canvas shows them."""
    points = _flatten(item["path"])
    if "left" not in item or item.get("originX") != "center" or item.get("originY") != "center":
        return points  # it was never moved
    angle = np.deg2rad(item.get("angle", 0))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    flip = np.array([-1 if item.get("flipX") else 1, -1 if item.get("flipY") else 1])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return (points - middle) * item.get("scaleX", 1) * flip @ turn.T + (item["left"], item["top"])


def _flatten(path: list[list[Any]]) -> np.ndarray:
    """The points (N, 2) along a path of M(ove), L(ine) and Q(uadratic curve) commands."""
    drawn = [command for command in path if len(command) > 2]
    ends = np.array([command[-2:] for command in drawn], float)
    controls = np.array([command[1:3] for command in drawn], float)
    starts = np.concatenate([ends[:1], ends[:-1]])
    along = np.linspace(0, 1, CURVE_POINTS + 1)[1:, None]
    curves = (1 - along) ** 2 * starts[:, None] + 2 * along * (1 - along) * controls[:, None] + along**2 * ends[:, None]
    shown = np.array([command[0] == "Q" for command in drawn])[:, None] | (along[:, 0] == 1)  # of a line, only its end
    return curves[shown]
