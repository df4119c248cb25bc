"""Files that several processes read and write at once: a reader finds a complete file or none."""

import contextlib
import errno
import json
import os
import stat
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

from model.errors import InputError

T = TypeVar("T")

MAX_JSON_BYTES = 10_000_000  # of a file that is read as JSON: ours have some kilobytes
SETTLED = 1.0  # seconds: the time of a change is kept to some milliseconds, on some systems to a second
REPLACE_TIMEOUT = 1.0  # seconds: Windows refuses to replace a file while somebody reads it


@contextlib.contextmanager
def explaining_os_errors(what_failed: str) -> Iterator[None]:
    """Turns an OSError in the block into an InputError that says what failed and what to do."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{what_failed} ({error.strerror or error}): free some space, or check the permissions of the folder."
        ) from None


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yields a temporary path beside `path` to write to. After the block it replaces `path`; after an error it is gone.

    Raises OSError.
    """
    new = path.with_name(f".{path.stem}-{os.getpid()}-{threading.get_ident()}{path.suffix}")
    try:
        yield new
        deadline = time.monotonic() + REPLACE_TIMEOUT
        while True:
            try:
                new.replace(path)
                break
            except PermissionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
    finally:
        new.unlink(missing_ok=True)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Writes a JSON file, complete or not at all. Raises OSError."""
    with atomic_write(path) as new:
        new.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_file(path: Path, max_bytes: int) -> bytes:
    """The content of a file. Raises OSError, also if it is a pipe or a device, or holds more than `max_bytes`."""
    # Without O_NONBLOCK, opening a pipe waits until somebody writes into it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise OSError(errno.EFBIG, f"it holds more than {max_bytes // 1_000_000} MB")
    return content


def is_file(path: Path) -> bool:
    """Whether there is such a file; not if its folder may not be searched, or if no file can have that name."""
    try:
        return path.is_file()
    except OSError:
        return False


def stamp(*paths: Path, growing: bool = False) -> Hashable | None:
    """A value that changes whenever one of the files or folders does, or comes or goes.

    None if one has changed within the last second: another change at the same moment might not show. It does with
    files that only grow, since their size is another each time.
    """
    stamps = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            stamps.append(None)
            continue
        if not growing and status.st_mtime > time.time() - SETTLED:
            return None
        stamps.append((status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(stamps)


class Remembered(Generic[T]):
    """What was read from files, until they change. Any number of threads may use it."""

    def __init__(self, most: int) -> None:
        """Once it holds `most` values, it begins anew."""
        self._most, self._known = most, dict[Hashable, tuple[Hashable, T]]()

    def get(self, key: Hashable, stamped: Hashable | None, read: Callable[[], T]) -> T:
        """The value of a key, read again if its `stamp` is another; if that is None, always."""
        known = self._known.get(key)
        if stamped is not None and known is not None and known[0] == stamped:
            return known[1]
        value = read()
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[key] = stamped, value
        return value


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - whatever it holds
    """What a JSON file of this content holds. Raises ValueError if it is damaged, or nested too deeply to be ours."""
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def read_json(path: Path) -> dict[str, Any]:
    """The content of a JSON file; an empty dictionary if it is missing, damaged or not a JSON object."""
    try:
        content = parse_json(read_file(path, MAX_JSON_BYTES))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
