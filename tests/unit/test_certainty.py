import zipfile

import numpy as np
import pytest

from model import InputError, load_recognizer
from model.networks import MERGING_LAYER, digit_accuracy, import_keras, read_threshold, write_threshold
from model.training.calibration import calibrate, find_threshold
from tests.support.digits import on_canvas

RIGHT = 0.8  # how often the network below is right, while it is all but certain


@pytest.fixture
def overconfident():
    """A network that answers, nearly certain, with the digit whose pixel is lit; images and labels to judge it by."""
    keras = import_keras()
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    weights = np.zeros((784, 10), np.float32)
    weights[range(10), range(10)] = 20
    model.set_weights([weights, np.zeros(10, np.float32)])
    labels = np.arange(1000) % 10
    lit = np.where(np.arange(1000) < 1000 * RIGHT, labels, (labels + 1) % 10)
    images = np.zeros((1000, 784), np.float32)
    images[range(1000), lit] = 1
    return model, images.reshape(-1, 28, 28, 1), labels


def test_probabilities_become_how_often_they_are_right(overconfident):
    model, images, labels = overconfident
    before = model.predict(images, verbose=0)
    calibrate(model, images, labels)
    after = model.predict(images, verbose=0)
    assert before.max(axis=1) == pytest.approx(1, abs=1e-4)
    assert after.max(axis=1) == pytest.approx(RIGHT, abs=0.01)
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))


def test_probabilities_of_two_origins_are_brought_in_line_together():
    """As above, with a network that takes half of the digits for scans and half for drawings."""
    keras = import_keras()
    both = keras.layers.Dense(10, use_bias=False, name=MERGING_LAYER)
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(20, "softmax"), both]
    model = keras.Sequential(layers)
    weights = np.zeros((784, 20), np.float32)
    weights[range(20), range(20)] = 20
    model.set_weights([weights, np.zeros(20, np.float32), np.tile(np.eye(10, dtype=np.float32), (2, 1))])
    lit = np.arange(1000) % 20
    labels = np.where(np.arange(1000) < 1000 * RIGHT, lit, lit + 1) % 10
    images = np.zeros((1000, 784), np.float32)
    images[range(1000), lit] = 1
    calibrate(model, images.reshape(-1, 28, 28, 1), labels)
    after = model.predict(images.reshape(-1, 28, 28, 1), verbose=0)
    assert after.max(axis=1) == pytest.approx(RIGHT, abs=0.01)
    assert np.array_equal(after.argmax(axis=1), lit % 10)


def test_the_threshold_accepts_99_of_100_digits(overconfident):
    model, images, _ = overconfident
    images = images * np.linspace(0, 0.3, len(images), dtype=np.float32)[:, None, None, None]
    threshold = find_threshold(model, images)
    assert np.mean(model.predict(images, verbose=0).max(axis=1) >= threshold) == pytest.approx(0.99, abs=0.002)


def test_a_threshold_turns_drawings_away_and_none_does_not(overconfident, tmp_path):
    model, *_ = overconfident
    path = tmp_path / "model.keras"
    model.save(path)
    assert read_threshold(path) == 0.0
    assert load_recognizer(path).read(on_canvas(3, 0.5)).is_digit
    write_threshold(path, 0.999)
    reading = load_recognizer(path).read(on_canvas(3, 0.5))
    assert not reading.is_digit
    assert reading.digit == reading.probabilities.argmax()


@pytest.mark.parametrize("content", ["", "{}", '{"threshold": "high"}', '{"threshold": 2.0}', "[1]"])
def test_a_damaged_threshold_is_refused_in_a_sentence(overconfident, tmp_path, content):
    path = tmp_path / "model.keras"
    overconfident[0].save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("certainty.json", content)
    with pytest.raises(InputError, match="cannot be loaded as a Keras network"):
        load_recognizer(path)


def test_the_accuracy_leaves_out_what_is_no_digit():
    metric = digit_accuracy()(name="accuracy")
    digits, other = np.eye(10, dtype=np.float32), np.full((1, 10), 0.1, np.float32)
    answers = np.eye(10, dtype=np.float32)
    answers[9] = answers[0]  # one of ten is wrong
    metric.update_state(np.concatenate([digits, other]), np.concatenate([answers, answers[:1]]))
    assert float(metric.result()) == pytest.approx(0.9)
