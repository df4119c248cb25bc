"""Tables of images: a row for each, with its label and its grey values, like train.csv of Kaggle's Digit Recognizer.

The label comes first, as there, or last, or in a column whose head says so; there may be a line of heads or none.
"""

import io
import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from model.data.reading.files import MAX_UNPACKED, File, too_large
from model.data.reading.raw import MAX_IMAGES, Found, Raw, check_labels, divide, is_for_testing
from model.errors import InputError

LABELS = ("label", "labels", "class", "digit", "target", "y")
NUMBERS = ("", "id", "index", "unnamed: 0")  # heads of columns that count the rows
ROWS = 2_000  # read at a time
MAX_LINE = 100_000  # characters: 784 numbers take 3,000 to 20,000
MIN_SIDE, MAX_SIDE = 8, 64  # pixels of an image in a row
WANTED = "each row must hold a label from 0 to 9 and 784 grey values"
_PLACE = re.compile(r"at row (\d+)(?:, column (\d+))?")


class _Layout(NamedTuple):
    delimiter: str
    heads: list[str] | None
    columns: int


def is_table(head: bytes) -> bool:
    """Whether a file that begins like this can be a table of numbers."""
    if b"\0" in head:
        return False
    layout = _layout(head.decode("utf-8-sig", errors="replace").partition("\n")[0])
    return layout.columns >= 2 and (layout.delimiter != " " or layout.heads is None)  # else it is a text


def read_tables(files: list[File]) -> Found:
    """The labelled images of tables. A table without any, like Kaggle's test.csv, is left out if others have some.

    Raises InputError that names the first row that cannot be read.
    """
    layouts = [(file, _layout_of(file)) for file in files]
    tables = [(file, layout, side) for file, layout in layouts if (side := _side(layout)) is not None]
    if not tables:
        columns = layouts[0][1].columns
        without = " and no label" if math.isqrt(columns) ** 2 == columns else ""
        raise InputError(f"{files[0].name} has {columns} columns{without}: {WANTED}.")
    left_out = [file.name for file, layout in layouts if _side(layout) is None]
    notes = [f"{name} holds no images with labels and was left out." for name in left_out]
    parts = []
    for file, layout, side in tables:
        parts.append((len(tables) > 1 and is_for_testing(file.name), _read_table(file, layout, side, notes)))
    return divide(parts, dict.fromkeys(notes))


def _layout_of(file: File) -> _Layout:
    with file.open() as opened:
        return _layout(opened.readline(MAX_LINE).decode("utf-8-sig", errors="replace"))


def _layout(line: str) -> _Layout:
    delimiter = max((",", ";", "\t", " "), key=line.count)
    cells = [cell.strip().strip("\"'") for cell in line.strip().split(delimiter)]
    return _Layout(delimiter, None if all(map(_is_number, cells)) else [cell.lower() for cell in cells], len(cells))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _side(layout: _Layout) -> int | None:
    """How many pixels an image of the table has a side; None if its columns are not a label and a square."""
    counting = sum(head in NUMBERS for head in layout.heads or ())
    side = math.isqrt(max(0, layout.columns - counting - 1))
    fits = side * side == layout.columns - counting - 1 and MIN_SIDE <= side <= MAX_SIDE
    return side if fits else None


def _read_table(file: File, layout: _Layout, side: int, notes: list[str]) -> Raw:
    rows = np.concatenate(list(_read_rows(file, layout)) or [np.zeros((0, layout.columns), np.float32)])
    if not len(rows):
        raise InputError(f"{file.name} holds no rows: {WANTED}.")
    heads = layout.heads or []
    label = next((heads.index(each) for each in LABELS if each in heads), None)
    kept = [column for column in range(layout.columns) if not heads or heads[column] not in NUMBERS]
    if label is None:
        label = max((kept[0], kept[-1]), key=lambda column: _variety(rows[:, column]))
    kept.remove(label)
    labels = check_labels(rows[:, label], f"{file.name}: the column of labels", notes)
    first = kept[0]
    pixels = rows[:, first : first + len(kept)] if kept == list(range(first, first + len(kept))) else rows[:, kept]
    return Raw(pixels.reshape(-1, side, side), labels)


def _variety(column: np.ndarray) -> int:
    """How many digits a column holds; 0 if it holds anything else. Pixels in a corner are hardly ever inked."""
    return len(np.unique(column)) if ((column >= 0) & (column <= 9) & (column % 1 == 0)).all() else 0


def _read_rows(file: File, layout: _Layout) -> Iterator[np.ndarray]:
    """The rows, some at a time: uint8 if they hold nothing else, otherwise float32."""
    heads = 1 if layout.heads else 0
    begun, unpacked = heads, 0
    with file.open() as opened:
        if layout.heads:
            unpacked += len(opened.readline(MAX_LINE))
        while lines := list(islice(iter(lambda: opened.readline(MAX_LINE), b""), ROWS)):
            unpacked += sum(map(len, lines))
            if unpacked > MAX_UNPACKED:
                raise too_large(file.name)
            if begun + len(lines) - heads > MAX_IMAGES:
                raise InputError(f"{file.name} has more than {MAX_IMAGES:,} rows: divide it into smaller files.")
            yield _numbers(lines, layout, file.name, begun)
            begun += len(lines)


def _numbers(lines: list[bytes], layout: _Layout, name: str, begun: int) -> np.ndarray:
    for place, line in enumerate(lines, begun + 1):
        cells = line.count(layout.delimiter.encode()) + 1
        if line.strip() and cells != layout.columns:
            raise InputError(f"{name}, line {place:,}, has {cells} columns, not {layout.columns}: {WANTED}.")
    text = io.StringIO(b"".join(line for line in lines if line.strip()).decode("utf-8-sig", errors="replace"))
    try:
        rows = np.loadtxt(text, np.float32, comments=None, delimiter=layout.delimiter, quotechar='"', ndmin=2)
    except ValueError as error:
        raise InputError(_say(error, lines, layout, name, begun)) from None
    wrong = np.argwhere(~np.isfinite(rows))
    if len(wrong):
        raise InputError(f"{name}, line {begun + 1 + wrong[0][0]:,}, column {wrong[0][1] + 1}, is no number: {WANTED}.")
    whole = len(rows) and rows.min() >= 0 and rows.max() <= 255 and not (rows % 1).any()
    return rows.astype(np.uint8) if whole else rows


def _say(error: ValueError, lines: list[bytes], layout: _Layout, name: str, begun: int) -> str:
    """What numpy says of a row, about the file."""
    if (place := _PLACE.search(str(error))) is None or place[2] is None:
        return f"{name}, from line {begun + 1:,} on, cannot be read as numbers: {WANTED}."
    row, column = int(place[1]), int(place[2])
    filled = [number for number, line in enumerate(lines) if line.strip()]
    cells = lines[filled[min(row, len(filled) - 1)]].decode(errors="replace").strip().split(layout.delimiter)
    cell = cells[min(column, len(cells)) - 1][:20]
    return f"{name}, line {begun + 1 + filled[min(row, len(filled) - 1)]:,}, column {column}, is {cell!r}: {WANTED}."
