"""How well one colour stands out from another, as the guidelines for accessibility (WCAG 2.1) reckon it."""

import numpy as np

MIN_CONTRAST = 3.0  # of graphical objects: WCAG 2.1, 1.4.11


def linear(colour):
    """Hexadecimal sRGB as linear RGB in 0–1."""
    shares = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((float(linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
