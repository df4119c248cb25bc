"""Cross-validation: divides the images into folds, and for each trains a fresh network on all the others.

python train.py --network he-cnn --folds 5
"""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from sklearn.model_selection import KFold

from model.data import Images, load_data
from model.errors import InputError
from model.runs import MODEL_FILE, Progress, Record, fold_folder, read_fold, read_folds, summarise
from model.training.fit import fit
from model.training.images import choose_images

SHUFFLE_SEED = 1  # scikit-learn's random_state, as in the tutorial


def cross_validate(folder: Path, record: Record, folds: int) -> None:
    """Trains as the record's settings say, one fold after the other, except for folds that are finished already.

    Keeps the record's progress and metrics up to date. Raises InputError if the data or a fold's folder cannot be used.
    """
    settings = record.settings
    record.enter("Loading the images")
    images = load_data(settings.data, record.enter).train
    images = choose_images(images, settings.images, np.random.default_rng(settings.seed))
    for number, (training, held_out) in enumerate(divide(images, folds), start=1):
        part = fold_folder(folder, number)
        if read_fold(folder, number, settings.epochs) is None:
            part.mkdir(exist_ok=True)
            done = round((number - 1) / folds, 4)
            record.progress = Progress("Starting", fold=number, folds=folds, fraction=done)
            keras.backend.clear_session()  # frees the memory of the previous fold
            fit(part, record, training, held_out, len(training.labels), fold=number)
        (part / MODEL_FILE).unlink(missing_ok=True)
        fold = read_fold(folder, number, settings.epochs)
        if fold is None:
            raise InputError(f"{part} is damaged, so the run cannot be resumed: delete that folder, then resume.")
        print(f"fold {number}/{folds}  accuracy {fold.accuracy:.4f}  loss {fold.loss:.4f}", flush=True)
    accuracies = [fold.accuracy for fold in read_folds(folder, folds, settings.epochs)]
    mean, deviation = summarise(accuracies)
    record.metrics = {
        "fold_accuracies": accuracies,
        "mean_accuracy": round(mean, 6),
        "standard_deviation": round(deviation, 6),
        "training_images": len(images.labels),
    }


def divide(images: Images, folds: int) -> Iterator[tuple[Images, Images]]:
    """The images to train on and those held out, for each fold, shuffled as in the tutorial."""
    for training, held_out in KFold(folds, shuffle=True, random_state=SHUFFLE_SEED).split(images.labels):
        yield (
            Images(images.images[training], images.labels[training]),
            Images(images.images[held_out], images.labels[held_out]),
        )
