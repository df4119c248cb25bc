"""Makes uint8 images of 28×28 of images of any size, shape and range of values."""

import math
from collections.abc import Callable

import cv2
import numpy as np

from model.data.reading.raw import Found, Raw
from model.errors import InputError
from model.preprocessing import SIZE, prepare, to_bytes

MIN_SIDE, MAX_SIDE = 8, 1_000  # pixels
PADDED, PADDING = 32, 2  # MNIST's images with a margin, as LeNet-5 reads them
COARSE, ENLARGED = 28, 100  # pixels a side: smaller images are enlarged first, so that their strokes become smooth
CHUNK = 10_000  # images converted at a time, which limits the memory that it takes
LEVELS = (1, 16, 255, 1_023, 4_095, 65_535)  # what full ink may be
TELL_EVERY = 500  # images
GREY = (0.299, 0.587, 0.114)  # of red, green and blue (ITU-R BT.601)


def to_images(found: Found, notes: list[str], tell: Callable[[str], None] | None = None) -> tuple[Raw, Raw]:
    """The training and the test images as uint8 (N, 28, 28), with their labels. What was changed is noted.

    `tell` is called with the progress in words. Raises InputError for images that cannot be used.
    """
    parts = [
        Raw(_squared(raw.images, name), raw.labels) for raw, name in zip(found[:2], ("training", "test"), strict=True)
    ]
    scale, lowest = _scale([raw.images for raw in parts], notes)
    converted = [Raw(_in_bytes(raw.images, scale, lowest), raw.labels) for raw in parts]
    train, test = (_to_size(raw, notes, tell) for raw in converted)
    if not (len(train.labels) and len(test.labels)):
        raise InputError("There is nothing on any of its images: give images of digits.")
    if not train.images.any():
        notes.append("There is nothing on any of its training images: nothing can be learned from them.")
    return train, test


def _squared(images: np.ndarray, name: str) -> np.ndarray:
    """Images as (N, H, W): flat ones get their rows back, and colours become grey."""
    if images.ndim == 2:
        side = math.isqrt(images.shape[1])
        if side * side != images.shape[1]:
            raise InputError(
                f"Its {name} images have {images.shape[1]} values each, which make no square: give images of 28×28."
            )
        images = images.reshape(-1, side, side)
    if images.ndim == 4:
        images = _grey(images, name)
    if images.ndim != 3 or not all(MIN_SIDE <= side <= MAX_SIDE for side in images.shape[1:]):
        raise InputError(
            f"Its {name} images are of the shape {images.shape[1:]}: give images of 28×28, or of {MIN_SIDE}×{MIN_SIDE} "
            f"to {MAX_SIDE:,}×{MAX_SIDE:,}, grey or with colours."
        )
    return images


def _grey(images: np.ndarray, name: str) -> np.ndarray:
    """Images with colours, (N, H, W, C) or (N, C, H, W) with 1, 3 or 4 of them, without: (N, H, W)."""
    if images.shape[3] not in (1, 3, 4):
        images = np.moveaxis(images, 1, 3)
    if images.shape[3] not in (1, 3, 4):
        raise InputError(f"Its {name} images have {images.shape[3]} colours: give grey images, or with 1, 3 or 4.")
    if images.shape[3] == 1:
        return images[..., 0]
    grey = np.empty(images.shape[:3], np.uint8 if images.dtype == np.uint8 else np.float32)
    for start in range(0, len(images), CHUNK):
        mixed = images[start : start + CHUNK, ..., :3].astype(np.float32) @ np.array(GREY, np.float32)
        grey[start : start + CHUNK] = np.rint(mixed) if grey.dtype == np.uint8 else mixed
    return grey


def _scale(parts: list[np.ndarray], notes: list[str]) -> tuple[float, float]:
    """What the values are multiplied by, after the lowest is taken away, so that they go from 0 to 255."""
    lowest = min(float(part.min()) for part in parts if part.size)
    highest = max(float(part.max()) for part in parts if part.size)
    if not (math.isfinite(lowest) and math.isfinite(highest)):
        raise InputError("Its images hold NaN or infinite values: give values from 0 to 255, or from 0 to 1.")
    if lowest < 0:
        notes.append(f"Its values go from {lowest:.4g} to {highest:.4g} and were stretched to 0 to 255.")
        return 255 / max(highest - lowest, 1e-9), lowest
    top = next((level for level in LEVELS if highest <= level * 1.001), None)
    if top is None:
        raise InputError(f"Its images hold values up to {highest:.6g}: give values from 0 to 255, or from 0 to 1.")
    if top != 255 and highest > 0:
        notes.append(f"Its values go from 0 to {top:,} and were stretched to 0 to 255.")
    return 255 / top, 0.0


def _in_bytes(images: np.ndarray, scale: float, lowest: float) -> np.ndarray:
    if images.dtype == np.uint8 and scale == 1:
        return images
    made = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), CHUNK):
        values = (images[start : start + CHUNK].astype(np.float32) - lowest) * scale
        made[start : start + CHUNK] = np.rint(values.clip(0, 255))
    return made


def _to_size(raw: Raw, notes: list[str], tell: Callable[[str], None] | None) -> Raw:
    """The images on 28×28: as they are, without a margin, or prepared like drawings."""
    height, width = raw.images.shape[1:]
    if (height, width) == (SIZE, SIZE):
        return raw
    if (height, width) == (PADDED, PADDED):
        inner = raw.images[:, PADDING:-PADDING, PADDING:-PADDING]
        ink = raw.images.sum(axis=(1, 2), dtype=np.int64)
        if ink.any() and np.array_equal(inner.sum(axis=(1, 2), dtype=np.int64), ink):
            notes.append(f"A margin of {PADDING} pixels was cut off its images.")
            return raw._replace(images=np.ascontiguousarray(inner))
    made, kept = [], []
    for number, image in enumerate(raw.images):
        if tell and number % TELL_EVERY == 0:
            tell(f"Preparing image {number + 1:,} of {len(raw.images):,}")
        if (prepared := prepare(_enlarge(image) if max(height, width) < COARSE else image)) is not None:
            made.append(to_bytes(prepared))
            kept.append(number)
    note = f"Its images are of {width}×{height} pixels: each was prepared like a drawing, on 28×28."
    if note not in notes:
        notes.append(note)
    if len(kept) < len(raw.labels):
        notes.append(f"{len(raw.labels) - len(kept):,} images have nothing on them and were left out.")
    return Raw(np.array(made, np.uint8).reshape(-1, SIZE, SIZE), raw.labels[kept])


def _enlarge(image: np.ndarray) -> np.ndarray:
    """A coarse image, enlarged, with its background all around it."""
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    padded = cv2.copyMakeBorder(image, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=float(np.median(border)))
    longer = max(padded.shape)
    size = tuple(round(side * ENLARGED / longer) for side in padded.shape[::-1])
    return cv2.resize(padded, size, interpolation=cv2.INTER_CUBIC)
