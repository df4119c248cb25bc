"""The idx files of MNIST and EMNIST, gzipped or not: a header, then the values of an array, big-endian."""

import math
import re
import struct
from collections import defaultdict
from pathlib import PurePath
from typing import NamedTuple

import numpy as np

from model.data.reading.files import MAX_UNPACKED, File, too_large
from model.data.reading.raw import MAX_IMAGES, Found, Raw, check_labels, divide, is_for_testing
from model.errors import InputError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}  # by the third byte of a file
MAX_AXES = 3
WANTED = "give its two files, such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz"
_KIND = re.compile(r"images?|labels?|idx\d")  # what differs between the names of a pair
_PART = re.compile(r"train|t10k|test")


class _Header(NamedTuple):
    type: str
    shape: tuple[int, ...]
    size: int  # of the header itself, in bytes


def is_idx(head: bytes) -> bool:
    """Whether a file that begins like this is an idx file."""
    return len(head) >= 8 and head[:2] == b"\0\0" and head[2] in TYPES and 1 <= head[3] <= MAX_AXES


def read_idx(files: list[File], chosen: str | None = None) -> Found:
    """The images of idx files, in pairs: of the data set to which the file `chosen` belongs, if one was named.

    Raises InputError if a file is alone or damaged, or if there are several data sets.
    """
    sets = defaultdict(list)
    for file in files:
        folder, pair = _pair_of(file.name)
        sets[folder, _PART.sub("", pair)].append(file)
    if chosen is not None:
        sets = {name: group for name, group in sets.items() if any(each.name == chosen for each in group)}
    if len(sets) > 1:
        names = ", ".join(sorted(file.name for group in sets.values() for file in group)[:4])
        raise InputError(f"There are several data sets ({names}, …): give the path of one of these files.")
    pairs = defaultdict(list)
    for file in next(iter(sets.values())):
        pairs[_pair_of(file.name)].append(file)
    notes: list[str] = []
    parts = [(is_for_testing(name), _read_pair(pair, notes)) for (_, name), pair in sorted(pairs.items())]
    return divide(parts, dict.fromkeys(notes))


def _pair_of(name: str) -> tuple[str, str]:
    """The folder of a file, and what the names of its pair have in common."""
    path = PurePath(name)
    return str(path.parent), _KIND.sub("", path.name.lower().removesuffix(".gz"))


def _read_pair(pair: list[File], notes: list[str]) -> Raw:
    headers = {file.name: _read_header(file) for file in pair}
    images = [file for file in pair if len(headers[file.name].shape) == MAX_AXES]
    labels = [file for file in pair if len(headers[file.name].shape) == 1]
    if len(images) != 1 or len(labels) != 1:
        missing = "labels" if images else "images"
        raise InputError(f"{pair[0].name} comes without its {missing}: {WANTED}.")
    counts = headers[images[0].name].shape[0], headers[labels[0].name].shape[0]
    if counts[0] != counts[1]:
        raise InputError(f"{images[0].name} holds {counts[0]:,} images, but {labels[0].name} {counts[1]:,}: {WANTED}.")
    if not 0 < counts[0] <= MAX_IMAGES:
        raise InputError(f"{images[0].name} holds {counts[0]:,} images: give 1 to {MAX_IMAGES:,}.")
    values = _read_array(images[0], headers[images[0].name])
    return Raw(values, check_labels(_read_array(labels[0], headers[labels[0].name]), labels[0].name, notes))


def _read_header(file: File) -> _Header:
    head = file.head()
    axes = head[3]
    size = 4 + 4 * axes
    if len(head) < size:
        raise InputError(f"{file.name} is cut short: copy or download it again.")
    return _Header(TYPES[head[2]], struct.unpack(f">{axes}I", head[4:size]), size)


def _read_array(file: File, header: _Header) -> np.ndarray:
    wanted = math.prod(header.shape) * np.dtype(header.type).itemsize
    if wanted > MAX_UNPACKED:
        raise too_large(file.name)
    content = file.head(header.size + wanted + 1)
    held = len(content) - header.size
    if held != wanted:
        raise InputError(
            f"{file.name} says that it holds {wanted:,} bytes of values, but holds "
            f"{'more' if held > wanted else f'{held:,}'}: copy or download it again."
        )
    return np.frombuffer(content, header.type, offset=header.size).reshape(header.shape)
