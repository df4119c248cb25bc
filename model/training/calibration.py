"""Calibration: a network's probabilities are brought in line with how often it is right, and it gets its threshold.

Both are decided on digits that it was not trained on, and kept in its .keras file.
"""

import keras
import numpy as np
from scipy.optimize import minimize_scalar

from model.data import Images
from model.networks import CLASSES, INPUT_SHAPE, MERGING_LAYER
from model.preprocessing import PEN_WIDTHS, VALIDATION_WRITERS, load_strokes, prepare, replay
from model.training.batches import to_input

ACCEPTED = 0.99  # of the digits that the threshold is decided on
BATCH_SIZE = 500


def settle_threshold(model: keras.Model, validation: Images, strokes: str | None) -> float:
    """Calibrates the network and returns the threshold of what it accepts as a digit.

    Decided on strokes of the validation writers; without such strokes, on validation images alone.
    """
    images, labels = to_input(validation.images), validation.labels
    decisive = images
    drawn = _draw_validation_strokes(strokes) if strokes else []
    if drawn:
        decisive = np.stack([image for image, _ in drawn])[..., None]
        images = np.concatenate([images, decisive])
        labels = np.concatenate([labels, [label for _, label in drawn]])
    calibrate(model, images, labels)
    return find_threshold(model, decisive)


def _draw_validation_strokes(path: str) -> list[tuple[np.ndarray, int]]:
    written = [digit for digit in load_strokes(path) if digit.writer in VALIDATION_WRITERS]
    drawn = [(prepare(replay(digit.strokes, width)), digit.digit) for digit in written for width in PEN_WIDTHS]
    return [(image, label) for image, label in drawn if image is not None]


def calibrate(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> None:
    """Divides the logits by the temperature at which the digits, float32 (N, 28, 28, 1), are most likely.

    C. Guo et al. (2017), On Calibration of Modern Neural Networks. The last layer must be dense with a softmax; only
    the layer that merges origins may follow it.
    """
    layers = model.layers[:-1] if model.layers[-1].name == MERGING_LAYER else model.layers
    softmax = keras.Sequential([keras.Input(INPUT_SHAPE), *layers])
    probabilities = softmax.predict(images, batch_size=BATCH_SIZE, verbose=0)
    logits = np.log(np.maximum(probabilities, 1e-12)).astype(np.float64)
    right = np.arange(logits.shape[1]) % CLASSES == labels[:, None]  # of both origins, if there are two

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        of_right = np.logaddexp.reduce(np.where(right, scaled, -np.inf), axis=1)
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - of_right))

    temperature = minimize_scalar(loss, bounds=(0.1, 10), method="bounded").x
    layers[-1].set_weights([weights / temperature for weights in layers[-1].get_weights()])


def find_threshold(model: keras.Model, digits: np.ndarray) -> float:
    """The probability that the best guess reaches for 99 % of the digits, float32 (N, 28, 28, 1)."""
    highest = model.predict(digits, batch_size=BATCH_SIZE, verbose=0).max(axis=1)
    return float(np.quantile(highest, 1 - ACCEPTED))
