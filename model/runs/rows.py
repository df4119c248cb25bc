"""CSV files that grow by whole rows of numbers while others read them."""

import contextlib
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from model.files import Remembered, atomic_write, read_file, stamp

Row = dict[str, float]
TINY = 1e-9  # of an epoch
MAX_EPOCH = 100_000  # a row that claims a later one is damaged
MAX_BYTES = 20_000_000  # so many rows have half of that
MAX_KNOWN = 400  # files that are remembered


def append_row(path: Path, columns: Sequence[str], row: Row) -> None:
    """Adds a row in a single write; the first one brings the heading. Raises OSError."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    if not path.exists():
        writer.writeheader()
    writer.writerow(row)
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())


_known: Remembered[list[Row]] = Remembered(MAX_KNOWN)


def read_rows(path: Path, columns: Sequence[str], first: float = TINY) -> list[Row]:
    """The rows as they were written, without those that are damaged or half-written; empty if there is no file.

    What was left out of a row is missing from it. The first column is the epoch, from `first` on. A file that has not
    changed is read once for all pages of this process, so the rows must not be modified.
    """
    return _known.get(path, stamp(path, growing=True), lambda: _read(path, columns, first))


def _read(path: Path, columns: Sequence[str], first: float) -> list[Row]:
    try:
        text = read_file(path, MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    complete, rows = text[: text.rfind("\n") + 1].replace("\0", ""), []
    with contextlib.suppress(csv.Error):
        for entry in csv.DictReader(io.StringIO(complete)):
            with contextlib.suppress(TypeError, ValueError, KeyError):
                row = {name: float(entry[name]) for name in columns if entry[name] != ""}
                if first <= row[columns[0]] <= MAX_EPOCH:
                    rows.append(row)
    return rows


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Replaces the file by one of these rows. Raises OSError."""
    with atomic_write(path) as new, new.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
