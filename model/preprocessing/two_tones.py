"""Finds the ink in a picture of two tones: ink and ground, in light that changes slowly across the picture.

This is how most pictures of a digit are, from a scan to a close photograph, however large the digit is in them. What it
cannot take is the edge of a shadow, which photograph.py can; that module, in turn, needs paper around the digit.

A threshold for the whole picture (N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979) tells ink
from ground, a smooth surface is fitted to the ground, and both are repeated on what is left once it is subtracted.
"""

from typing import NamedTuple

import cv2
import numpy as np

from model.preprocessing.photograph import WORKING_SIZE, log_brightness
from model.preprocessing.sizes import shrink_to

SAMPLED_SIZE = 100  # pixels: the longer side of the sample that threshold and ground are found on
MIN_SMOOTHED_SIDE, SMOOTHING = 48, 1 / 400  # grain is smoothed by this fraction of the longer side, but at least
MIN_SMOOTHING = 0.7  # pixels; in a tiny picture, strokes would go with it
ROUNDS = 3
ONE_DEVIATION, MIN_NOISE = 68, 1e-3  # the percentile of normally distributed noise that is one standard deviation
MIN_GROUND = 20  # pixels of the sample, to fit a surface with six coefficients to

MIN_INK = 0.08  # contrast, the natural logarithm of the ratio of ground to ink: less is a stain
MIN_DEVIATIONS = 4.0  # of the ground's noise: full ink has more
CUT = (0.4, 0.6)  # of full ink: the threshold, which is Otsu's if that lies between these
# The picture surely has two tones if so little of its border is ink, or a little more if they explain so much of it. A
# shadow that is taken for ink covers a seventh of the border or more, and mostly explains less.
MAX_BORDER, MAX_BORDER_IF_CLEAR, CLEAR = 0.03, 0.1, 0.87
# A digit that was cropped to its ink reaches all four sides, but hides none of them, as a table beside a sheet does.
NEAR_SIDE = 2  # pixels: blur leaves the outermost ones below the threshold
MAX_SIDE_IF_CROPPED = 0.9


class TwoTones(NamedTuple):
    """A picture taken apart into ink and ground."""

    ink: np.ndarray  # uint8 (H, W), 0 where there is none; its longer side is at most WORKING_SIZE pixels
    sure: bool  # whether the picture surely consists of just these two
    cropped: bool  # whether it may be a digit that was cropped to its ink


def find_two_tones(colours: np.ndarray) -> TwoTones | None:
    """The ink in a picture, uint8 (H, W) or (H, W, 3), in either polarity; None if it does not have two tones."""
    tones = _tones(shrink_to(colours, WORKING_SIZE))
    step = max(1, max(tones.shape) // SAMPLED_SIZE)
    ground = _fit_ground(tones[::step, ::step], _terms(tones.shape, step))
    if ground is None:
        return None
    contrast = ground.sign * (tones - (_terms(tones.shape) @ ground.coefficients).astype(np.float32))
    inked = contrast[contrast > ground.threshold]
    if ground.threshold <= 0 or not inked.size:
        return None
    full = float(np.median(inked))
    if full < max(MIN_INK, MIN_DEVIATIONS * ground.noise):
        return None
    cut = min(max(ground.threshold / full, CUT[0]), CUT[1])
    ink = np.where(contrast > cut * full, np.clip(contrast * (255 / full), 0, 255).astype(np.uint8), np.uint8(0))
    border = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]]) > 0
    clear = ground.explained >= CLEAR
    sides = (ink[:NEAR_SIDE], 0), (ink[-NEAR_SIDE:], 0), (ink[:, :NEAR_SIDE], 1), (ink[:, -NEAR_SIDE:], 1)
    return TwoTones(
        ink,
        sure=bool(border.mean() <= (MAX_BORDER_IF_CLEAR if clear else MAX_BORDER)),
        cropped=clear and all(0 < (side > 0).any(axis).mean() <= MAX_SIDE_IF_CROPPED for side, axis in sides),
    )


class _Ground(NamedTuple):
    """What is not ink, as a surface."""

    coefficients: np.ndarray  # float (6,), of `_terms`
    sign: int  # 1 if ink is brighter, -1 if it is darker
    threshold: float  # of the contrast of ink
    noise: float  # the standard deviation around the surface
    explained: float  # the share of the variance that ink and ground explain, 0–1


def _fit_ground(tones: np.ndarray, terms: np.ndarray) -> _Ground | None:
    """The ground of a picture, of which `tones` is a sample, (H, W); None if it does not have two tones."""
    sign, coefficients, left, ground = 0, np.zeros(terms.shape[-1]), tones, np.zeros(tones.shape, bool)
    for _ in range(ROUNDS):
        if (found := _threshold(left)) is None:
            return None
        bright = left > found[0]
        if not sign:  # the ground is most of the border, and of the picture
            border = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
            sign = -1 if border.mean() + bright.mean() > 1 else 1
        ground = bright if sign < 0 else ~bright
        if ground.sum() < MIN_GROUND:
            return None
        coefficients = np.linalg.lstsq(terms[ground], tones[ground], rcond=None)[0]
        left = tones - (terms @ coefficients).astype(np.float32)
    found = _threshold(sign * left)
    if found is None:
        return None
    noise = float(np.percentile(np.abs(left[ground]), ONE_DEVIATION))
    return _Ground(coefficients, sign, found[0], max(noise, MIN_NOISE), found[1])


def _tones(colours: np.ndarray) -> np.ndarray:
    """The logarithms of the brightness, float32 (H, W): of colours, along the direction in which they vary most."""
    tones = log_brightness(colours)
    if tones.ndim == 3:
        step = max(1, max(tones.shape) // SAMPLED_SIZE)
        covariance = np.cov(tones[::step, ::step].reshape(-1, 3).T)
        axis = np.linalg.eigh(covariance)[1][:, -1]
        tones = tones @ (axis * (np.sign(axis.sum()) or 1)).astype(np.float32)
    if min(tones.shape) < MIN_SMOOTHED_SIDE:
        return tones
    return cv2.GaussianBlur(tones, (0, 0), max(MIN_SMOOTHING, SMOOTHING * max(tones.shape)))


def _terms(shape: tuple[int, ...], step: int = 1) -> np.ndarray:
    """The terms of a quadratic surface over every `step`-th pixel: float32 (H, W, 6)."""
    y, x = (np.arange(0, side, step, dtype=np.float32) / side - 0.5 for side in shape)
    y, x = np.meshgrid(y, x, indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _threshold(values: np.ndarray) -> tuple[float, float] | None:
    """Otsu's threshold, and the share of the variance that the two classes explain; None if there is only one value."""
    low, high = np.percentile(values, [0.5, 99.5])
    if high - low < 1e-6:
        return None
    levels = np.clip((values - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    above = levels > level
    if above.all() or not above.any():
        return None
    share = above.mean()
    between = share * (1 - share) * (levels[above].mean() - levels[~above].mean()) ** 2
    return float(low + (high - low) * (level + 0.5) / 255), float(between / levels.var())
