"""Keeps the files that people upload as data, until there are too many."""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path, PurePath

from model.errors import InputError
from model.files import explaining_os_errors

MAX_KEPT = 400_000_000  # bytes of all uploads: twenty of the largest
MAX_NAME = 80  # characters of a file's name that are kept


def keep_upload(folder: Path, files: Sequence[tuple[str, bytes]]) -> Path:
    """Writes files, (name, content) each, into a folder of their own in `folder`; the oldest uploads make room.

    Returns the path of the file or, of several, that of a folder with what their names have in common for a name. It is
    the same for the same files. Raises InputError if there are none, or if they cannot be written.
    """
    if not files:
        raise InputError("There is no file: choose one.")
    named = [(_plain(name), content) for name, content in files]
    digest = hashlib.sha256()
    for name, content in named:
        digest.update(f"{len(content)} {name}\n".encode() + content)
    kept = folder / digest.hexdigest()[:24]
    shared = os.path.commonprefix([name for name, _ in named])  # noqa: RUF071 - of names, not of paths
    inner = "" if len(named) == 1 else shared.rstrip("-_. ") or "files"
    with explaining_os_errors("The files cannot be kept"):
        folder.mkdir(parents=True, exist_ok=True)
        if not kept.exists():
            _make_room(folder, sum(len(content) for _, content in named))
            with tempfile.TemporaryDirectory(prefix=".", dir=folder) as working:
                new = Path(working, kept.name)
                (new / inner).mkdir(parents=True)
                for name, content in named:
                    (new / inner / name).write_bytes(content)
                _rename(new, kept)
        now = time.time_ns()
        os.utime(kept, ns=(now, now))  # the file system's own clock may stand still for milliseconds
    return kept / (inner or named[0][0])


def _rename(new: Path, kept: Path) -> None:
    """Gives a folder its name, unless somebody else has kept the same files meanwhile. Raises OSError."""
    try:
        new.rename(kept)
    except OSError:  # which one depends on the system
        if not kept.exists():
            raise


def is_upload(folder: Path, path: str) -> bool:
    """Whether a path is one that `keep_upload` has returned for this folder."""
    try:
        parts = Path(path).resolve().relative_to(folder.resolve()).parts
    except (OSError, ValueError):
        return False
    return len(parts) == 2 and not parts[0].startswith(".")


def _plain(name: str) -> str:
    """The name of a file without folders, and without what makes it a hidden one."""
    return PurePath(name.replace("\\", "/").replace("\0", "")).name.lstrip(".")[-MAX_NAME:] or "data"


def _make_room(folder: Path, wanted: int) -> None:
    uploads: list[tuple[int, Path, int]] = []
    for each in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # somebody else makes room, too
            if each.is_dir():
                size = sum(file.stat().st_size for file in each.rglob("*") if file.is_file())
                uploads.append((each.stat().st_mtime_ns, each, size))
    held = sum(size for *_, size in uploads)
    for _, each, size in sorted(uploads):
        if held + wanted <= MAX_KEPT:
            return
        shutil.rmtree(each, ignore_errors=True)
        held -= size
