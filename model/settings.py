"""The settings of a training: the defaults of each network, and what can be used."""

import os
import zlib
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.networks import NETWORKS

SETTINGS = (
    *("network", "data", "epochs", "batch_size", "learning_rate", "images", "augment"),
    *("strokes", "start", "seed", "folds"),
)
MOST_FOLDS = 100  # each is a training of its own
HELD_OUT_OF = 6  # of so many images, no more than one is held out to decide on
EMBEDDED_TRAINING_IMAGES = 1_438  # of `digits`; a literal, because preparing them takes seconds


def default_settings(name: str, folds: int | None = None) -> dict[str, Any]:
    """What a network trains with, once or in folds, if nothing else is said."""
    network = NETWORKS[name]
    return {
        "network": name,
        "data": "mnist",
        "epochs": network.epochs,
        "batch_size": (folds and network.fold_batch_size) or network.batch_size,
        "learning_rate": network.learning_rate,
        "images": None,  # all there are
        "augment": network.augment,
        "strokes": os.environ.get("DIGITS_STROKES") if network.strokes and not folds else None,
        "start": None,  # from weights by chance
        "seed": 0,
        "folds": folds,
    }


def check_settings(settings: dict[str, Any]) -> None:
    """Raises InputError for settings that no training can use. Says nothing of the data: `check_data` does."""
    name = settings.get("network")
    if name not in NETWORKS:
        raise InputError(f"There is no network {name}: choose one of {', '.join(NETWORKS)}.")
    for key in ("epochs", "batch_size", "images"):
        value = settings.get(key)
        if not (value is None and key == "images") and not (_is_whole(value) and value >= 1):
            raise InputError(f"--{key.replace('_', '-')} must be a whole number from 1, not {value}.")
    rate, seed = settings.get("learning_rate"), settings.get("seed")
    if not isinstance(rate, int | float) or not 0 < rate <= 10:
        raise InputError(f"--learning-rate must lie above 0 and at most at 10, not {rate}.")
    if not _is_whole(seed) or not 0 <= seed < 2**31:
        raise InputError(f"--seed must lie from 0 to {2**31 - 1}, not {seed}.")
    folds = settings.get("folds")
    if folds is not None and not (_is_whole(folds) and 2 <= folds <= MOST_FOLDS):
        raise InputError(f"--folds must be a whole number from 2 to {MOST_FOLDS}, not {folds}.")
    if folds is not None and settings.get("strokes") is not None:
        raise InputError("--folds divides the images of the data alone: leave --strokes out.")
    if folds is not None and settings.get("start") is not None:
        raise InputError("--folds trains a fresh network for each fold: leave --start out.")
    for key in ("data", "strokes", "start"):
        if not isinstance(settings.get(key), str) and not (key != "data" and settings.get(key) is None):
            raise InputError(f"--{key} must be a name or a path, not {settings.get(key)}.")


def held_out_of(name: str, images: int) -> int:
    """How many of so many training images a network keeps back to decide on."""
    return min(NETWORKS[name].held_out, images // HELD_OUT_OF)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_data(settings: dict[str, Any]) -> None:
    """Raises InputError if the files that the settings name cannot be used. Downloads nothing. Takes half a second."""
    from model.data import KERAS_CACHE, load_npz, mnist_file
    from model.strokes import load_strokes

    source = settings["data"]
    available = EMBEDDED_TRAINING_IMAGES
    if source == "mnist":
        path = mnist_file()
        available = len(load_npz(path).train.labels) if path != KERAS_CACHE or path.exists() else 60_000
    elif source != "digits":
        available = len(load_npz(Path(source)).train.labels)
    if NETWORKS[settings["network"]].held_out and not settings["folds"]:
        if available < HELD_OUT_OF:
            raise InputError(
                f"{settings['network']} keeps one in {HELD_OUT_OF} images back to decide on: give at least "
                f"{HELD_OUT_OF} to train on, not {available}."
            )
        available -= held_out_of(settings["network"], available)
    if (settings["images"] or 0) > available:
        raise InputError(f"--images {settings['images']} is more than the {available:,} that there are to train on.")
    images = settings["images"] or available
    if (settings["folds"] or 0) > images:
        raise InputError(f"--folds {settings['folds']} is more than the {images:,} images to divide: choose fewer.")
    if settings["strokes"]:
        load_strokes(settings["strokes"])
    if settings["start"] and not Path(settings["start"]).is_file():
        raise InputError(f"There is no network at {settings['start']}: give --start the .keras file of a finished run.")


def checksums(settings: dict[str, Any]) -> dict[str, int | None]:
    """Of the files that a run learns from; None where there is no file, or it is still to be downloaded."""
    from model.data import mnist_file

    data = {"mnist": mnist_file(), "digits": None}.get(settings["data"], settings["data"])
    files = {"data": data, "strokes": settings["strokes"]}
    return {
        key: zlib.crc32(Path(file).read_bytes()) if file and Path(file).is_file() else None
        for key, file in files.items()
    }
