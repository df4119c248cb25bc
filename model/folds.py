"""Cross-validation: the images divided into folds, and for each a fresh network that trains on all the others.

    python train.py --network he-cnn --folds 5

runs/20261122-161500-he-cnn-5-folds/
  run.json          as for every run; `folds` is one of its settings
  fold-1/           a folder a fold, made when the fold begins
    history.csv     one row an epoch: val_accuracy is that on the images held out. With its last epoch, the fold is done
    model.keras     the network after the last whole epoch, to go on from; it goes when the fold is done
"""

import contextlib
import math
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from model.backend import import_keras
from model.data import Images, load_data
from model.errors import InputError
from model.history import read_history
from model.runs import MODEL_FILE
from model.training import choose_images, enter, fit

SHUFFLING = 1  # scikit-learn's random_state, which is that of the tutorial


class Fold(NamedTuple):
    """How well the network of a finished fold reads the images that were held out of its training."""

    number: int  # from 1
    accuracy: float  # 0–1
    loss: float  # as the network is trained: cross-entropy in nats, of smoothed labels if it smooths them


class Summary(NamedTuple):
    mean: float  # 0–1
    deviation: float  # standard deviation of the folds at hand (divided by their number, as the tutorial does)


def train_folds(folder: Path, run: dict[str, Any]) -> None:
    """Trains as run["settings"] says, one fold after another; those that are finished already are not done again.

    Keeps run["progress"] and run["metrics"] current. Raises InputError for data that cannot be used.
    """
    settings = run["settings"]
    enter(run, "Starting: loading TensorFlow")
    keras = import_keras()
    enter(run, "Loading the images")
    images = load_data(settings["data"], lambda words: enter(run, words)).train
    images = choose_images(images, settings["images"], np.random.default_rng(settings["seed"]))
    for number, (training, held_out) in enumerate(divide(images, settings["folds"]), start=1):
        part = fold_folder(folder, number)
        if read_fold(folder, number, settings["epochs"]) is None:
            part.mkdir(exist_ok=True)
            share = round((number - 1) / settings["folds"], 4)
            run["progress"] = {"phase": "Starting", "fold": number, "folds": settings["folds"], "fraction": share}
            keras.backend.clear_session()  # nothing of the fold before stays in memory
            fit(part, run, training, held_out, len(training.labels), fold=number)
        (part / MODEL_FILE).unlink(missing_ok=True)
        done = read_fold(folder, number, settings["epochs"])
        if done is None:
            raise InputError(f"{part} is damaged, so the run cannot go on: delete that folder, then resume.")
        print(f"fold {number}/{settings['folds']}  accuracy {done.accuracy:.4f}  loss {done.loss:.4f}", flush=True)
    accuracies = [fold.accuracy for fold in read_folds(folder, settings["folds"], settings["epochs"])]
    mean, deviation = summarise(accuracies)
    run["metrics"] = {
        "fold_accuracies": accuracies,
        "mean_accuracy": round(mean, 6),
        "standard_deviation": round(deviation, 6),
        "training_images": len(images.labels),
    }


def divide(images: Images, folds: int) -> Iterator[tuple[Images, Images]]:
    """For each fold the images to train on and those held out, shuffled as the tutorial does it."""
    from sklearn.model_selection import KFold

    for training, held_out in KFold(folds, shuffle=True, random_state=SHUFFLING).split(images.labels):
        yield tuple(Images(images.images[chosen], images.labels[chosen]) for chosen in (training, held_out))


def fold_folder(folder: Path, number: int) -> Path:
    return folder / f"fold-{number}"


def read_fold(folder: Path, number: int, epochs: int | None) -> Fold | None:
    """What came of a fold, counted from 1, of a run of so many epochs; None if it is not finished."""
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
    """Their mean and standard deviation."""
    return Summary(statistics.fmean(accuracies), statistics.pstdev(accuracies))


def in_percent(summary: Summary) -> str:
    """Such as 98.96 ± 0.097 %."""
    return f"{100 * summary.mean:.2f} ± {100 * summary.deviation:.3f} %"
