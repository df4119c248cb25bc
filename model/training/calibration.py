"""Calibration: brings a network's probabilities in line with how often it is right, and sets its threshold.

Both use digits that it was not trained on, and both are kept in its .keras file.
"""

import keras
import numpy as np
from scipy.optimize import fminbound

from model.data import Images
from model.networks import CLASSES, INPUT_SHAPE, MERGING_LAYER
from model.preprocessing import PEN_WIDTHS, VALIDATION_WRITERS, load_strokes, prepare, replay
from model.training.batches import to_input

ACCEPTED = 0.99  # of the validation digits: as many reach the threshold
BATCH_SIZE = 500


def settle_threshold(model: keras.Model, validation: Images, strokes: str | None) -> float:
    """Calibrates the network and returns its threshold, 0–1: a lower probability means that a drawing is a non-digit.

    Calibration uses the validation images and, if there is a file of strokes, those of the validation writers. The
    threshold is set on these strokes alone; without them, on the validation images.
    """
    images, labels = to_input(validation.images), validation.labels
    typical = images
    drawn = _draw_validation_strokes(strokes) if strokes else []
    if drawn:
        typical = np.stack([image for image, _ in drawn])[..., None]
        images = np.concatenate([images, typical])
        labels = np.concatenate([labels, [label for _, label in drawn]])
    calibrate(model, images, labels)
    return find_threshold(model, typical)


def _draw_validation_strokes(path: str) -> list[tuple[np.ndarray, int]]:
    written = [digit for digit in load_strokes(path) if digit.writer in VALIDATION_WRITERS]
    drawn = [(prepare(replay(digit.strokes, width)), digit.digit) for digit in written for width in PEN_WIDTHS]
    return [(image, label) for image, label in drawn if image is not None]


def calibrate(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> None:
    """Temperature scaling: divides the logits by the temperature at which the given digits are most likely.

    `images` are float32 (N, 28, 28, 1) in 0–1, `labels` (N,). C. Guo et al. (2017), On Calibration of Modern Neural
    Networks. The last layer must be dense with a softmax; only the layer that merges origins may follow it.
    """
    layers = model.layers[:-1] if model.layers[-1].name == MERGING_LAYER else model.layers
    softmax = keras.Sequential([keras.Input(INPUT_SHAPE), *layers])
    logits = np.log(np.maximum(_predict(softmax, images), 1e-12)).astype(np.float64)
    right = np.arange(logits.shape[1]) % CLASSES == labels[:, None]  # of both origins, if there are two

    def cross_entropy(temperature: float) -> float:
        scaled = logits / temperature
        of_right = np.logaddexp.reduce(np.where(right, scaled, -np.inf), axis=1)
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - of_right))

    temperature = fminbound(cross_entropy, 0.1, 10)
    layers[-1].set_weights([weights / temperature for weights in layers[-1].get_weights()])


def find_threshold(model: keras.Model, digits: np.ndarray) -> float:
    """The probability that the best guess reaches for 99 % of the digits, float32 (N, 28, 28, 1) in 0–1."""
    return float(np.quantile(_predict(model, digits).max(axis=1), 1 - ACCEPTED))


def _predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    return model.predict(images, batch_size=BATCH_SIZE, verbose=0)  # pyright: ignore[reportArgumentType] - 0 is silent
