"""The curves of a run: history.csv, which grows by whole lines."""

import contextlib
import csv
import io
from pathlib import Path

from model.files import atomic_write

HISTORY_FILE = "history.csv"
COLUMNS: tuple[str, ...] = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss", "seconds")
MAX_EPOCH = 100_000  # a row that claims a later one is damaged


def append_history(folder: Path, row: dict[str, float]) -> None:
    """Adds an epoch in a single write; the first one brings the heading. Raises OSError."""
    path = folder / HISTORY_FILE
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if not path.exists():
        writer.writeheader()
    writer.writerow(row)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())


def read_history(folder: Path) -> list[dict[str, float]]:
    """The rows of history.csv in order, without those that are damaged or half-written; empty if there is no file."""
    try:
        text = (folder / HISTORY_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    complete = text[: text.rfind("\n") + 1].replace("\0", "")
    rows = {}
    with contextlib.suppress(csv.Error):
        for row in csv.DictReader(io.StringIO(complete)):
            with contextlib.suppress(TypeError, ValueError, KeyError):
                epoch = int(row["epoch"])
                if 0 < epoch <= MAX_EPOCH:
                    rows[epoch] = {"epoch": epoch} | {name: float(row[name]) for name in COLUMNS[1:]}
    return [rows[epoch] for epoch in sorted(rows)]


def keep_history(folder: Path, epochs: int) -> None:
    """Keeps only the rows of the first `epochs` epochs; a resumed run trains the others again. Raises OSError."""
    rows = [row for row in read_history(folder) if row["epoch"] <= epochs]
    with atomic_write(folder / HISTORY_FILE) as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
