"""Files of NumPy arrays (.npz), whatever their arrays are called: x_train, train_images, X, data … and their labels."""

import math
import re
import zipfile
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.lib import format as npy

from model.data.reading.files import MAX_UNPACKED, File, too_large
from model.data.reading.raw import MAX_IMAGES, Found, Raw, check_labels, divide, is_for_testing
from model.errors import InputError, first_line
from model.networks import CLASSES

IMAGES = {"x", "image", "images", "img", "imgs", "data", "pixels", "features", "inputs"}
LABELS = {"y", "label", "labels", "target", "targets", "class", "classes", "digit", "digits"}
WANTED = "give an .npz with x_train and y_train, and perhaps x_test and y_test, like Keras's mnist.npz"
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


class _Array(NamedTuple):
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def kind(self) -> str | None:
        """Whether it can hold images or labels, going by its shape, and by its name where that leaves a doubt."""
        words = {word.lower() for word in _WORDS.findall(self.name)}
        if not self.shape or self.dtype.kind not in "biufUS":
            return None
        if len(self.shape) == 1 or self.shape[1:] in ((1,), (CLASSES,)):
            return "labels" if words & LABELS or self.name == "arr_1" else None
        return "images" if len(self.shape) <= 4 and self.dtype.kind not in "US" else None


def read_arrays(file: File) -> Found:
    """The images of an .npz. Raises InputError if it holds none, objects, or arrays that do not belong together."""
    try:
        with file.open() as content, zipfile.ZipFile(content) as archive:
            return _read(archive, file.name)
    except InputError:
        raise
    except Exception as error:  # a damaged file can raise nearly anything in its decoder
        raise InputError(f"{file.name} cannot be read as MNIST ({first_line(error)}): {WANTED}.") from None


def _read(archive: zipfile.ZipFile, name: str) -> Found:
    if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED:
        raise too_large(name)
    arrays = [_describe(archive, member, name) for member in archive.namelist()]
    pairs = _pair(arrays, name)
    notes: list[str] = []
    parts = [
        (testing, Raw(_load(archive, images), check_labels(_load(archive, labels), f"{name}: {labels.name}", notes)))
        for testing, (images, labels) in pairs.items()
    ]
    for testing, raw in parts:
        of = pairs[testing]
        if len(raw.images) != len(raw.labels):
            raise InputError(
                f"{name}: {of[0].name} holds {len(raw.images):,} images, but {of[1].name} {len(raw.labels):,} labels: "
                "give one for each image."
            )
    return divide(parts, dict.fromkeys(notes))


def _describe(archive: zipfile.ZipFile, member: str, name: str) -> _Array:
    """What an array says of itself, without its values. Raises InputError if it holds objects or less than it says."""
    with archive.open(member) as file:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(file)
        if dtype.hasobject:
            raise InputError(f"{name}: {member[:-4]} holds Python objects, which are not opened: save it as numbers.")
        kept = archive.getinfo(member).file_size - file.tell()
    if math.prod(shape) * dtype.itemsize != kept:
        raise InputError(f"{name} is damaged ({member[:-4]} is not as large as it says): save it again.")
    return _Array(member[:-4], shape, dtype)


def _load(archive: zipfile.ZipFile, array: _Array) -> np.ndarray:
    with archive.open(f"{array.name}.npy") as file:
        return npy.read_array(file, allow_pickle=False)


def _pair(arrays: list[_Array], name: str) -> dict[bool, tuple[_Array, _Array]]:
    """The images and the labels to train on (False) and to test on (True), or of either alone."""
    found: dict[bool, dict[str, list[_Array]]] = defaultdict(lambda: {"images": [], "labels": []})
    for array in arrays:
        if (kind := array.kind) is not None:
            found[is_for_testing(array.name)][kind].append(array)
    pairs = {}
    for testing, kinds in sorted(found.items()):
        images = _only(kinds["images"], IMAGES, name, "images")
        labels = _only(kinds["labels"], LABELS, name, "labels")
        if images and labels:
            if not 0 < images.shape[0] <= MAX_IMAGES:
                raise InputError(f"{name}: {images.name} holds {images.shape[0]:,} images: give 1 to {MAX_IMAGES:,}.")
            pairs[testing] = images, labels
        elif images or labels:
            alone = [each.name for each in (images, labels) if each]
            missing = "labels" if images else "images"
            raise InputError(f"{name} cannot be read as MNIST: {alone[0]} comes without its {missing}: {WANTED}.")
    if not pairs:
        held = ", ".join(f"{each.name} {each.shape}" for each in arrays[:4]) or "nothing"
        raise InputError(f"{name} cannot be read as MNIST (it holds {held}): {WANTED}.")
    return pairs


def _only(arrays: list[_Array], usual: set[str], name: str, what: str) -> _Array | None:
    """The one array of its kind or, of several, the one with a usual name; none if there is none."""
    if len(arrays) > 1:
        arrays = [each for each in arrays if {word.lower() for word in _WORDS.findall(each.name)} & usual] or arrays
    if len(arrays) > 1:
        raise InputError(
            f"{name} holds several arrays of {what} ({', '.join(each.name for each in arrays)}): {WANTED}."
        )
    return arrays[0] if arrays else None
