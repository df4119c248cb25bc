"""Keeps the files that people upload as data, until there are too many."""

import contextlib
import hashlib
import os
import shutil
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
            new = folder / f".{kept.name}-{os.getpid()}"
            shutil.rmtree(new, ignore_errors=True)
            (new / inner).mkdir(parents=True)
            for name, content in named:
                (new / inner / name).write_bytes(content)
            with contextlib.suppress(FileExistsError):
                new.rename(kept)
        os.utime(kept)
    return kept / (inner or named[0][0])


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
    uploads = sorted((each for each in folder.iterdir() if each.is_dir()), key=lambda each: each.stat().st_mtime)
    sizes = {each: sum(file.stat().st_size for file in each.rglob("*") if file.is_file()) for each in uploads}
    for each in uploads:
        if sum(sizes.values()) + wanted <= MAX_KEPT:
            return
        shutil.rmtree(each, ignore_errors=True)
        del sizes[each]
