"""The files of a data set: a file alone, those of a folder, or those of a zip archive, all opened in one way.

Nothing is written to disk, and nothing is unpacked before its size is known to be bearable.
"""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from model.errors import InputError

MAX_UNPACKED = 1_000_000_000  # bytes of one data set: EMNIST's 280,000 digits take 220 million, as text 600
MAX_FILES = 300_000  # as many pictures as EMNIST has digits
HEAD = 4_096  # bytes that tell what a file is
GZIPPED, ZIPPED = b"\x1f\x8b", b"PK"  # how such files begin
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


@dataclass(frozen=True)
class File:
    """A file of a data set. What it holds is read gunzipped."""

    name: str
    """What to call it: its path or, in a folder or an archive, its path in there."""
    size: int
    """In bytes, as it is kept; in an archive, as it says it is unpacked."""
    raw: Callable[[], IO[bytes]]
    changed: int = 0
    """When it was last changed, in nanoseconds."""

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """What it holds. Raises InputError if it is damaged, also while it is being read."""
        try:
            with self.raw() as file:
                start = file.read(len(GZIPPED))
                file.seek(0)
                if start != GZIPPED:
                    yield file
                    return
                with gzip.open(file) as unpacked:
                    yield unpacked  # pyright: ignore[reportReturnType] - it is read like any other
        except DAMAGE as error:
            raise InputError(
                f"{self.name} is damaged, cut short or locked ({error}): copy or download it again."
            ) from None

    def read(self, max_bytes: int = MAX_UNPACKED) -> bytes:
        """All that it holds. Raises InputError if that is more than `max_bytes`, of which no more is unpacked."""
        with self.open() as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise too_large(self.name, max_bytes)
        return content

    def head(self, count: int = HEAD) -> bytes:
        """Its first bytes: `count` of them, or all if it holds fewer. Raises InputError if it is damaged."""
        with self.open() as file:
            return file.read(count)


def too_large(name: str, max_bytes: int = MAX_UNPACKED) -> InputError:
    return InputError(f"{name} holds more than {max_bytes // 1_000_000:,} MB: divide it into smaller files.")


def list_files(path: Path) -> list[File]:
    """The file itself, or all files in a folder or a zip archive, in the order of their names.

    Hidden files, whose names begin with a dot, are left out, and so is __MACOSX, which macOS adds to archives. Raises
    InputError if there is nothing, or too much.
    """
    try:
        if path.exists() and not (path.is_dir() or path.is_file()):
            raise InputError(f"{path} is neither a file nor a folder: give the path of one.")  # a pipe would block
        if path.is_dir():
            found = list(_in_folder(path))
        elif _is_archive(path):
            found = list(_in_archive(path))
        else:
            return [on_disk(path, str(path))]
    except (FileNotFoundError, UnicodeEncodeError):  # no file has a name that cannot be encoded
        shown = str(path).encode("utf-8", "replace").decode()
        raise InputError(f"There is no data at {shown}: give mnist, digits or the path of a file or folder.") from None
    except DAMAGE as error:
        raise InputError(f"{path} cannot be read ({error}): check the file and its permissions.") from None
    if not found:
        raise InputError(f"There are no files in {path}: give a folder or an archive with images of digits.")
    if len(found) > MAX_FILES:
        raise InputError(f"{path} holds more than {MAX_FILES:,} files: divide it into smaller ones.")
    return sorted(found, key=lambda file: file.name)


def on_disk(path: Path, name: str) -> File:
    """A file on disk under this name. Raises OSError if it is gone."""
    status = path.stat()
    return File(name, status.st_size, lambda: path.open("rb"), status.st_mtime_ns)


def _is_archive(path: Path) -> bool:
    """Whether it is a zip archive, but no .npz, which is one itself."""
    with path.open("rb") as file:
        if not file.read(2).startswith(ZIPPED):
            return False
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path} is damaged or cut short: copy or download it again.")
    with zipfile.ZipFile(path) as archive:
        return not holds_arrays(archive)


def holds_arrays(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is an .npz."""
    return all(name.endswith(".npy") for name in archive.namelist())


def _in_folder(folder: Path) -> Iterator[File]:
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in names:
            path = Path(place, name)
            if name.startswith(".") or not path.is_file():
                continue
            count += 1
            if count > MAX_FILES + 1:
                return
            yield on_disk(path, path.relative_to(folder).as_posix())


def _in_archive(path: Path) -> Iterator[File]:
    archive = zipfile.ZipFile(path)  # left open, since finding one of many files in it anew takes long
    members = [each for each in archive.infolist() if not each.is_dir() and not _is_hidden(each.filename)]
    if sum(each.file_size for each in members) > MAX_UNPACKED:
        raise too_large(str(path))
    changed = path.stat().st_mtime_ns
    for each in members:
        yield File(each.filename, each.file_size, lambda member=each: _member(archive, member), changed)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """What a member of an archive holds: never more than the archive says, which is bounded."""
    with archive.open(member) as file:
        return io.BytesIO(file.read(member.file_size))
