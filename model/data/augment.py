"""Data augmentation: distorts images and strokes at random, as if more people had written them."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import NamedTuple

import cv2
import numpy as np

from model.data.datasets import Images, prepare_all
from model.data.variation import draw_unevenly, vary_strokes
from model.preprocessing import CANVAS_SIZE, SIZE, StrokeDigit, bounds, draw_strokes, enlarge


class Distortion(NamedTuple):
    """How far an image is distorted at most; values are drawn uniformly between minus and plus each of these."""

    rotation: float  # degrees
    zoom: float  # of each side, as a fraction
    shear: float  # pixels to the side per pixel down
    shift: float  # pixels
    elastic: float  # pixels: the standard deviation of a smooth displacement field, not a maximum
    thicken: float  # the share, from 0, at which a version one pixel thicker all around is blended in
    thin: float  # or a version one pixel thinner


SCAN_DISTORTION = Distortion(rotation=10, zoom=0.05, shear=0.05, shift=1.5, elastic=1.0, thicken=0.3, thin=0.2)
# Larger, because stroke files hold few digits, by few people
DRAWING_DISTORTION = Distortion(rotation=12, zoom=0.12, shear=0.15, shift=2.0, elastic=1.2, thicken=0.5, thin=0.35)
ELASTIC_SMOOTHNESS = 5.0  # pixels over which the displacement changes
MAX_BLUR = 0.9  # pixels, for every second image: otherwise a coarse scan, rare among digits, would pass for a non-digit

ENLARGEMENT = 10  # of an image, before it is prepared again

# For a digit drawn from its strokes:
MAX_ROTATION, MAX_SHEAR, MAX_SQUEEZE = 15.0, 0.2, 0.2  # degrees, and fractions
PEN_WIDTH_RANGE = (5, 32)  # pixels on the canvas
# Its longer side: from this many pen widths up to this fraction of the canvas
MIN_PEN_WIDTHS, MAX_SIZE = 4.2, 0.9
VARIED, UNEVEN = 0.8, 0.15  # the shares that are written as by another hand, and with an uneven pen

# A 1 is told from a 7 by how steeply its arm rises: most people's 1s by more than 25°, most of their 7s by less than
# 15°. So these two are turned only a little: a 7 turned to the left is a 1.
TURNED_LESS, LESS = (1, 7), 0.3

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
# x, y of each pixel from the middle, (2, 784)
_GRID = np.stack(np.meshgrid(np.arange(SIZE), np.arange(SIZE))).reshape(2, -1) - (SIZE - 1) / 2


def _smooth_fields() -> np.ndarray:
    """The shapes that a smooth field is a sum of, float32 (36, 784), each as large as it is in smoothed noise.

    Smoothing leaves next to nothing of the others, so that 36 random numbers do for 784 pixels.
    """
    shapes, sizes, _ = np.linalg.svd(cv2.GaussianBlur(np.eye(SIZE), (1, 0), 0, sigmaY=ELASTIC_SMOOTHNESS))
    largest = shapes[:, :6] * sizes[:6]
    return np.kron(largest, largest).T.astype(np.float32)


_FIELDS = _smooth_fields()


def augment_images(
    images: np.ndarray,
    rng: np.random.Generator,
    drawn: np.ndarray | bool = False,
    labels: np.ndarray | None = None,
) -> np.ndarray:
    """Images, uint8 (N, 28, 28), each randomly rotated, zoomed, sheared, shifted, bent, blurred, thickened or thinned.

    `drawn` says which are drawings rather than scans, for all at once or for each, (N,): drawings are distorted more.
    With their `labels`, (N,), 1s and 7s are rotated less.
    """
    count = len(images)
    drawn = np.broadcast_to(drawn, count)
    max_rotation, max_zoom, max_shear, max_shift, elastic, max_thicken, max_thin = (
        np.where(drawn, *maxima) for maxima in zip(DRAWING_DISTORTION, SCAN_DISTORTION, strict=True)
    )
    if labels is not None:
        max_rotation = np.where(np.isin(labels, TURNED_LESS), LESS * max_rotation, max_rotation)
    angle = np.deg2rad(rng.uniform(-max_rotation, max_rotation))
    zoom = rng.uniform(1 - max_zoom, 1 + max_zoom, (2, count)).T
    shear = rng.uniform(-max_shear, max_shear)
    shift = rng.uniform(-max_shift, max_shift, (2, count)).T
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(-1, 2, 2)
    lean = np.tile(np.eye(2), (count, 1, 1))
    lean[:, 0, 1] = shear
    affine = turn @ lean * zoom[:, None, :]
    thicken = rng.uniform(-max_thin, max_thicken)
    blur = rng.uniform(-MAX_BLUR, MAX_BLUR, count)

    maps = affine @ _GRID + shift[:, :, None] + (SIZE - 1) / 2 + _bends(elastic, rng)
    x, y = maps.astype(np.float32).reshape(count, 2, SIZE, SIZE).transpose(1, 0, 2, 3)
    augmented = np.empty_like(images)
    for i, image in enumerate(images):
        other = cv2.dilate(image, _CROSS) if thicken[i] > 0 else cv2.erode(image, _CROSS)
        blended = cv2.addWeighted(image, 1 - abs(thicken[i]), other, abs(thicken[i]), 0)
        augmented[i] = cv2.remap(blended, x[i], y[i], cv2.INTER_CUBIC)
        if blur[i] > 0:
            augmented[i] = cv2.GaussianBlur(augmented[i], (0, 0), blur[i])
    return augmented


def _bends(deviations: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How far each pixel is moved, float32 (N, 2, 784): for each image a smooth field of this standard deviation."""
    noise = rng.standard_normal((2 * len(deviations), len(_FIELDS)), np.float32)
    fields = (noise @ _FIELDS).reshape(len(deviations), 2, -1)
    return fields * (deviations / fields.std(axis=(1, 2)))[:, None, None].astype(np.float32)


def prepare_again(digits: Images, rng: np.random.Generator) -> Images:
    """The images, enlarged with hard or smooth edges at random and prepared like drawings on the page.

    That preparation changes very thick and very thin digits, so a network that has seen only the original images would
    be a little less sure of them. Blank images are left out. Takes almost a millisecond per image.
    """
    smooth = rng.integers(2, size=len(digits.labels))
    pictures = (
        enlarge_image(image, cv2.INTER_CUBIC if each else cv2.INTER_NEAREST)
        for image, each in zip(digits.images, smooth, strict=True)
    )
    return prepare_all(zip(pictures, digits.labels, strict=True))


def enlarge_image(image: np.ndarray, interpolation: int) -> np.ndarray:
    """An image, uint8 (28, 28), as a picture of 280×280, the size of the page's canvas."""
    return cv2.resize(image, None, fx=ENLARGEMENT, fy=ENLARGEMENT, interpolation=interpolation)


def distort_strokes(
    strokes: list[np.ndarray], rng: np.random.Generator, max_rotation: float = MAX_ROTATION
) -> list[np.ndarray]:
    """The strokes randomly rotated, by at most so many degrees, sheared and squeezed about their centre."""
    low, high = bounds(strokes)
    angle = np.deg2rad(rng.uniform(-max_rotation, max_rotation))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    lean = np.array([[1, rng.uniform(-MAX_SHEAR, MAX_SHEAR)], [0, 1]])
    squeeze = np.eye(2)
    side = rng.integers(2)
    squeeze[side, side] = rng.uniform(1 - MAX_SQUEEZE, 1)
    middle = (low + high) / 2
    return [(stroke - middle) @ (turn @ lean @ squeeze).T + middle for stroke in strokes]


def place_strokes(
    strokes: list[np.ndarray],
    width: float,
    size: int,
    rng: np.random.Generator,
    min_pen_widths: float = MIN_PEN_WIDTHS,
) -> list[np.ndarray]:
    """The strokes at a random size and place on a canvas `size` pixels a side, for a pen `width` pixels wide.

    All strokes are in fractions of the canvas.
    """
    smallest = (min_pen_widths - 1) * width / size  # the pen adds its own width to the digit
    scaled = enlarge(strokes, rng.uniform(smallest, max(smallest, MAX_SIZE - width / size)))
    low, high = bounds(scaled)
    margin = width / size / 2
    move = rng.uniform(margin - low, np.maximum(1 - margin - high, margin - low))
    return [stroke + move for stroke in scaled]


def draw_augmented(digits: list[StrokeDigit], copies: int, rng: np.random.Generator) -> Images:
    """Each digit drawn `copies` times, by another hand and pen and in another size each time, and prepared.

    Each drawing has random numbers of its own, so that they can be made in any order, or at once.
    """
    repeated = [entry for entry in digits for _ in range(copies)]
    own = zip(repeated, rng.spawn(len(repeated)), strict=True)
    return prepare_all((draw_varied(entry.strokes, each, entry.digit), entry.digit) for entry, each in own)


def draw_varied(strokes: list[np.ndarray], rng: np.random.Generator, label: int | None = None) -> np.ndarray:
    """A drawing of strokes, as another person might make it: uint8 (280, 280), white on black.

    With its `label`, a 1 or a 7 is rotated less.
    """
    width = rng.uniform(*PEN_WIDTH_RANGE)
    written = distort_strokes(strokes, rng, MAX_ROTATION * (LESS if label in TURNED_LESS else 1))
    if rng.random() < VARIED:
        written = vary_strokes(written, rng)
    placed = place_strokes(written, width, CANVAS_SIZE, rng)
    return draw_unevenly(placed, width, rng) if rng.random() < UNEVEN else draw_strokes(placed, width)


def few_of_each(groups: Iterable[Hashable], most: int, rng: np.random.Generator) -> np.ndarray:
    """The places of at most `most` members of each group, chosen at random, in random order: so that nobody dominates.

    `groups` says, for each entry, what it is one of, such as a writer's 7s.
    """
    groups = list(groups)
    counts, chosen = Counter(), []
    for place in rng.permutation(len(groups)):
        if counts[groups[place]] < most:
            counts[groups[place]] += 1
            chosen.append(place)
    return np.array(chosen, int)
