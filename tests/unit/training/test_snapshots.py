"""The callback that reads eleven drawings while a network is trained."""

import numpy as np
import pytest

from model.data import example_images
from model.networks import NETWORKS, read_recipe
from model.runs import Record, Settings, hand_over, read_frames, read_readings
from model.training.batches import to_input
from model.training.snapshots import KeepSnapshots, first_filters, to_digits

SETTINGS = Settings.of("dense-128x2", data="digits")
TINY = '{"convolutions": [{"filters": 3, "kernel": 4}], "dense": [5]}'


def callback(network, folder, done=0):
    return KeepSnapshots(
        network, lambda images: network(images, training=False), folder, Record(SETTINGS, {}), 10, done
    )


def test_it_reads_before_the_training_every_second_and_at_its_end(tmp_path, monkeypatch):
    network = read_recipe(TINY).network().build()
    keeping = callback(network, tmp_path)
    keeping.on_train_begin()
    keeping.on_epoch_begin(0)
    keeping.on_train_batch_end(0)  # too soon
    monkeypatch.setattr("model.training.snapshots.INTERVAL", -1)
    hand_over(tmp_path, np.full((28, 28), 0.5, np.float32))
    keeping.on_train_batch_end(4)
    network.layers[0].kernel.assign(np.ones((4, 4, 1, 3)))
    keeping.on_epoch_end(0)
    keeping.on_train_end()
    first, second, third = read_readings(tmp_path)
    assert [each.epoch for each in (first, second, third)] == [0.0, 0.5, 1.0]
    assert first.own is None
    assert second.own is not None
    assert (second.drawing, third.drawing) == (0, 0)
    expected = network.predict(to_input(example_images()), verbose=0)
    assert [each.digit for each in third.others] == expected.argmax(axis=1).tolist()
    assert [each.share for each in third.others] == pytest.approx(expected.max(axis=1).tolist(), abs=1e-3)
    frames = read_frames(tmp_path)
    assert frames is not None
    assert frames.filters.shape == (3, 3, 4, 4)
    assert frames.filters[2] == pytest.approx(np.ones((3, 4, 4)), abs=0.01)


def test_a_network_that_is_no_longer_made_of_numbers_leaves_what_was_kept_before(tmp_path, recwarn):
    network = read_recipe(TINY).network().build()
    keeping = callback(network, tmp_path)
    keeping.on_train_begin()
    before = read_readings(tmp_path)
    network.layers[0].kernel.assign(np.full((4, 4, 1, 3), np.nan))
    keeping.on_epoch_end(0)
    keeping.on_train_end()
    assert len(before) == 1
    assert read_readings(tmp_path) == before
    frames = read_frames(tmp_path)
    assert frames is not None
    assert frames.epochs.tolist() == [0.0]
    assert not [each for each in recwarn if each.category is RuntimeWarning]


def test_a_resumed_training_goes_on_where_it_was(tmp_path):
    network = read_recipe(TINY).network().build()
    for done in (0, 3):
        callback(network, tmp_path, done).on_train_begin()
    assert [each.epoch for each in read_readings(tmp_path)] == [0.0, 3.0]
    frames = read_frames(tmp_path)
    assert frames is not None
    assert frames.epochs.tolist() == [0.0, 3.0]


@pytest.mark.parametrize(
    ("name", "shape"), [("quick", (16, 5, 5)), ("dense-512", (16, 28, 28)), ("keras-cnn", (32, 3, 3))]
)
def test_the_filters_are_those_of_the_first_layer(name, shape):
    filters = first_filters(NETWORKS[name].build())
    assert filters is not None
    assert filters.shape == shape


def test_of_two_origins_both_count():
    answers = np.zeros((1, 21), np.float32)
    answers[0, [3, 13, 5, 20]] = 0.2, 0.3, 0.4, 0.1
    digits = to_digits(answers)
    assert digits.shape == (1, 10)
    assert digits.argmax() == 3
    assert digits[0, 3] == pytest.approx(0.5)
