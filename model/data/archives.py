"""Opens .npz files, which anybody may have made: nothing is unpacked that would not fit."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from model.errors import InputError
from model.files import is_file

MAX_UNPACKED = 400_000_000  # bytes of all arrays of a file: MNIST has 55 million, and EMNIST's 280,000 digits have 220


@contextmanager
def open_npz(file: Path | IO[bytes], name: str, max_bytes: int = MAX_UNPACKED) -> Iterator[Any]:
    """The arrays of an .npz file by name, as `numpy.load` gives them. Raises InputError if they take more than this.

    FileNotFoundError if there is no such file; a damaged one can raise nearly anything in its decoder.
    """
    if isinstance(file, Path) and not is_file(file):
        raise FileNotFoundError
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())  # of which no more is ever unpacked
    if size > max_bytes:
        raise InputError(f"{name} holds more than {max_bytes // 1_000_000} MB: divide it into smaller files.")
    if not isinstance(file, Path):
        file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        yield arrays
