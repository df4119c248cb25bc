"""The curves of a run: history.csv, which grows by whole lines."""

import contextlib
import csv
import io
from pathlib import Path

from model.files import replacing

HISTORY_FILE = "history.csv"
COLUMNS = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss", "seconds")
MOST_EPOCHS = 100_000  # of a row that is believed


def append_history(folder: Path, row: dict[str, float]) -> None:
    """One epoch more, as one whole line; the heading with the first."""
    path = folder / HISTORY_FILE
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if not path.exists():
        writer.writeheader()
    writer.writerow(row)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())


def read_history(folder: Path) -> list[dict[str, float]]:
    """The whole rows of history.csv; what is damaged or half written is left out."""
    try:
        text = (folder / HISTORY_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    whole = text[: text.rfind("\n") + 1].replace("\0", "")
    rows = {}
    with contextlib.suppress(csv.Error):
        for row in csv.DictReader(io.StringIO(whole)):
            with contextlib.suppress(TypeError, ValueError, KeyError):
                epoch = int(row["epoch"])
                if 0 < epoch <= MOST_EPOCHS:
                    rows[epoch] = {"epoch": epoch} | {name: float(row[name]) for name in COLUMNS[1:]}
    return [rows[epoch] for epoch in sorted(rows)]


def keep_history(folder: Path, epochs: int) -> None:
    """Drops the rows after so many epochs: a resumed run does those again."""
    rows = [row for row in read_history(folder) if row["epoch"] <= epochs]
    with replacing(folder / HISTORY_FILE) as path, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
