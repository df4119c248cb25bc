import numpy as np
import pytest

from model.networks import MERGING_LAYER, import_keras
from model.training.calibration import ACCEPTED, RARER, calibrate, find_threshold

RIGHT = 0.8  # how often the networks below are right, while they are all but certain


def lit_pixels(places):
    """An image for each place, float32 (N, 28, 28, 1), in which only that pixel is lit."""
    images = np.zeros((len(places), 784), np.float32)
    images[range(len(places)), places] = 1
    return images.reshape(-1, 28, 28, 1)


@pytest.fixture(scope="module")
def overconfident():
    """The weights of a network that answers, nearly certain, with the digit whose pixel is lit; images and labels."""
    weights = np.zeros((784, 10), np.float32)
    weights[range(10), range(10)] = 20
    labels = np.arange(1000) % 10
    return weights, lit_pixels(np.where(np.arange(1000) < 1000 * RIGHT, labels, (labels + 1) % 10)), labels


def build(weights):
    keras = import_keras()
    outputs = weights.shape[1]
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(outputs, "softmax")])
    model.set_weights([weights, np.zeros(outputs, np.float32)])
    return model


def test_probabilities_become_how_often_they_are_right(overconfident):
    weights, images, labels = overconfident
    model = build(weights)
    before = model.predict(images, verbose=0)
    calibrate(model, images, labels)
    after = model.predict(images, verbose=0)
    assert before.max(axis=1) == pytest.approx(1, abs=1e-4)
    assert after.max(axis=1) == pytest.approx(RIGHT, abs=0.01)
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))


def test_probabilities_of_two_origins_are_calibrated_together():
    """As above, with a network that takes half of the digits for scans and half for drawings."""
    weights = np.zeros((784, 20), np.float32)
    weights[range(20), range(20)] = 20
    model = build(weights)
    merging = import_keras().layers.Dense(10, use_bias=False, name=MERGING_LAYER)
    model.add(merging)
    merging.set_weights([np.tile(np.eye(10, dtype=np.float32), (2, 1))])
    lit = np.arange(1000) % 20
    labels = np.where(np.arange(1000) < 1000 * RIGHT, lit, lit + 1) % 10
    calibrate(model, lit_pixels(lit), labels)
    after = model.predict(lit_pixels(lit), verbose=0)
    assert after.max(axis=1) == pytest.approx(RIGHT, abs=0.01)
    assert np.array_equal(after.argmax(axis=1), lit % 10)


def test_the_threshold_accepts_nearly_all_digits(overconfident):
    weights, images, _ = overconfident
    model = build(weights)
    images = images * np.linspace(0, 0.3, len(images), dtype=np.float32)[:, None, None, None]
    threshold = find_threshold(model, images)
    assert np.mean(model.predict(images, verbose=0).max(axis=1) >= threshold) == pytest.approx(ACCEPTED, abs=0.002)


def test_what_is_no_digit_becomes_less_likely():
    """A network that takes each tenth image for a digit with odds of one to one: among people, it nearly always is."""
    weights = np.zeros((784, 21), np.float32)
    weights[range(20), range(20)] = 20
    weights[range(10), 20] = 20
    model = build(weights)
    merging = import_keras().layers.Dense(10, use_bias=False, name=MERGING_LAYER)
    model.add(merging)
    merging.set_weights([np.concatenate([*[np.eye(10)] * 2, np.full((1, 10), 0.1)]).astype(np.float32)])
    lit = np.arange(1000) % 20
    images = lit_pixels(lit)
    before = model.predict(images, verbose=0).max(axis=1)
    calibrate(model, images, lit % 10)
    after = model.predict(images, verbose=0).max(axis=1)
    assert before[lit < 10] == pytest.approx(0.55, abs=0.01)
    assert after[lit < 10] == pytest.approx((RARER + 0.1) / (RARER + 1), abs=0.02)
