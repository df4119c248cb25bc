"""Files that several processes read and write at once: a reader finds a complete file or none."""

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from model.errors import InputError

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


def read_json(path: Path) -> dict[str, Any]:
    """The content of a JSON file; an empty dictionary if it is missing, damaged or not a JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
