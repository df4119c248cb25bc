"""A network's .keras file: Keras' own zip archive with one more member, which holds the threshold.

A drawing whose highest probability stays below the threshold is taken for a non-digit.
"""

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import InputError, first_line
from model.files import atomic_write
from model.networks.backend import FLOAT32, import_keras
from model.networks.inspection import inspect_network, is_hdf5
from model.networks.network import CLASSES, INPUT_SHAPE, digit_accuracy, for_inference, tells_origins
from model.paths import SHIPPED_NETWORK

if TYPE_CHECKING:
    import keras

THRESHOLD_MEMBER = "certainty.json"  # holds the threshold; Keras ignores it


def load_network(path: str | os.PathLike | None = None) -> "tuple[keras.Model, float]":
    """The network in a .keras file, or the built-in one, ready to read with, and its threshold.

    Raises InputError if the file is missing, damaged or holds another kind of network.
    """
    remedy = "give the .keras file of a finished run" if path else "get the project's assets folder again"
    path = Path(path or SHIPPED_NETWORK)
    model, threshold = open_network(path, remedy)
    if model.input_shape != (None, *INPUT_SHAPE) or model.output_shape != (None, CLASSES):
        raise InputError(
            f"{path} takes {model.input_shape} and returns {model.output_shape}, not 28×28 grey images and ten "
            f"probabilities: {remedy}."
        )
    return model, threshold


def open_network(path: Path, remedy: str) -> "tuple[keras.Model, float]":
    """The network in a file, whatever it takes and returns, and its threshold.

    Raises InputError if the file is missing, damaged, or holds anything that could run or take too much.
    """
    if not path.is_file():
        raise InputError(f"There is no network at {path}: {remedy}.")
    in_training = inspect_network(path, remedy).in_training
    import_keras()  # if it fails, the file is not to blame
    try:
        model = load_model(path)
        threshold = 0.0 if is_hdf5(path) else read_threshold(path)
        mixed = any(layer.compute_dtype != FLOAT32 for layer in model.layers)
        if mixed or (in_training and tells_origins(model)):  # its training was cut off
            model = for_inference(model)
    except Exception as error:  # see load_model
        raise InputError(f"{path} cannot be loaded as a Keras network ({first_line(error)}): {remedy}.") from None
    return model, threshold


def load_model(path: str | os.PathLike, *, with_optimizer: bool = False) -> "keras.Model":
    """The Keras model in a .keras file, exactly as it was saved; with its optimizer, if it has one, to resume training.

    A damaged file may raise anything: zip, JSON, HDF5 and Keras each have their own exceptions.
    """
    if with_optimizer:
        digit_accuracy()
    return import_keras().models.load_model(path, compile=with_optimizer, safe_mode=True)


def save_network(model: "keras.Model", path: Path, threshold: float | None = None) -> None:
    """Writes a network and its threshold to a .keras file, complete or not at all. Raises OSError."""
    with atomic_write(path) as new:
        model.save(new)
        if threshold is not None:
            write_threshold(new, threshold)


def write_threshold(path: Path, threshold: float) -> None:
    """Adds a threshold, 0–1, to a .keras file that has none."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(THRESHOLD_MEMBER, json.dumps({"threshold": threshold}))


def read_threshold(path: Path) -> float:
    """The threshold in a .keras file, 0–1; 0.0, which every drawing reaches, if it has none.

    Raises ValueError if it is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        if THRESHOLD_MEMBER not in archive.namelist():
            return 0.0
        threshold = json.loads(archive.read(THRESHOLD_MEMBER))["threshold"]
    if not isinstance(threshold, float) or not 0 <= threshold <= 1:
        raise ValueError(f"a threshold of {threshold}")
    return threshold
