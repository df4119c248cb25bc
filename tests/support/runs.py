"""Run folders as trainers leave them, made without training."""

import shutil

from model.paths import SHIPPED_NETWORK
from model.runs import Settings, append_history, fold_folder, write_run_file
from model.runs.history import COLUMNS

SETTINGS = {"network": "quick", "data": "digits", "epochs": 3}
ROW = {"epoch": 1, "accuracy": 0.5, "loss": 1.5, "val_accuracy": 0.6123, "val_loss": 1.25, "seconds": 2.0}


def make_run(runs, name, status="done", started=1_000.0, model=b"network", **more):
    """A run whose network, of these bytes, nobody can load; None for one without a network."""
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
    """A cross-validation of he-cnn with two epochs and so many finished folds."""
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
