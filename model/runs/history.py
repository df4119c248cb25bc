"""The curves of a run: history.csv has a row for each epoch, moments.csv several while an epoch runs.

What is known of a moment is the training curve since the moment before and, now and then, how the network reads a
sample of the images that it is validated on.
"""

from pathlib import Path

from model.runs.rows import Row, append_row, read_rows, write_rows

HISTORY_FILE, MOMENTS_FILE = "history.csv", "moments.csv"
MOMENT_COLUMNS: tuple[str, ...] = ("epoch", "accuracy", "loss", "val_accuracy", "val_loss")
COLUMNS: tuple[str, ...] = (*MOMENT_COLUMNS, "seconds")


def append_history(folder: Path, row: Row) -> None:
    """Adds an epoch in a single write; the first one brings the heading. Raises OSError."""
    append_row(folder / HISTORY_FILE, COLUMNS, row)


def read_history(folder: Path) -> list[Row]:
    """The rows of history.csv in order, without those that are damaged or half-written; empty if there is no file."""
    whole = [row for row in read_rows(folder / HISTORY_FILE, COLUMNS) if len(row) == len(COLUMNS)]
    rows = {int(row["epoch"]): row for row in whole if row["epoch"].is_integer()}
    return [rows[epoch] | {"epoch": epoch} for epoch in sorted(rows)]


def append_moment(folder: Path, row: Row) -> None:
    """Adds a moment. Its `epoch` says how many are done, such as 0.35; it may lack `val_accuracy` and `val_loss`.

    Raises OSError.
    """
    append_row(folder / MOMENTS_FILE, MOMENT_COLUMNS, row)


def read_moments(folder: Path) -> list[Row]:
    """The rows of moments.csv in order; empty if there is no file, as in runs from before there was one."""
    rows = [row for row in read_rows(folder / MOMENTS_FILE, MOMENT_COLUMNS) if {"accuracy", "loss"} <= row.keys()]
    return sorted(rows, key=lambda row: row["epoch"])


def keep_history(folder: Path, epochs: int) -> None:
    """Keeps only what is known of the first `epochs` epochs; a resumed run trains the others again. Raises OSError."""
    write_rows(folder / HISTORY_FILE, COLUMNS, [row for row in read_history(folder) if row["epoch"] <= epochs])
    write_rows(folder / MOMENTS_FILE, MOMENT_COLUMNS, [row for row in read_moments(folder) if row["epoch"] <= epochs])
