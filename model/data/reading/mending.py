"""Notices images that are inverted, transposed, turned or mirrored, by comparing them with known digits; mends them.

MNIST is white on black and upright; EMNIST's own files, for one, hold their images with rows and columns exchanged.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import cv2
import numpy as np

from model.data import datasets
from model.data.reading.raw import Raw
from model.preprocessing import prepare, to_bytes

COMPARED = 400  # images, spread over the data set
LIGHT = 128  # the grey value from which a background is light
# To say how images lie, there must be so many, and so many more must look right the new way
MIN_IMAGES, MIN_MORE = 20, 5
MIN_GAIN = 0.12  # of the compared images that look right only when they are turned
MIN_ALIKE = 0.3  # of the compared images, that look like the digit of their label; in MNIST it is 0.7
SHOWN = 8  # images, before and after
BLUR = 1.2  # pixels, so that strokes need not lie on one another to be alike

Turn = Callable[[np.ndarray], np.ndarray]
# What mends images (N, 28, 28), by what they look like
TURNS: dict[str, Turn] = {
    "": lambda images: images,
    "transposed (rows and columns exchanged, as in EMNIST's files)": lambda images: images.transpose(0, 2, 1),
    "mirrored": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1, ::-1],
    "mirrored and upside down": lambda images: images[:, ::-1, :],
    "turned clockwise": lambda images: np.rot90(images, 1, axes=(1, 2)),
    "turned counterclockwise": lambda images: np.rot90(images, 3, axes=(1, 2)),
    "turned and mirrored": lambda images: np.rot90(images, 2, axes=(1, 2)).transpose(0, 2, 1),
}
MENDED, LEFT = "They were set right.", "They were left as they are."


class Change(NamedTuple):
    """What seems wrong with a data set, and what mending does about it."""

    words: str  # a sentence that says how the images look
    before: np.ndarray  # uint8 (up to 8, 28, 28): some of its images
    after: np.ndarray  # the same, mended


def find_change(
    parts: tuple[Raw, Raw], notes: list[str], *, upright: bool = False
) -> tuple[Change, tuple[Raw, Raw]] | None:
    """What seems wrong with training and test images, uint8 (N, 28, 28), and all of them mended; None if nothing does.

    If hardly any image looks like its digit in any way, that is noted. Images that are `upright`, because people see
    them that way, are not turned.
    """
    sample = _sample(parts[0])
    inverted = _light_backgrounds(parts[0].images)
    turn, alike, count = _find_turn(sample, list(TURNS)[:1] if upright else list(TURNS))
    if count >= MIN_IMAGES and alike < MIN_ALIKE * count:
        notes.append(
            f"Of {count} of its images, only {alike} look like the digit of their label: check the labels, and that "
            "these are digits."
        )
    share = inverted.mean()
    looks = [] if share == 0 else ["black on white" if share > 0.5 else f"black on white in {inverted.sum():,} images"]
    looks += [turn] if turn else []
    if not looks:
        return None
    mended = (_mend(parts[0], turn), _mend(parts[1], turn))
    shown = np.flatnonzero(inverted | bool(turn))
    shown = shown[np.linspace(0, len(shown) - 1, min(SHOWN, len(shown))).astype(int)]
    words = f"Its images look {' and '.join(looks)}, unlike MNIST's."
    return Change(words, parts[0].images[shown], mended[0].images[shown]), mended


def _sample(raw: Raw) -> Raw:
    chosen = np.unique(np.linspace(0, len(raw.labels) - 1, COMPARED).astype(int))
    return Raw(raw.images[chosen], raw.labels[chosen])


def _light_backgrounds(images: np.ndarray) -> np.ndarray:
    """Which images have a light background, going by most of their borders: bool (N,)."""
    border = np.concatenate([images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]], axis=1)
    return np.median(border, axis=1) >= LIGHT


def _mend(raw: Raw, turn: str) -> Raw:
    images = raw.images.copy()
    light = _light_backgrounds(images)
    images[light] = 255 - images[light]
    return raw._replace(images=np.ascontiguousarray(TURNS[turn](images)))


def _find_turn(sample: Raw, turns: list[str]) -> tuple[str, int, int]:
    """How the images lie, how many of them look like their digit once they are turned, and of how many."""
    prepared = [(prepare(image), label) for image, label in zip(sample.images, sample.labels, strict=True)]
    images = [to_bytes(image) for image, _ in prepared if image is not None]
    labels = np.array([label for image, label in prepared if image is not None])
    if not images:
        return "", 0, 0
    stacked = np.stack(images)
    alike = {turn: int((_nearest_digits(TURNS[turn](stacked)) == labels).sum()) for turn in turns}
    best = max(alike, key=alike.__getitem__)
    needed = max(MIN_MORE, MIN_GAIN * len(labels))
    if len(labels) < MIN_IMAGES or alike[best] - alike[""] < needed:
        best = ""
    return best, alike[best], len(labels)


def _nearest_digits(images: np.ndarray) -> np.ndarray:
    """The digit of the known image that is most like each image, uint8 (N, 28, 28)."""
    known, labels = _known_digits()
    return labels[(_features(images) @ known.T).argmax(axis=1)]


@cache
def _known_digits() -> tuple[np.ndarray, np.ndarray]:
    """Features of digits that are known to be right, and their labels: those embedded in scikit-learn."""
    images, labels = datasets.join_images(*datasets.load_embedded_digits())
    return _features(images), labels


def _features(images: np.ndarray) -> np.ndarray:
    """What is compared: blurred images of length 1, float32 (N, 784)."""
    blurred = [cv2.GaussianBlur(image.astype(np.float32), (0, 0), BLUR).ravel() for image in images]
    features = np.stack(blurred)
    return features / np.linalg.norm(features, axis=1, keepdims=True).clip(1e-6)
