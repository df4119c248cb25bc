"""What a cross-validation leaves in its run folder, and what it comes to.

runs/20261122-161500-he-cnn-5-folds/
  run.json          as for every run; `folds` is one of its settings
  fold-1/           one folder for each fold, made when the fold begins
    history.csv     one row per epoch; val_accuracy is that on the held-out images. With its last epoch, a fold is done
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
    loss: float  # that of the training: cross-entropy in nats, with smoothed labels if it smooths them


class Summary(NamedTuple):
    mean: float  # 0–1
    deviation: float  # the standard deviation of the folds at hand (divided by their number, as in the tutorial)

    def in_percent(self) -> str:
        """Such as 98.96 ± 0.097 %."""
        return f"{100 * self.mean:.2f} ± {100 * self.deviation:.3f} %"


def fold_folder(folder: Path, number: int) -> Path:
    return folder / f"fold-{number}"


def read_fold(folder: Path, number: int, epochs: int | None) -> Fold | None:
    """The result of a fold, counted from 1, in a run of so many epochs; None if it is not finished."""
    last = next((row for row in read_history(fold_folder(folder, number)) if row["epoch"] == epochs), None)
    if last is None or not (0 <= last["val_accuracy"] <= 1 and math.isfinite(last["val_loss"])):
        return None
    return Fold(number, last["val_accuracy"], last["val_loss"])


def read_folds(folder: Path, folds: int, epochs: int | None) -> list[Fold]:
    """The finished folds of a run."""
    found = (read_fold(folder, number, epochs) for number in range(1, folds + 1))
    return [fold for fold in found if fold is not None]


def latest_fold(folder: Path, folds: int) -> int:
    """The last fold that has begun; 1 if none has."""
    with contextlib.suppress(OSError):
        return max((n for n in range(1, folds + 1) if fold_folder(folder, n).is_dir()), default=1)
    return 1


def summarise(accuracies: list[float]) -> Summary:
    return Summary(statistics.fmean(accuracies), statistics.pstdev(accuracies))
