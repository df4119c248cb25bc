"""Reads a data set of one's own, whatever its format: a file, a folder, or a zip archive."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from model.data.datasets import Dataset, Images
from model.data.reading.arrays import read_arrays
from model.data.reading.files import ZIPPED, File, list_files, on_disk
from model.data.reading.idx import is_idx, read_idx
from model.data.reading.mending import LEFT, MENDED, Change, find_change
from model.data.reading.picture_files import is_list, is_picture, read_pictures
from model.data.reading.raw import Found
from model.data.reading.shapes import to_images
from model.data.reading.stroke_files import read_strokes
from model.data.reading.tables import is_table, read_tables
from model.errors import InputError

Tell = Callable[[str], None]
WANTED = (
    "give an .npz like Keras's mnist.npz, a table like Kaggle's train.csv, idx files like MNIST's own, a stroke file, "
    "or a folder or zip of pictures by digit"
)
# What is often met and not read, by how it begins, and what to do about it
REFUSED = {
    b"PAR1": "is a Parquet file, which is not read: save it as .csv or .npz.",
    b"\x89HDF": "is an HDF5 file, which is not read as data: save its arrays as .npz.",
    b"MATLAB": "is a MATLAB file, which is not read: save its arrays as .npz.",
    b"\x93NUMPY": "is a single array, without labels: save it together with them as .npz.",
    b"7z\xbc\xaf": "is a 7z archive, which is not read: make a .zip of it.",
    b"Rar!": "is a RAR archive, which is not read: make a .zip of it.",
}
PICKLED = "is a pickle, which could run a program when it is opened, so it is not: save its arrays as .npz."


class OwnData(NamedTuple):
    """A data set of one's own: its images, uint8 (N, 28, 28), white on black, and what is to be said about it."""

    data: Dataset
    notes: tuple[str, ...]  # sentences
    change: Change | None  # what seemed wrong with it, whether it was mended or not


# A training first checks its data and then loads them, and reading them may take minutes
_latest: dict[tuple, OwnData] = {}
_lock = Lock()


def read_data(path: Path, mend: bool = True, tell: Tell | None = None, *, known: bool = False) -> OwnData:
    """The data set at a path. If its images are inverted or do not lie upright, they are mended, unless told not to.

    A data set that is `known` is not looked at, which takes a second. `tell` is called with the progress in words.
    Raises InputError that names the file, or the entry, that cannot be used. What was read last is kept in memory, and
    not read again unless a file has changed.
    """
    try:
        files = _chosen(path)
        key = (str(path), mend, known, tuple((file.name, file.size, file.changed) for file in files))
        with _lock:
            if key not in _latest:
                read = _read(files, str(path), mend, tell, known)
                _latest.clear()
                _latest[key] = read
            return _latest[key]
    except InputError as error:
        raise error if str(path) in str(error) else InputError(f"{path}: {error}") from None
    except MemoryError:
        raise InputError(f"{path} is too large for the memory of this machine: divide it into smaller files.") from None


def _chosen(path: Path) -> list[File]:
    """The files that a path stands for: an idx file brings those beside it, one of which holds its labels."""
    files = list_files(path)
    if len(files) == 1 and path.is_file() and is_idx(files[0].head()):
        beside = [on_disk(each, str(each)) for each in sorted(path.parent.iterdir()) if each.is_file()]
        files = [file for file in beside if is_idx(_head_of(file))]
    return files


def _head_of(file: File) -> bytes:
    """How a file begins; nothing if it is damaged, since it may have nothing to do with the data."""
    try:
        return file.head()
    except InputError:
        return b""


def _read(files: list[File], path: str, mend: bool, tell: Tell | None, known: bool) -> OwnData:
    found = _find(files, path, tell)
    notes = list(found.notes)
    parts = found.train, found.test
    if not found.prepared:
        parts = to_images(found, notes, tell)
    looked = None if known else find_change(parts, notes, upright=found.prepared)
    change, mended = looked or (None, parts)
    if change is not None:
        notes.append(f"{change.words} {MENDED if mend else LEFT}")
    train, test = mended if mend else parts
    return OwnData(Dataset(Images(*train), Images(*test)), tuple(dict.fromkeys(notes)), change)


def _find(files: list[File], path: str, tell: Tell | None) -> Found:
    """What the files hold, read as the first format that any of them has."""
    pictures = [file for file in files if is_picture(file.name)]
    if len(pictures) > 1 or (pictures and len(files) == 1):
        return read_pictures(pictures, [file for file in files if is_list(file.name)], tell)
    others = [(file, _head_of(file) if len(files) > 1 else file.head()) for file in files if file not in pictures]
    if idx := [file for file, head in others if is_idx(head)]:
        return read_idx(idx, path if any(file.name == path for file in idx) else None)
    if archives := [file for file, head in others if head.startswith(ZIPPED)]:
        return read_arrays(_only(archives))
    if strokes := [file for file, head in others if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{"))]:
        return read_strokes(_only(strokes), tell)
    if tables := [file for file, head in others if not _is_pickle(head) and is_table(head)]:
        return read_tables(tables)
    raise InputError(_refuse(others))


def _only(files: list[File]) -> File:
    if len(files) > 1:
        names = ", ".join(file.name for file in files[:3])
        raise InputError(f"There are several data sets ({names}): give the path of one.")
    return files[0]


def _is_pickle(head: bytes) -> bool:
    return len(head) > 1 and head[0] == 0x80 and head[1] <= 5


def _refuse(others: list[tuple[File, bytes]]) -> str:
    """Why none of the files is data, in a sentence."""
    for file, head in others:
        if _is_pickle(head):
            return f"{file.name} {PICKLED}"
        if known := next((words for start, words in REFUSED.items() if head.startswith(start)), None):
            return f"{file.name} {known}"
    if len(others) == 1:
        file, head = others[0]
        return f"{file.name} {'is empty' if not head else 'cannot be read as images of digits'}: {WANTED}."
    return f"There are no images of digits among its files: {WANTED}."
