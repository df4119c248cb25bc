"""Where data sets come from: MNIST, the embedded digits, or a path of one's own."""

import os
from collections.abc import Callable
from pathlib import Path

from model.data import datasets
from model.data.datasets import Dataset
from model.data.download import download
from model.data.reading import OwnData, read_data

# Where Keras's own loader gets MNIST from, the checksum it expects, and where it keeps the file
MNIST_ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_HOME = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home folder
KERAS_CACHE = Path(os.environ.get("KERAS_HOME") or Path(_HOME, ".keras")) / "datasets" / "mnist.npz"


def load_data(source: str, tell: Callable[[str], None] | None = None, *, mend: bool = True) -> Dataset:
    """The data set of a source: `mnist`, `digits`, or a path as `load_described` takes it.

    Downloads MNIST if necessary. `tell` is called with the progress in words. Raises InputError if the data cannot be
    loaded.
    """
    return load_described(source, tell, mend=mend).data


def load_described(source: str, tell: Callable[[str], None] | None = None, *, mend: bool = True) -> OwnData:
    """The data set of a source, with what is to be said about it. A path may be that of a file, a folder or a zip.

    Images in it that are inverted or do not lie upright are set right, unless `mend` says to leave them as they are.
    """
    if source == "digits":
        return OwnData(datasets.load_embedded_digits(), (), None)
    if source != "mnist":
        return read_data(Path(source), mend, tell)
    path = mnist_file()
    if path == KERAS_CACHE and not path.exists():
        download(MNIST_ADDRESS, MNIST_SHA256, path, tell)
    return read_data(path, mend, tell, known=True)


def mnist_file() -> Path:
    """The file that `mnist` stands for, whether it exists yet or not."""
    return Path(os.environ.get("DIGITS_MNIST") or KERAS_CACHE)


def mnist_is_local() -> bool:
    """Whether `mnist` can be loaded without downloading it."""
    return mnist_file().exists()
