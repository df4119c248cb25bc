"""Calibration: brings a network's probabilities in line with how often it is right, and sets its threshold.

Both use digits that it was not trained on, and both are kept in its .keras file.
"""

import keras
import numpy as np
from scipy.optimize import fminbound

from model.data import Images
from model.networks import CLASSES, INPUT_SHAPE, MERGING_LAYER, ORIGINS
from model.preprocessing import PEN_WIDTHS, load_strokes, prepare, replay
from model.training.batches import to_input

ACCEPTED = 0.9925  # of the validation digits: as many reach the threshold
RARER = 20  # times: how much less often a drawing is no digit when people draw than in training
BATCH_SIZE = 500


def settle_threshold(model: keras.Model, validation: Images, strokes: list[str]) -> float:
    """Calibrates the network and returns its threshold, 0–1: a lower probability means that a drawing is a non-digit.

    Calibration uses the validation images and, if there are files of strokes, those of the writers who decide. The
    threshold is set on these strokes alone; without them, on the validation images.
    """
    images, labels = to_input(validation.images), validation.labels
    typical = images
    drawn = _draw_deciding_strokes(strokes)
    if drawn:
        typical = np.stack([image for image, _ in drawn])[..., None]
        images = np.concatenate([images, typical])
        labels = np.concatenate([labels, [label for _, label in drawn]])
    calibrate(model, images, labels)
    return find_threshold(model, typical)


def _draw_deciding_strokes(paths: list[str]) -> list[tuple[np.ndarray, int]]:
    written = [digit for path in paths for digit in load_strokes(path) if digit.decides]
    drawn = [(prepare(replay(digit.strokes, width)), digit.digit) for digit in written for width in PEN_WIDTHS]
    return [(image, label) for image, label in drawn if image is not None]


def calibrate(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> None:
    """Temperature scaling: divides the logits by the temperature at which the given digits are most likely.

    If the network can answer that it sees no digit, that becomes less likely: in training, non-digits abound. `images`
    are float32 (N, 28, 28, 1) in 0–1, `labels` (N,). C. Guo et al. (2017), On Calibration of Modern Neural
    Networks. The last layer must be dense with a softmax; only the layer that merges origins may follow it.
    """
    layers = model.layers[:-1] if model.layers[-1].name == MERGING_LAYER else model.layers
    softmax = keras.Sequential([keras.Input(INPUT_SHAPE), *layers])
    logits = np.log(np.maximum(_predict(softmax, images), 1e-12)).astype(np.float64)
    answers = np.arange(logits.shape[1])
    nothing = answers == ORIGINS * CLASSES  # the answer that it is no digit, if there is one
    share = np.where(nothing, -np.log(CLASSES), 0)  # it is shared out among the digits
    counts = nothing | (answers % CLASSES == labels[:, None])  # for the right digit, of whatever origin

    def cross_entropy(temperature: float) -> float:
        scaled = logits / temperature - nothing * np.log(RARER)
        of_right = np.logaddexp.reduce(np.where(counts, scaled + share, -np.inf), axis=1)
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - of_right))

    temperature = fminbound(cross_entropy, 0.1, 10)
    kernel, bias = layers[-1].get_weights()
    layers[-1].set_weights([kernel / temperature, bias / temperature - nothing * np.log(RARER)])


def find_threshold(model: keras.Model, digits: np.ndarray) -> float:
    """The probability that the best guess reaches for nearly all of the digits, float32 (N, 28, 28, 1) in 0–1."""
    return float(np.quantile(_predict(model, digits).max(axis=1), 1 - ACCEPTED))


def _predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    return model.predict(images, batch_size=BATCH_SIZE, verbose=0)  # pyright: ignore[reportArgumentType] - 0 is silent
