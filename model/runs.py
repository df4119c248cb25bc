"""A training run is a folder: what stands in it, written so that a reader never sees half of it.

runs/20261122-161500-keras-cnn/
  run.json      settings, status, process id, progress, final metrics, error
  history.csv   one row an epoch, counted from 1
  model.keras   the network after the last whole epoch
"""

import contextlib
import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from model.errors import InputError

RUN_FILE, HISTORY_FILE, MODEL_FILE, LOCK_FILE = "run.json", "history.csv", "model.keras", ".training.lock"
COLUMNS = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss", "seconds")


@contextlib.contextmanager
def training_lock(runs: Path) -> Iterator[None]:
    """Held while a training runs in the folder `runs`; the system frees it when its process dies.

    Raises InputError if another training holds it.
    """
    runs.mkdir(parents=True, exist_ok=True)
    lock = FileLock(runs / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"Another training is running in {runs}: wait for its end, or cancel it.") from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to write to; it takes the place of `path` once it is whole, else it goes away."""
    new = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_run(folder: Path, run: dict[str, Any]) -> None:
    with replacing(folder / RUN_FILE) as path:
        path.write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")


def read_run(folder: Path) -> dict[str, Any]:
    """What run.json holds. Raises InputError if it is missing or damaged."""
    try:
        run = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no run in {folder}: it holds no {RUN_FILE}.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / RUN_FILE} cannot be read ({error}): delete the run, or mend the file.") from None
    if not isinstance(run, dict) or not isinstance(run.get("settings"), dict):
        raise InputError(f"{folder / RUN_FILE} holds no settings: delete the run, or mend the file.")
    return run


def append_history(folder: Path, row: dict[str, float]) -> None:
    """One epoch more, as one whole line; the heading with the first."""
    path = folder / HISTORY_FILE
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if not path.exists():
        writer.writeheader()
    writer.writerow(row)
    with path.open("a", encoding="utf-8") as file:
        file.write(text.getvalue())


def read_history(folder: Path) -> list[dict[str, float]]:
    """The whole rows of history.csv; what is damaged or half written is left out."""
    try:
        text = (folder / HISTORY_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    whole = text[: text.rfind("\n") + 1]
    rows = []
    for row in csv.DictReader(io.StringIO(whole)):
        with contextlib.suppress(TypeError, ValueError, KeyError):
            rows.append({name: float(row[name]) for name in COLUMNS} | {"epoch": int(row["epoch"])})
    return rows


def keep_history(folder: Path, epochs: int) -> None:
    """Drops the rows after so many epochs: a resumed run does those again."""
    rows = [row for row in read_history(folder) if row["epoch"] <= epochs]
    with replacing(folder / HISTORY_FILE) as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
