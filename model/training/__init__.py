"""Training: the only part that imports Keras at the top, so importing it takes seconds."""

from pathlib import Path

from model.networks import import_keras
from model.runs import Record

import_keras()  # quietly, before any module here imports it

from model.training.cross_validation import cross_validate  # noqa: E402
from model.training.fit import train  # noqa: E402

__all__ = ["cross_validate", "run", "train"]


def run(folder: Path, record: Record) -> None:
    """Trains as the record's settings say: one network or, in cross-validation, one for each fold."""
    (cross_validate if record.settings.folds else train)(folder, record)
