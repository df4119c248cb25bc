"""What a data set is, the digits embedded in scikit-learn, and files of scans."""

import io
import os
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import cv2
import numpy as np

from model.data.archives import open_npz
from model.errors import InputError
from model.preprocessing import SIZE, prepare, to_bytes

if TYPE_CHECKING:
    from sklearn.utils import Bunch

TEST_EVERY = 5  # of data without test images, every fifth is one


class Images(NamedTuple):
    """Images uint8 (N, 28, 28), white on black, and their labels, uint8 (N,)."""

    images: np.ndarray
    labels: np.ndarray


class Dataset(NamedTuple):
    """The images to train on, and those to test on."""

    train: Images
    test: Images


def parse_npz(data: bytes, name: str, max_bytes: int) -> Images:
    """All images in the content of a file laid out like Keras's mnist.npz, those to train on first.

    It may hold training or test images alone, and no more than `max_bytes` when unpacked. Raises InputError, with the
    name.
    """
    try:
        with open_npz(io.BytesIO(data), name, max_bytes) as file:
            held = [part for part in ("train", "test") if f"x_{part}" in file and len(file[f"x_{part}"])]
            parts = [Images(file[f"x_{part}"], file[f"y_{part}"]) for part in held]
    except InputError:
        raise
    except Exception:  # a damaged file can raise nearly anything in its decoder
        raise InputError(f"{name} cannot be read: it must be an .npz file like Keras's mnist.npz.") from None
    for images, part in zip(parts, held, strict=True):
        _check(images, part, name)
    if not parts:
        raise InputError(f"{name} holds no images: it must be an .npz file with x_train and y_train.")
    return Images(*(array.astype(np.uint8) for array in join_images(*parts)))


class Scans(NamedTuple):
    """Digits from pictures, as the page prepares them, each with whoever wrote it: one row of each array per image."""

    images: np.ndarray  # uint8 (N, 28, 28), white on black
    labels: np.ndarray  # uint8 (N,)
    writers: np.ndarray  # int (N,); 0 if the file names none
    sources: np.ndarray  # str (N,); empty if the file names none


def load_scans(path: str | os.PathLike) -> Scans:
    """The digits of a file of scans: an .npz with x and y, and perhaps writer and source. Raises InputError."""
    path = Path(path)
    try:
        with open_npz(path, str(path)) as file:
            images, labels = file["x"], file["y"]
            writers = file["writer"] if "writer" in file else np.zeros(len(labels), int)
            sources = file["source"] if "source" in file else np.full(len(labels), "")
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"There is no file of scans at {path}: check the path.") from None
    except Exception:  # a damaged file can raise nearly anything in its decoder
        raise InputError(
            f"{path} cannot be read as scans: it must be an .npz file with x, images of 28×28, and y, their digits, "
            "and perhaps writer and source."
        ) from None
    _check(Images(images, labels), "", path)
    if not isinstance(writers, np.ndarray) or not isinstance(sources, np.ndarray):
        raise InputError(f"{path}: writer or source is no array: save it with numpy.savez.")
    if writers.shape != labels.shape or writers.dtype.kind not in "iu" or sources.shape != labels.shape:
        raise InputError(f"{path}: writer must hold a whole number, and source a name, for each image of x.")
    return Scans(images, labels.astype(np.uint8), writers.astype(int), sources.astype(str))


def _check(part: Images, name: str, path: str | Path) -> None:
    images, labels = part
    x, y = (f"{array}_{name}".rstrip("_") for array in "xy")
    for array, called in ((images, x), (labels, y)):
        if not isinstance(array, np.ndarray):
            raise InputError(f"{path}: {called} is no array: save it with numpy.savez.")
    if images.dtype != np.uint8 or images.shape[1:] != (28, 28) or not len(images):
        raise InputError(f"{path}: {x} must be uint8 images of 28×28, not {images.dtype} of the shape {images.shape}.")
    if labels.shape != (len(images),) or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() > 9:
        raise InputError(f"{path}: {y} must hold one digit from 0 to 9 for each image of {x}.")


@cache
def load_embedded_digits() -> Dataset:
    """The 1,797 real digits of scikit-learn's `load_digits`, prepared like drawings; every fifth is a test image.

    They come as 8×8 pixels with 0 to 16 parts of ink each (E. Alpaydin, C. Kaynak, 1998, CC BY 4.0), so they are
    blurred. Preparing them takes a second, so it is done once, and nobody may write to them.
    """
    from sklearn.datasets import load_digits

    loaded = cast("Bunch", load_digits())  # its other return type is for return_X_y=True
    scans = np.rint(loaded.images * (255 / 16)).astype(np.uint8)
    scans = np.pad(scans, ((0, 0), (1, 1), (1, 1)))  # the background must reach the border
    enlarged = (cv2.resize(scan, (100, 100), interpolation=cv2.INTER_CUBIC) for scan in scans)
    images, labels = prepare_all(zip(enlarged, loaded.target, strict=True))
    testing = every_fifth(len(images))
    dataset = Dataset(Images(images[~testing], labels[~testing]), Images(images[testing], labels[testing]))
    for array in (*dataset.train, *dataset.test):
        array.setflags(write=False)
    return dataset


def prepare_all(pictures: Iterable[tuple[np.ndarray, int]], skipped: Collection[str] = ()) -> Images:
    """Pictures with their labels, prepared as on the page but for `skipped` steps; blank ones are left out."""
    images, labels = [], []
    for picture, label in pictures:
        if (image := prepare(picture, skipped)) is not None:
            images.append(to_bytes(image))
            labels.append(label)
    return Images(np.array(images, np.uint8).reshape(-1, SIZE, SIZE), np.array(labels, np.uint8))


def join_images(*parts: Images) -> Images:
    """All parts, one after the other."""
    return Images(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def every_fifth(count: int) -> np.ndarray:
    """Which of `count` images are to test on where nothing says so, bool (count,): every fifth.

    Of two to four, it is the last; one alone is not.
    """
    testing = np.arange(count) % TEST_EVERY == TEST_EVERY - 1
    if not testing.any():
        testing[1:][-1:] = True
    return testing


def choose_numbers(available: int, count: int | None, rng: np.random.Generator) -> np.ndarray:
    """The indices of `count` of so many images, at random; of all of them, in their order, for None."""
    return rng.permutation(available)[:count] if count else np.arange(available)


def hold_out(images: Images, count: int) -> tuple[Images, Images]:
    """Splits off the last `count` images for validation: test images must not decide anything."""
    split = len(images.labels) - count
    return Images(*(part[:split] for part in images)), Images(*(part[split:] for part in images))
