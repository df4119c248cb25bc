"""The data sets: MNIST, and the digits embedded in scikit-learn."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import cv2
import numpy as np

from model.data.download import download
from model.errors import InputError
from model.preprocessing import SIZE, prepare, to_bytes

if TYPE_CHECKING:
    from sklearn.utils import Bunch

# Where Keras's own loader gets MNIST from, the checksum it expects, and where it keeps the file
MNIST_ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_HOME = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home folder
KERAS_CACHE = Path(os.environ.get("KERAS_HOME") or Path(_HOME, ".keras")) / "datasets" / "mnist.npz"


class Images(NamedTuple):
    """Images uint8 (N, 28, 28), white on black, and their labels, uint8 (N,)."""

    images: np.ndarray
    labels: np.ndarray


class Dataset(NamedTuple):
    """The images to train on, and those to test on."""

    train: Images
    test: Images


def load_data(source: str, tell: Callable[[str], None] | None = None) -> Dataset:
    """The data set of a source: `mnist`, `digits` or the path of an mnist.npz. Downloads MNIST if necessary.

    `tell` is called with the progress of the download in words. Raises InputError if the data cannot be loaded.
    """
    if source == "digits":
        return load_embedded_digits()
    if source != "mnist":
        return load_npz(Path(source))
    path = mnist_file()
    if path == KERAS_CACHE and not path.exists():
        download(MNIST_ADDRESS, MNIST_SHA256, path, tell)
    return load_npz(path)


def mnist_file() -> Path:
    """The file that `mnist` stands for, whether it exists yet or not."""
    return Path(os.environ.get("DIGITS_MNIST") or KERAS_CACHE)


def mnist_is_local() -> bool:
    """Whether `mnist` can be loaded without downloading it."""
    return mnist_file().exists()


def load_npz(path: Path) -> Dataset:
    """The data set in a file laid out like Keras's mnist.npz. Raises InputError if it holds anything else."""
    try:
        with np.load(path, allow_pickle=False) as file:
            train = Images(file["x_train"], file["y_train"])
            test = Images(file["x_test"], file["y_test"])
    except FileNotFoundError:
        raise InputError(f"There is no data at {path}: give mnist, digits or the path of an mnist.npz.") from None
    except Exception as error:  # a damaged file can raise nearly anything in its decoder
        raise InputError(
            f"{path} cannot be read as MNIST ({error}): it must be an .npz file with x_train, y_train, x_test and "
            f"y_test, like Keras's mnist.npz."
        ) from None
    for part, name in ((train, "train"), (test, "test")):
        _check(part, name, path)
    return Dataset(*(part._replace(labels=part.labels.astype(np.uint8)) for part in (train, test)))


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
        with np.load(path, allow_pickle=False) as file:
            images, labels = file["x"], file["y"]
            writers = file["writer"] if "writer" in file else np.zeros(len(labels), int)
            sources = file["source"] if "source" in file else np.full(len(labels), "")
    except FileNotFoundError:
        raise InputError(f"There is no file of scans at {path}: check the path.") from None
    except Exception:  # as above
        raise InputError(
            f"{path} cannot be read as scans: it must be an .npz file with x, images of 28×28, and y, their digits, "
            "and perhaps writer and source."
        ) from None
    _check(Images(images, labels), "", path)
    if writers.shape != labels.shape or writers.dtype.kind not in "iu" or sources.shape != labels.shape:
        raise InputError(f"{path}: writer must hold a whole number, and source a name, for each image of x.")
    return Scans(images, labels.astype(np.uint8), writers.astype(int), sources.astype(str))


def _check(part: Images, name: str, path: Path) -> None:
    images, labels = part
    x, y = (f"{array}_{name}".rstrip("_") for array in "xy")
    if images.dtype != np.uint8 or images.shape[1:] != (28, 28) or not len(images):
        raise InputError(f"{path}: {x} must be uint8 images of 28×28, not {images.dtype} of the shape {images.shape}.")
    if labels.shape != (len(images),) or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() > 9:
        raise InputError(f"{path}: {y} must hold one digit from 0 to 9 for each image of {x}.")


def load_embedded_digits() -> Dataset:
    """The 1,797 real digits of scikit-learn's `load_digits`, prepared like drawings; every fifth is a test image.

    They come as 8×8 pixels with 0 to 16 parts of ink each (E. Alpaydin, C. Kaynak, 1998, CC BY 4.0), so they are
    blurred.
    """
    from sklearn.datasets import load_digits

    loaded = cast("Bunch", load_digits())  # its other return type is for return_X_y=True
    scans = np.rint(loaded.images * (255 / 16)).astype(np.uint8)
    scans = np.pad(scans, ((0, 0), (1, 1), (1, 1)))  # the background must reach the border
    enlarged = (cv2.resize(scan, (100, 100), interpolation=cv2.INTER_CUBIC) for scan in scans)
    images, labels = prepare_all(zip(enlarged, loaded.target, strict=True))
    testing = np.arange(len(images)) % 5 == 4
    return Dataset(Images(images[~testing], labels[~testing]), Images(images[testing], labels[testing]))


def prepare_all(pictures: Iterable[tuple[np.ndarray, int]]) -> Images:
    """Pictures with their labels, prepared like drawings on the page. Blank ones are left out."""
    images, labels = [], []
    for picture, label in pictures:
        if (image := prepare(picture)) is not None:
            images.append(to_bytes(image))
            labels.append(label)
    return Images(np.array(images, np.uint8).reshape(-1, SIZE, SIZE), np.array(labels, np.uint8))


def choose_numbers(available: int, count: int | None, rng: np.random.Generator) -> np.ndarray:
    """The indices of `count` of so many images, at random; of all of them, in their order, for None."""
    return rng.permutation(available)[:count] if count else np.arange(available)


def hold_out(images: Images, count: int) -> tuple[Images, Images]:
    """Splits off the last `count` images for validation: test images must not decide anything."""
    split = len(images.labels) - count
    return Images(*(part[:split] for part in images)), Images(*(part[split:] for part in images))
