"""Trains networks. This is the only package that imports Keras at the top, so importing it takes seconds."""

from pathlib import Path

from model.networks import import_keras
from model.runs import Record

import_keras()  # quietly, before any module here imports it

from model.training.cross_validation import cross_validate  # noqa: E402
from model.training.fit import train  # noqa: E402

__all__ = ["cross_validate", "run", "train"]


def run(folder: Path, record: Record) -> None:
    """Trains as the record's settings say: one network or, in cross-validation, one for each fold.

    Leaves the results in `folder`. Raises InputError if the data or the settings cannot be used.
    """
    if record.settings.folds:
        cross_validate(folder, record, record.settings.folds)
    else:
        train(folder, record)
