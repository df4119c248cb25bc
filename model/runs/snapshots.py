"""What a network was like while it was trained: its answers to eleven drawings, and the filters of its first layer.

A run folder holds at most some hundred kilobytes of it, however long the training takes:

  drawings.json  the visitor's own drawings, which the page hands to the trainer, the latest last
  readings.csv   the answers: a row a second, fewer of those long ago
  filters.npz    the filters at most of these times

The first row is from before the training, when all weights are noise.
"""

import math
import zipfile
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from model.files import Remembered, atomic_write, read_json, stamp, write_json
from model.runs.rows import append_row, read_rows, write_rows

T = TypeVar("T")

DRAWINGS_FILE, READINGS_FILE, FILTERS_FILE = "drawings.json", "readings.csv", "filters.npz"
OTHERS = 10  # drawings that are always read, one of each digit
MAX_READINGS, MAX_FRAMES = 600, 60  # of a training; when there are more, every second one goes
MAX_FILTERS, MAX_PIXELS = 32, 12_544  # of a frame: 16 filters of a dense layer have 28×28 each
MAX_DRAWINGS = 20  # of the visitor, while one network is trained
SIDE = 28
MAX_FILE = 2_000_000  # bytes that filters.npz may unpack to
COLUMNS = ("epoch", "drawing", *(f"{what}_{place}" for place in range(OTHERS + 1) for what in ("digit", "share")))


class Answer(NamedTuple):
    """What a network says a drawing is, and how probable it finds that, 0–1."""

    digit: int
    share: float


class Moment(NamedTuple):
    """What the network said at one time of its training."""

    epoch: float
    """How many epochs were done, such as 0.35."""
    others: tuple[Answer, ...]
    """About the drawings that are always read: 0 to 9."""
    own: Answer | None = None
    """About the visitor's own."""
    drawing: int | None = None
    """Which of these it was."""


class Frames(NamedTuple):
    """The filters of the first layer over time."""

    epochs: np.ndarray  # float32 (T,)
    filters: np.ndarray  # float32 (T, N, H, W)


class Thinned(Generic[T]):
    """A list that stays short however much is added to it: of what came long ago, only every 2nd, 4th, … is kept.

    The first is always kept.
    """

    def __init__(self, most: int, kept: list[T] | None = None) -> None:
        """At most `most` are kept; `kept` are there from before."""
        self._most, self._every, self._kept = most, 1, list(enumerate(kept or []))
        self._count = len(self._kept)

    @property
    def values(self) -> list[T]:
        """What is kept, in order."""
        return [value for _, value in self._kept]

    def add(self, value: T) -> bool:
        """Adds the latest. Returns whether others had to go."""
        self._kept.append((self._count, value))
        self._count += 1
        if len(self._kept) <= self._most:
            return False
        self._thin()
        while len(self._kept) > self._most // 2:
            self._every *= 2
            self._thin()
        return True

    def _thin(self) -> None:
        self._kept = [(number, value) for number, value in self._kept if number % self._every == 0]


def hand_over(folder: Path, image: np.ndarray) -> None:
    """Lets the trainer of a run read the visitor's drawing, float32 (28, 28) in 0–1, from now on. Raises OSError."""
    pixels = np.rint(image * 255).astype(np.uint8).tobytes().hex()
    known = _drawings(folder)
    if (not known or known[-1] != pixels) and len(known) < MAX_DRAWINGS:
        write_json(folder / DRAWINGS_FILE, {"drawings": [*known, pixels]})


def read_drawings(folder: Path) -> list[np.ndarray]:
    """The visitor's drawings that were handed over, uint8 (28, 28) each; none that is damaged."""
    return [np.frombuffer(bytes.fromhex(pixels), np.uint8).reshape(SIDE, SIDE) for pixels in _drawings(folder)]


def _drawings(folder: Path) -> list[str]:
    found = read_json(folder / DRAWINGS_FILE).get("drawings")
    return [each for each in found if _is_drawing(each)][:MAX_DRAWINGS] if isinstance(found, list) else []


def _is_drawing(pixels: object) -> bool:
    if not isinstance(pixels, str) or len(pixels) != 2 * SIDE * SIDE:
        return False
    try:
        return len(bytes.fromhex(pixels)) == SIDE * SIDE
    except ValueError:
        return False


_known_moments: Remembered[list[Moment]] = Remembered(50)


def append_reading(folder: Path, moment: Moment) -> None:
    """Adds what the network says now. Raises OSError."""
    append_row(folder / READINGS_FILE, COLUMNS, _to_row(moment))


def write_readings(folder: Path, moments: list[Moment]) -> None:
    """Replaces all that it has said. Raises OSError."""
    write_rows(folder / READINGS_FILE, COLUMNS, map(_to_row, moments))


def read_readings(folder: Path) -> list[Moment]:
    """What it has said, in order; nothing in runs from before this was kept. The list must not be modified."""
    path = folder / READINGS_FILE
    return _known_moments.get(path, stamp(path, growing=True), lambda: _read_readings(path))


def _read_readings(path: Path) -> list[Moment]:
    whole = [row for row in read_rows(path, COLUMNS, first=0) if set(COLUMNS[4:]) <= row.keys()]
    found = [_to_moment(row) for row in whole if all(map(math.isfinite, row.values()))]
    return sorted(found, key=lambda moment: moment.epoch)


def _to_row(moment: Moment) -> dict[str, float]:
    row: dict[str, float] = {"epoch": round(moment.epoch, 4)}
    if moment.drawing is not None:
        row["drawing"] = moment.drawing
    for place, answer in enumerate((moment.own, *moment.others)):
        if answer is not None:
            row |= {f"digit_{place}": answer.digit, f"share_{place}": round(answer.share, 4)}
    return row


def _to_moment(row: dict[str, float]) -> Moment:
    answers = [
        Answer(int(min(max(row[f"digit_{place}"], 0), 9)), min(max(row[f"share_{place}"], 0.0), 1.0))
        if f"digit_{place}" in row and f"share_{place}" in row
        else None
        for place in range(OTHERS + 1)
    ]
    own, others = answers[0], tuple(answer for answer in answers[1:] if answer is not None)
    drawing = row.get("drawing")
    return Moment(row["epoch"], others, own, None if drawing is None or own is None else int(drawing))


def write_frames(folder: Path, frames: list[tuple[float, np.ndarray]]) -> None:
    """Replaces the filters by these: epochs done, and float32 (N, H, W), the same shape for all. Raises OSError."""
    filters = np.stack([each for _, each in frames])
    scales = np.abs(filters).max(axis=(1, 2, 3)) / 127  # int8 is a quarter of the size, and looks the same
    small = np.rint(filters / np.maximum(scales, 1e-12)[:, None, None, None]).astype(np.int8)
    epochs = np.array([epoch for epoch, _ in frames], np.float32)
    with atomic_write(folder / FILTERS_FILE) as new, new.open("wb") as file:
        np.savez(file, epochs=epochs, scales=scales.astype(np.float32), filters=small)


_known: Remembered[Frames | None] = Remembered(20)


def read_frames(folder: Path) -> Frames | None:
    """The filters over time; None if there are none, or if the file is damaged."""
    path = folder / FILTERS_FILE
    return _known.get(path, stamp(path), lambda: _read_frames(path))


def _read_frames(path: Path) -> Frames | None:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > MAX_FILE:
                return None
        with np.load(path, allow_pickle=False) as file:
            epochs, scales, filters = file["epochs"], file["scales"], file["filters"]
        if filters.dtype != np.int8 or filters.ndim != 4 or not filters.size or filters[0].size > MAX_PIXELS:
            return None
        if any(each.shape != filters.shape[:1] or not np.isfinite(each).all() for each in (epochs, scales)):
            return None
        return Frames(epochs, filters.astype(np.float32) * scales[:, None, None, None])
    except Exception:  # a damaged file can raise nearly anything in its decoder
        return None


def delete_snapshots(folder: Path) -> None:
    """Deletes what is kept of a network in training, except its curves. Raises OSError."""
    for name in (DRAWINGS_FILE, READINGS_FILE, FILTERS_FILE):
        (folder / name).unlink(missing_ok=True)


def keep_snapshots(folder: Path, epochs: int) -> None:
    """Keeps only what is known of the first `epochs` epochs; a resumed run trains the others again. Raises OSError."""
    if (folder / READINGS_FILE).exists():
        write_readings(folder, [moment for moment in read_readings(folder) if moment.epoch <= epochs])
    frames = read_frames(folder)
    if frames is not None:
        kept = [(float(epoch), each) for epoch, each in zip(*frames, strict=True) if epoch <= epochs]
        write_frames(folder, kept) if kept else (folder / FILTERS_FILE).unlink()
