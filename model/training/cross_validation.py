"""Cross-validation: divides the images into folds, and for each trains a fresh network on all the others.

python train.py --network he-cnn --folds 5
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import keras
import numpy as np
from sklearn.model_selection import KFold

from model.data import Images, load_data
from model.networks import for_inference
from model.runs import (
    Progress,
    Record,
    finish_fold,
    fold_folder,
    fold_metrics,
    is_finished,
    keep_drawings_score,
)
from model.training.callbacks import score
from model.training.fit import fit
from model.training.images import choose_images, shuffle_labels

SHUFFLE_SEED = 1  # scikit-learn's random_state, as in the tutorial


def cross_validate(folder: Path, record: Record, folds: int) -> None:
    """Trains as the record's settings say, one fold after the other, except for folds that are finished already.

    Keeps the record's progress and metrics up to date. Raises InputError if the data or a fold's folder cannot be used.
    """
    settings = record.settings
    images = _load(record)
    for number, (training, held_out) in enumerate(divide(images, folds), start=1):
        part = fold_folder(folder, number)
        if not is_finished(folder, number, settings.epochs):
            part.mkdir(exist_ok=True)
            done = round((number - 1) / folds, 4)
            record.progress = Progress("Starting", fold=number, folds=folds, fraction=done)
            _train(part, record, training, held_out, number)
        finish_fold(folder, number, folds, settings.epochs)
    record.metrics = fold_metrics(folder, folds, settings.epochs, len(images.labels))


def train_fold(part: Path, record: Record, number: int) -> int:
    """Trains one fold, counted from 1, of a cross-validation with the record's settings into the folder `part`.

    Returns how many images all folds have. Keeps the record's progress up to date. Raises InputError as above.
    """
    images = _load(record)
    training, held_out = next(islice(divide(images, record.settings.folds or 0), number - 1, None))
    _train(part, record, training, held_out, number)
    return len(images.labels)


def _load(record: Record) -> Images:
    """The images to divide into folds."""
    settings = record.settings
    record.enter("Loading the images")
    images = load_data(settings.data, record.enter, mend=settings.mend).train
    return choose_images(images, settings.images, np.random.default_rng(settings.seed))


def _train(part: Path, record: Record, training: Images, held_out: Images, number: int) -> None:
    """Trains the network of a fold, and scores it on real drawings, since it is deleted afterwards."""
    settings = record.settings
    if settings.shuffled_labels:
        training = shuffle_labels(training, settings.shuffled_labels, settings.seed)
    keras.backend.clear_session()  # frees the memory of the previous fold
    network = for_inference(fit(part, record, training, held_out, len(training.labels), fold=number))
    if (drawings := score(network, settings.skipped)) is not None:
        keep_drawings_score(part, drawings)


def divide(images: Images, folds: int) -> Iterator[tuple[Images, Images]]:
    """The images to train on and those held out, for each fold, shuffled as in the tutorial."""
    for training, held_out in KFold(folds, shuffle=True, random_state=SHUFFLE_SEED).split(images.labels):
        yield (
            Images(images.images[training], images.labels[training]),
            Images(images.images[held_out], images.labels[held_out]),
        )
