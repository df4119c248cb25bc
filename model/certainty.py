"""How far a network's probabilities can be believed: they are brought in line with how often it is right, and it learns
below which highest probability a drawing is no digit.

Both are decided on digits that it was not trained on, and kept in its .keras file.
"""

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

ACCEPTED = 0.99  # of the digits that the threshold is decided on
MEMBER = "certainty.json"  # in the .keras file, which is a zip archive; Keras leaves it alone


def calibrate(model: "keras.Model", images: np.ndarray, labels: np.ndarray) -> None:
    """Divides the logits by the temperature at which the digits, float32 (N, 28, 28, 1), are the likeliest.

    C. Guo et al. (2017), On Calibration of Modern Neural Networks. The last layer must be dense, with a softmax.
    """
    from scipy.optimize import minimize_scalar  # takes a moment, and the page reads thresholds only

    logits = np.log(np.maximum(model.predict(images, batch_size=500, verbose=0), 1e-12)).astype(np.float64)
    places = np.arange(len(labels))

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - scaled[places, labels]))

    temperature = minimize_scalar(loss, bounds=(0.1, 10), method="bounded").x
    last = model.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])


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
