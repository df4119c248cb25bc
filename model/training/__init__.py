"""Trains networks. This is the only package that imports Keras at the top, so importing it takes seconds."""

from pathlib import Path

from model.networks import import_keras
from model.runs import Record

import_keras()  # quietly, before any module here imports it

from model.training.cross_validation import cross_validate, train_fold  # noqa: E402
from model.training.fit import train  # noqa: E402
from model.training.sweep import run_trial, sweep  # noqa: E402
from model.training.teaching import teach  # noqa: E402

__all__ = ["cross_validate", "run", "run_trial", "sweep", "teach", "train", "train_fold"]


def run(folder: Path, record: Record) -> None:
    """Trains as the record's settings say: one network, from scratch or with somebody's drawings, or several.

    Several are one for each fold of a cross-validation, or for each trial of a sweep.

    Leaves the results in `folder`. Raises InputError if the data or the settings cannot be used.
    """
    if record.settings.folds:
        cross_validate(folder, record, record.settings.folds)
    elif record.settings.sweep:
        sweep(folder, record)
    elif record.settings.drawings:
        teach(folder, record, record.settings.drawings)
    else:
        train(folder, record)
