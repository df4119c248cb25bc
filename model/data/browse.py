"""Looks at a data set: facts about it, its images page by page, and what augmentation makes of one."""

import math
from typing import NamedTuple

import numpy as np

from model.data.augment import augment_images
from model.data.datasets import Images


class Facts(NamedTuple):
    """What a set of images holds."""

    shape: tuple[int, ...]  # (N, 28, 28)
    lowest: int  # of all grey values, 0–255
    highest: int
    counts: tuple[int, ...]  # images of each digit, 0–9


def describe(part: Images) -> Facts:
    """The facts about a set of images, which must not be empty."""
    lowest, highest = int(part.images.min()), int(part.images.max())
    return Facts(part.images.shape, lowest, highest, tuple(np.bincount(part.labels, minlength=10).tolist()))


def image_page(labels: np.ndarray, digit: int | None, page: int, size: int) -> tuple[list[int], int]:
    """The indices of the images on a page, and the number of pages, at least 1.

    Each page holds `size` images of one digit, or of all for None. Pages count from 1; a page beyond the last gives the
    last.
    """
    chosen = np.arange(len(labels)) if digit is None else np.flatnonzero(labels == digit)
    pages = max(1, math.ceil(len(chosen) / size))
    page = min(max(page, 1), pages)
    return chosen[(page - 1) * size : page * size].tolist(), pages


def augmented_copies(image: np.ndarray, count: int, turn: int) -> np.ndarray:
    """An image, uint8 (28, 28), augmented `count` times: uint8 (count, 28, 28). Each `turn` gives different ones."""
    return augment_images(np.repeat(image[None], count, axis=0), np.random.default_rng(turn))
