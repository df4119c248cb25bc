"""A 6 as somebody in a hurry draws it: its bowl does not quite close, and the built-in network reads a 5."""

import numpy as np


def hasty_six(closed=0.9, bend=0.05):
    """One stroke, float (N, 2), in fractions of the canvas: a bar, a back that bends, and a bowl closed that far."""
    bar = np.linspace((0.6, 0.12), (0.34, 0.14), 12)
    along = np.linspace(0, np.pi, 12)
    back = np.stack([0.34 - bend * np.sin(along), np.linspace(0.14, 0.5, 12)], axis=1)
    around = np.linspace(-0.85 * np.pi, (2 * closed - 0.85) * np.pi, 40)
    bowl = np.stack([0.48 + 0.2 * np.cos(around), 0.65 + 0.21 * np.sin(around)], axis=1)
    return [np.concatenate([bar, back, bowl])]
