"""Digits as people of different schools write them, drawn by code: strokes in fractions of a box, y downwards."""

import numpy as np


def arc(x, y, across, down, start, end):
    """A part of an ellipse about (x, y), clockwise from `start` to `end` degrees; 0 is to the right, 90 below."""
    angle = np.deg2rad(np.linspace(start, end, 30))
    return np.stack([x + across * np.cos(angle), y + down * np.sin(angle)], axis=1)


def line(*points):
    return np.array(points, float)


def joined(*parts):
    return np.concatenate(parts)


HANDS = {
    "0, round": (0, [arc(0.5, 0.5, 0.3, 0.4, -90, 270)]),
    "0, narrow": (0, [arc(0.5, 0.5, 0.18, 0.4, -90, 270)]),
    "0, not quite closed": (0, [arc(0.5, 0.5, 0.26, 0.4, -70, 265)]),
    "1, a bar": (1, [line((0.5, 0.1), (0.5, 0.9))]),
    "1, a leaning bar": (1, [line((0.6, 0.1), (0.42, 0.9))]),
    "1, a short flag": (1, [line((0.38, 0.25), (0.52, 0.1), (0.52, 0.9))]),
    "1, a long flag": (1, [line((0.25, 0.45), (0.55, 0.1), (0.55, 0.9))]),
    "1, a flag and a foot": (1, [line((0.35, 0.27), (0.5, 0.1), (0.5, 0.9)), line((0.3, 0.9), (0.7, 0.9))]),
    "2, a flat foot": (2, [joined(arc(0.48, 0.32, 0.24, 0.2, -170, 35), line((0.25, 0.88), (0.76, 0.88)))]),
    "2, a loop in its foot": (
        2,
        [
            joined(
                arc(0.48, 0.3, 0.22, 0.2, -170, 40),
                arc(0.38, 0.8, 0.1, 0.07, 90, 270),
                line((0.55, 0.86), (0.78, 0.84)),
            )
        ],
    ),
    "3, round": (3, [joined(arc(0.45, 0.3, 0.24, 0.19, -150, 90), arc(0.45, 0.69, 0.28, 0.2, -90, 150))]),
    "3, a flat top": (
        3,
        [joined(line((0.28, 0.12), (0.7, 0.12), (0.45, 0.43)), arc(0.45, 0.66, 0.26, 0.22, -90, 150))],
    ),
    "4, open": (4, [line((0.3, 0.12), (0.26, 0.55), (0.75, 0.55)), line((0.62, 0.25), (0.62, 0.9))]),
    "4, closed": (4, [line((0.62, 0.9), (0.62, 0.1), (0.2, 0.62), (0.8, 0.62))]),
    "4, in one stroke": (4, [line((0.35, 0.12), (0.28, 0.5), (0.64, 0.5), (0.66, 0.15), (0.64, 0.9))]),
    "5, a bar of its own": (
        5,
        [
            joined(line((0.32, 0.15), (0.3, 0.45)), arc(0.44, 0.64, 0.27, 0.22, -120, 150)),
            line((0.32, 0.13), (0.72, 0.12)),
        ],
    ),
    "5, in one stroke": (
        5,
        [joined(line((0.7, 0.12), (0.34, 0.13), (0.31, 0.44)), arc(0.44, 0.65, 0.26, 0.22, -120, 150))],
    ),
    "6, a long back": (6, [joined(line((0.62, 0.1), (0.38, 0.42)), arc(0.5, 0.67, 0.22, 0.21, -180, -540))]),
    "6, a curved back": (6, [joined(arc(0.68, 0.62, 0.42, 0.5, -105, -180), arc(0.47, 0.68, 0.21, 0.2, -180, -540))]),
    "7, plain": (7, [line((0.22, 0.14), (0.76, 0.14), (0.42, 0.9))]),
    "7, crossed": (7, [line((0.22, 0.14), (0.76, 0.14), (0.42, 0.9)), line((0.34, 0.52), (0.74, 0.5))]),
    "7, a serif": (7, [line((0.22, 0.26), (0.24, 0.13), (0.76, 0.13), (0.46, 0.9))]),
    "8, two rings": (8, [arc(0.5, 0.3, 0.19, 0.18, 90, 450), arc(0.5, 0.69, 0.24, 0.21, -90, 270)]),
    "8, in one stroke": (
        8,
        [joined(arc(0.5, 0.3, 0.2, 0.19, -30, -270), arc(0.5, 0.68, 0.24, 0.2, -90, 210), line((0.68, 0.2)))],
    ),
    "9, a straight leg": (9, [joined(arc(0.46, 0.33, 0.22, 0.21, 0, -360), line((0.66, 0.9)))]),
    "9, a hook": (
        9,
        [joined(arc(0.48, 0.32, 0.21, 0.2, 0, -360), line((0.68, 0.68)), arc(0.48, 0.7, 0.2, 0.19, 10, 140))],
    ),
}
