"""Files that several processes read and write: whole or not at all."""

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from model.errors import InputError

REPLACE_PATIENCE = 1.0  # seconds: Windows refuses to replace a file while someone reads it


@contextlib.contextmanager
def telling(what: str) -> Iterator[None]:
    """Says an error of the file system in a sentence."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{what} ({error.strerror or error}): free some space, or check who may write there."
        ) from None


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes the place of `path` once it is whole, else it goes away."""
    new = path.with_name(f".{path.stem}-{os.getpid()}-{threading.get_ident()}{path.suffix}")
    try:
        yield new
        deadline = time.monotonic() + REPLACE_PATIENCE
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
    with replacing(path) as new:
        new.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """What a file says, or nothing if it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
