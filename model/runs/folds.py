"""The results of a cross-validation, read from its run folder.

runs/20261122-161500-he-cnn-5-folds/
  run.json          as for every run; `folds` is one of its settings
  fold-1/           a folder for each fold, made when the fold begins
    history.csv     one row per epoch, with val_accuracy measured on the held-out images; the last one ends the fold
    model.keras     the network after the last complete epoch, to resume from; deleted when the fold is done
"""

import contextlib
import math
import statistics
from pathlib import Path
from typing import NamedTuple

from model.runs.history import read_history


class Fold(NamedTuple):
    """How well the network of a finished fold reads the images that were held out of its training."""

    number: int  # from 1
    accuracy: float  # 0–1
    loss: float  # the loss it was trained with: cross-entropy in nats, with label smoothing if the recipe has it


class Summary(NamedTuple):
    """The accuracy over several folds."""

    mean: float  # 0–1
    deviation: float  # the population standard deviation, as in the tutorial

    def in_percent(self) -> str:
        """Mean and deviation, such as "98.96 ± 0.097 %"."""
        return f"{100 * self.mean:.2f} ± {100 * self.deviation:.3f} %"


def fold_folder(folder: Path, number: int) -> Path:
    """The folder of a fold, counted from 1, in the folder of its run."""
    return folder / f"fold-{number}"


def read_fold(folder: Path, number: int, epochs: int | None) -> Fold | None:
    """The result of a fold, counted from 1, in a run of `epochs` epochs; None if it is not finished."""
    last = next((row for row in read_history(fold_folder(folder, number)) if row["epoch"] == epochs), None)
    if last is None or not (0 <= last["val_accuracy"] <= 1 and math.isfinite(last["val_loss"])):
        return None
    return Fold(number, last["val_accuracy"], last["val_loss"])


def read_folds(folder: Path, folds: int, epochs: int | None) -> list[Fold]:
    """The results of all finished folds of a run with `folds` folds."""
    found = (read_fold(folder, number, epochs) for number in range(1, folds + 1))
    return [fold for fold in found if fold is not None]


def latest_fold(folder: Path, folds: int) -> int:
    """The number of the last fold that has begun, from 1; 1 if none has."""
    with contextlib.suppress(OSError):
        return max((n for n in range(1, folds + 1) if fold_folder(folder, n).is_dir()), default=1)
    return 1


def summarise(accuracies: list[float]) -> Summary:
    """Mean and standard deviation of the accuracies of at least one fold."""
    return Summary(statistics.fmean(accuracies), statistics.pstdev(accuracies))
