"""What every format is read into: images of any size and range, their labels, and which are to test on."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from model.data.datasets import every_fifth
from model.errors import InputError
from model.networks import CLASSES

MAX_IMAGES = 300_000  # a few more than EMNIST has digits
_TEST = re.compile(r"test|t10k|valid|(?<![a-z])val(?![a-z])")


class Raw(NamedTuple):
    """Images, (N, H, W) of any numbers, with their labels, uint8 (N,)."""

    images: np.ndarray
    labels: np.ndarray


class Found(NamedTuple):
    """What the files of a data set hold."""

    train: Raw
    test: Raw
    notes: tuple[str, ...] = ()  # what is to be said about it, in sentences
    prepared: bool = False  # whether its images were prepared like drawings, so that there is nothing to mend


def is_for_testing(name: str) -> bool:
    """Whether a name says that what it names is to test on, as in t10k-images or x_test."""
    return _TEST.search(name.lower()) is not None


def divide(parts: Sequence[tuple[bool, Raw]], notes: Iterable[str] = (), *, prepared: bool = False) -> Found:
    """The training and the test images among parts, each of which is to test on or not.

    If all are of one kind, every fifth image is a test image, and that is said.
    """
    train, test = (join([raw for testing, raw in parts if testing is kind]) for kind in (False, True))
    if len(train.labels) and len(test.labels):
        return Found(train, test, tuple(notes), prepared)
    whole = train if len(train.labels) else test
    testing = every_fifth(len(whole.labels))
    if not testing.any():
        raise InputError("There is only one image: give at least two, one to train on and one to test on.")
    said = "It comes without test images, so every fifth image is one."
    train, test = (Raw(whole.images[part], whole.labels[part]) for part in (~testing, testing))
    return Found(train, test, (*notes, said), prepared)


def join(parts: Sequence[Raw]) -> Raw:
    """All parts, one after the other. Raises InputError if their images differ in size."""
    if not parts:
        return Raw(np.zeros((0, 1, 1), np.uint8), np.zeros(0, np.uint8))
    if len(parts) == 1:
        return parts[0]
    if len({part.images.shape[1:] for part in parts}) > 1:
        raise InputError("Not all of its parts hold images of the same size: give them separately.")
    return Raw(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def check_labels(values: np.ndarray, name: str, notes: list[str] | None = None) -> np.ndarray:
    """Labels as uint8 (N,), from whole numbers of any type, texts of them, or one-hot rows (N, 10).

    Labels from 1 to 10 are those of MATLAB, where 10 stands for 0; that is added to the notes. Raises InputError that
    names the first entry that is no digit.
    """
    values = np.asarray(values)
    if values.ndim == 2 and values.shape[1] == CLASSES and values.dtype.kind in "biuf":
        if not (np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all()):
            raise InputError(f"{name} must hold one digit for each image, or a row with a single 1 among nine 0s.")
        return values.argmax(axis=1).astype(np.uint8)
    values = values.reshape(-1) if values.ndim == 2 and 1 in values.shape else values
    if values.ndim != 1:
        raise InputError(f"{name} has the shape {values.shape}: it must hold one digit from 0 to 9 for each image.")
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} holds {values[0]!r}: it must hold one digit from 0 to 9 for each image.") from None
    if len(numbers) and numbers.max() == CLASSES and numbers.min() == 1:
        if notes is not None:
            notes.append("Its labels go from 1 to 10, so 10 is taken for 0.")
        numbers = numbers % CLASSES
    wrong = np.flatnonzero(~((numbers >= 0) & (numbers <= 9) & (numbers % 1 == 0)))
    if len(wrong):
        entry, more = wrong[0], len(wrong) - 1
        others = f" (nor {'is 1 other' if more == 1 else f'are {more:,} others'})" if more else ""
        raise InputError(
            f"{name}: entry {entry + 1:,} is {values[entry].item()!r}, which is not a digit from 0 to 9{others}: leave "
            "such entries out."
        )
    return numbers.astype(np.uint8)
