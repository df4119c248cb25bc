"""Draws feature maps and evidence as pictures."""

import math

import numpy as np

MAX_MAPS = 128  # on one sheet: more are too small to tell apart
FEW_MAPS, FEW_COLUMNS, MANY_COLUMNS = 32, 8, 16
GAP, GAP_GREY = 1, 96  # pixels between two maps, and their grey value
WHITE_PERCENTILE = 99.8  # of a layer's values; if the highest were white, one outlier would darken all others

# Sky blue and orange after Okabe and Ito: colour-blind people can tell them apart, and both are bright on black
FOR, AGAINST = (86, 180, 233), (230, 130, 0)
NEUTRAL = (88, 88, 88)  # ink that speaks neither for nor against
FULL_INK = 0.5  # ink paler than this does not set the colour scale, because its own colour can hardly be seen


def map_sheet(values: np.ndarray) -> np.ndarray:
    """Feature maps (height, width, filters) side by side on a sheet, uint8 (H, W), all on one scale of grey."""
    grey = to_grey(values[..., :MAX_MAPS])
    height, width, count = grey.shape
    columns = FEW_COLUMNS if count <= FEW_MAPS else MANY_COLUMNS
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + GAP) + GAP, min(columns, count) * (width + GAP) + GAP), GAP_GREY, np.uint8)
    for i in range(count):
        top, left = GAP + i // columns * (height + GAP), GAP + i % columns * (width + GAP)
        sheet[top : top + height, left : left + width] = grey[..., i]
    return sheet


def to_grey(values: np.ndarray) -> np.ndarray:
    """All values of a layer as grey values, uint8, on one scale: black is 0, or the lowest value if it is negative."""
    low, high = min(0.0, float(values.min())), float(np.percentile(values, WHITE_PERCENTILE))
    return np.rint(np.clip((values - low) / max(high - low, 1e-6), 0, 1) * 255).astype(np.uint8)


def evidence_picture(credit: np.ndarray, image: np.ndarray) -> np.ndarray:
    """The ink of an image (28, 28) in 0–1, coloured by its credit (28, 28), on black: uint8 (28, 28, 3) RGB.

    The strongest credit, for or against, gets its full colour, and ink without any is grey. Paler ink is darker.
    """
    strongest = float(np.abs(credit[image > FULL_INK]).max(initial=0))
    share = np.clip(credit / max(strongest, 1e-6), -1, 1)
    return np.rint(_colours(share) * image[..., None]).astype(np.uint8)


def evidence_scale(width: int = 128) -> np.ndarray:
    """The legend: the colours from "against" to "for", uint8 (1, width, 3) RGB."""
    return np.rint(_colours(np.linspace(-1, 1, width)[None])).astype(np.uint8)


def _colours(share: np.ndarray) -> np.ndarray:
    ends = np.where(share[..., None] >= 0, np.array(FOR, float), np.array(AGAINST, float))
    return np.array(NEUTRAL) + (ends - NEUTRAL) * np.abs(share)[..., None]
