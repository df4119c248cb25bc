"""Values as pictures: the maps of a convolution on one sheet, evidence in two colours, images chosen to be shown."""

import math
from typing import NamedTuple

import numpy as np

from model.augment import vary
from model.data import Images

MOST_MAPS = 128  # on one sheet: more cannot be told apart
FEW_MAPS, FEW_COLUMNS, MANY_COLUMNS = 32, 8, 16
GAP, GAP_GREY = 1, 96  # pixels between two maps, and their grey
BRIGHTEST = 99.8  # the percentile of a layer's values that is white: a single value would darken all others

# For and against: told apart by the colour-blind, and both light on black (Okabe and Ito's sky blue and orange)
FOR, AGAINST = (86, 180, 233), (230, 130, 0)
NEUTRAL = (88, 88, 88)  # ink that says nothing
FULL_INK = 0.5  # paler ink does not set the scale: hardly anyone could see its colour


class Facts(NamedTuple):
    """What a set of images holds."""

    shape: tuple[int, ...]  # (N, 28, 28)
    lowest: int
    highest: int
    counts: tuple[int, ...]  # of each digit 0–9


def facts(part: Images) -> Facts:
    lowest, highest = int(part.images.min()), int(part.images.max())
    return Facts(part.images.shape, lowest, highest, tuple(np.bincount(part.labels, minlength=10).tolist()))


def page_of(labels: np.ndarray, digit: int | None, page: int, size: int) -> tuple[list[int], int]:
    """The indices on a page, from 1, of the images of a digit, or of all; and how many pages there are, at least 1."""
    chosen = np.arange(len(labels)) if digit is None else np.flatnonzero(labels == digit)
    pages = max(1, math.ceil(len(chosen) / size))
    page = min(max(page, 1), pages)
    return chosen[(page - 1) * size : page * size].tolist(), pages


def variants(image: np.ndarray, count: int, turn: int) -> np.ndarray:
    """What augmentation makes of a uint8 image (28, 28): (count, 28, 28), others each `turn`."""
    return vary(np.repeat(image[None], count, axis=0), np.random.default_rng(turn))


def map_sheet(values: np.ndarray) -> np.ndarray:
    """The maps (height, width, filters) side by side, uint8 (H, W): one scale for all, from the lowest to white."""
    values = values[..., :MOST_MAPS]
    low, high = min(0.0, float(values.min())), float(np.percentile(values, BRIGHTEST))
    grey = np.clip((values - low) / max(high - low, 1e-6), 0, 1) * 255
    height, width, count = grey.shape
    columns = FEW_COLUMNS if count <= FEW_MAPS else MANY_COLUMNS
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + GAP) + GAP, min(columns, count) * (width + GAP) + GAP), GAP_GREY, np.uint8)
    for i in range(count):
        top, left = GAP + i // columns * (height + GAP), GAP + i % columns * (width + GAP)
        sheet[top : top + height, left : left + width] = np.rint(grey[..., i])
    return sheet


def evidence_picture(credit: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Credit (28, 28) of the ink of an image (28, 28) in 0–1 as colours on black, uint8 (28, 28, 3) RGB.

    The strongest credit, for or against, has its full colour, ink without any is grey; paler ink is darker.
    """
    strongest = float(np.abs(credit[image > FULL_INK]).max(initial=0))
    share = np.clip(credit / max(strongest, 1e-6), -1, 1)
    return np.rint(_colours(share) * image[..., None]).astype(np.uint8)


def evidence_scale(width: int = 128) -> np.ndarray:
    """The colours from against to for, uint8 (1, width, 3) RGB: the legend."""
    return np.rint(_colours(np.linspace(-1, 1, width)[None])).astype(np.uint8)


def _colours(share: np.ndarray) -> np.ndarray:
    ends = np.where(share[..., None] >= 0, np.array(FOR, float), np.array(AGAINST, float))
    return np.array(NEUTRAL) + (ends - NEUTRAL) * np.abs(share)[..., None]
