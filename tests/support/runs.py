"""Run folders as trainers leave them, made without training, and data for trainings."""

import shutil

import numpy as np

from model.paths import SHIPPED_NETWORK
from model.runs import Settings, append_history, fold_folder, write_run_file
from model.runs.history import COLUMNS

SETTINGS = {"network": "quick", "data": "digits", "epochs": 3}
DAMAGES = ("missing", "shape", "labels", "truncated", "no npz")  # of a data set
ROW = {"epoch": 1, "accuracy": 0.5, "loss": 1.5, "val_accuracy": 0.6123, "val_loss": 1.25, "seconds": 2.0}


def make_run(runs, name, status="done", started=1_000.0, model=b"network", **more):
    """A run whose network file holds the bytes `model`, which cannot be loaded; no network file if it is None."""
    folder = runs / name
    folder.mkdir(parents=True)
    write_run_file(folder, {"settings": SETTINGS, "status": status, "started": started, "seconds": 4.5, **more})
    if model:
        (folder / "model.keras").write_bytes(model)
    return folder


def make_usable_run(runs, name, status="done", **more):
    """A run of one epoch with a network that reads: the built-in one."""
    settings = Settings.of("quick", data="digits").to_json()
    folder = make_run(runs, name, status, model=None, **{"started": 1_795_000_000.0, "settings": settings} | more)
    append_history(folder, ROW)
    shutil.copy(SHIPPED_NETWORK, folder / "model.keras")
    return folder


def make_folds(runs, name="mine", accuracies=(0.9, 0.8), folds=2, status="done", **more):
    """A cross-validation of he-cnn with two epochs, and a finished fold for each of `accuracies`."""
    folder = runs / name
    settings = Settings.of("he-cnn", folds, data="digits", epochs=2).to_json()
    for number, accuracy in enumerate(accuracies, start=1):
        fold_folder(folder, number).mkdir(parents=True)
        for epoch, reached in ((1, accuracy / 2), (2, accuracy)):
            row = dict.fromkeys(COLUMNS, 0.5) | {"epoch": epoch, "val_accuracy": reached}
            append_history(fold_folder(folder, number), row)
    folder.mkdir(parents=True, exist_ok=True)
    run = {"settings": settings, "status": status, "started": 1_795_000_000.0, "seconds": 4.5, **more}
    write_run_file(folder, run)
    return folder


def write_npz(path, damage=None, count=20):
    """A data set of `count` blank training images, with the array names of Keras's mnist.npz, whole or damaged."""
    arrays = {
        "x_train": np.zeros((count, 28, 28), np.uint8),
        "y_train": np.zeros(count, np.uint8),
        "x_test": np.zeros((5, 28, 28), np.uint8),
        "y_test": np.zeros(5, np.uint8),
    }
    if damage == "missing":
        del arrays["y_test"]
    if damage == "shape":
        arrays["x_train"] = np.zeros((count, 32, 32), np.uint8)
    if damage == "labels":
        arrays["y_train"] = np.full(count, 10, np.uint8)
    np.savez(path, **arrays)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:2_000])
    if damage == "no npz":
        path.write_text("This is a text.")
