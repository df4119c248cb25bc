"""The results of a cross-validation, read from its run folder.

runs/20261122-161500-he-cnn-5-folds/
  run.json              as for every run; `folds` is one of its settings
  fold-1/               a folder for each fold, made when the fold begins
    history.csv         one row per epoch, its val_accuracy that of the held-out images; the last one ends the fold
    model.keras         the network after the last complete epoch, to resume from; deleted when the fold is done
    real-drawings.json  the score of its network on the shared set of real drawings
"""

import math
import statistics
from pathlib import Path
from typing import Any, NamedTuple

from model.data import Score
from model.errors import InputError
from model.files import read_json, write_json
from model.runs.history import read_history
from model.runs.record import MODEL_FILE
from model.runs.results import read_score
from model.runs.snapshots import delete_snapshots

SCORE_FILE = "real-drawings.json"


class Fold(NamedTuple):
    """How well the network of a finished fold reads the images that were held out of its training."""

    number: int  # from 1
    accuracy: float  # 0–1
    loss: float  # the loss it was trained with: cross-entropy in nats, with label smoothing if the recipe has it
    drawings: Score | None = None  # on the shared set of real drawings, if it was scored


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
    drawings = read_score(read_json(fold_folder(folder, number) / SCORE_FILE))
    return Fold(number, last["val_accuracy"], last["val_loss"], drawings)


def is_finished(folder: Path, number: int, epochs: int | None) -> bool:
    """Whether a fold is trained and scored; if its trainer was killed before the score, its network is still there."""
    return read_fold(folder, number, epochs) is not None and not (fold_folder(folder, number) / MODEL_FILE).exists()


def keep_drawings_score(part: Path, score: Score) -> None:
    """Keeps the score on real drawings of a fold's network in the fold's folder. Raises OSError."""
    write_json(part / SCORE_FILE, score._asdict())


def read_folds(folder: Path, folds: int, epochs: int | None) -> list[Fold]:
    """The results of all finished folds of a run with `folds` folds."""
    found = (read_fold(folder, number, epochs) for number in range(1, folds + 1))
    return [fold for fold in found if fold is not None]


def fold_metrics(folder: Path, folds: int, epochs: int | None, training_images: int) -> dict[str, Any]:
    """The metrics of a run whose folds are all finished; `training_images` were divided among them."""
    done = read_folds(folder, folds, epochs)
    accuracies, drawings = [fold.accuracy for fold in done], _drawings_of_all(done)
    mean, deviation = summarise(accuracies)
    return {
        "fold_accuracies": accuracies,
        "mean_accuracy": round(mean, 6),
        "standard_deviation": round(deviation, 6),
        "training_images": training_images,
    } | ({} if drawings is None else {"real_drawings": drawings._asdict()})


def finish_fold(folder: Path, number: int, folds: int, epochs: int | None) -> None:
    """Prints the result of a fold that has just been trained, and deletes its network, which is no longer needed.

    Only the last fold keeps its snapshots: the page shows those of one.
    Raises InputError if its folder is damaged.
    """
    part = fold_folder(folder, number)
    if number < folds:
        delete_snapshots(part)
    (part / MODEL_FILE).unlink(missing_ok=True)  # last: until then, the fold is not finished
    fold = read_fold(folder, number, epochs)
    if fold is None:
        raise InputError(f"{part} is damaged, so the run cannot be resumed: delete that folder, then resume.")
    print(f"fold {number}/{folds}  accuracy {fold.accuracy:.4f}  loss {fold.loss:.4f}", flush=True)


def _drawings_of_all(folds: list[Fold]) -> Score | None:
    """What the networks of all these folds together read of the real drawings; None if one was not scored on them."""
    scores = [fold.drawings for fold in folds if fold.drawings is not None]
    if not scores or len(scores) < len(folds):
        return None
    return Score(sum(score.right for score in scores), sum(score.images for score in scores))


def summarise(accuracies: list[float]) -> Summary:
    """Mean and standard deviation of the accuracies of at least one fold."""
    return Summary(statistics.fmean(accuracies), statistics.pstdev(accuracies))
