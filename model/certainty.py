"""How far a network's probabilities can be believed: they are brought in line with how often it is right, and it learns
below which highest probability a drawing is no digit.

Both are decided on digits that it was not trained on, and kept in its .keras file.
"""

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.backend import import_keras
from model.networks import BOTH, CLASSES, INPUT_SHAPE

if TYPE_CHECKING:
    import keras

ACCEPTED = 0.99  # of the digits that the threshold is decided on
MEMBER = "certainty.json"  # in the .keras file, which is a zip archive; Keras leaves it alone


def calibrate(model: "keras.Model", images: np.ndarray, labels: np.ndarray) -> None:
    """Divides the logits by the temperature at which the digits, float32 (N, 28, 28, 1), are the likeliest.

    C. Guo et al. (2017), On Calibration of Modern Neural Networks. The last layer must be dense, with a softmax; only
    one that adds up origins may come after it.
    """
    from scipy.optimize import minimize_scalar  # takes a moment, and the page reads thresholds only

    layers = model.layers[:-1] if model.layers[-1].name == BOTH else model.layers
    softmax = import_keras().Sequential([import_keras().Input(INPUT_SHAPE), *layers])
    logits = np.log(np.maximum(softmax.predict(images, batch_size=500, verbose=0), 1e-12)).astype(np.float64)
    right = np.arange(logits.shape[1]) % CLASSES == labels[:, None]  # of both origins, if it has them

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        of_right = np.logaddexp.reduce(np.where(right, scaled, -np.inf), axis=1)
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - of_right))

    temperature = minimize_scalar(loss, bounds=(0.1, 10), method="bounded").x
    layers[-1].set_weights([weights / temperature for weights in layers[-1].get_weights()])


def find_threshold(model: "keras.Model", digits: np.ndarray) -> float:
    """The highest probability that 99 % of the digits, float32 (N, 28, 28, 1), reach."""
    highest = model.predict(digits, batch_size=500, verbose=0).max(axis=1)
    return float(np.quantile(highest, 1 - ACCEPTED))


def write_threshold(path: Path, threshold: float) -> None:
    """Adds it to a .keras file."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(MEMBER, json.dumps({"threshold": threshold}))


def read_threshold(path: Path) -> float:
    """That of a .keras file; 0.0, which everything reaches, if it holds none. Raises ValueError if it is damaged."""
    with zipfile.ZipFile(path) as archive:
        if MEMBER not in archive.namelist():
            return 0.0
        threshold = json.loads(archive.read(MEMBER))["threshold"]
    if not isinstance(threshold, float) or not 0 <= threshold <= 1:
        raise ValueError(f"a threshold of {threshold}")
    return threshold
