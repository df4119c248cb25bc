import subprocess
import sys

import numpy as np
import pytest

from model.networks import INPUT_SHAPE, MERGING_LAYER, NETWORKS, digit_accuracy, for_inference
from model.networks import table as networks
from model.training.fit import fit as training

PUBLISHED = {
    "cnn-sgd": 348_698,
    "he-cnn": 159_254,
    "dense-512": 407_050,
    "dense-128x2": 118_282,
    "keras-cnn": 1_199_882,
}


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_has_the_parameters_that_the_table_says(name):
    model = NETWORKS[name].build()
    assert model.count_params() == NETWORKS[name].parameters == PUBLISHED.get(name, NETWORKS[name].parameters)
    assert model.input_shape == (None, *INPUT_SHAPE)
    assert model.output_shape == (None, 10)
    assert model.compiled


@pytest.mark.parametrize(
    ("name", "optimizer", "rate", "loss", "epochs", "batch_size"),
    [
        ("cnn-sgd", "SGD", 0.01, "categorical_crossentropy", 20, 32),
        ("he-cnn", "Adam", 0.001, "categorical_crossentropy", 10, 200),
        ("dense-512", "RMSprop", 0.001, "sparse_categorical_crossentropy", 5, 128),
        ("dense-128x2", "Adam", 0.001, "sparse_categorical_crossentropy", 10, 32),
        ("keras-cnn", "Adam", 0.001, "sparse_categorical_crossentropy", 10, 128),
    ],
)
def test_a_tutorial_is_trained_as_it_says(name, optimizer, rate, loss, epochs, batch_size):
    network, model = NETWORKS[name], NETWORKS[name].build()
    assert type(model.optimizer).__name__ == optimizer
    assert float(model.optimizer.learning_rate) == pytest.approx(rate)
    assert model.loss == loss
    assert (network.epochs, network.batch_size) == (epochs, batch_size)
    assert not network.augment
    if optimizer == "SGD":
        assert model.optimizer.momentum == 0.9


def test_the_tables_are_there_without_tensorflow():
    program = (
        "import sys, model, model.networks, model.runs, model.settings, model.trainer;"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules or 'streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_mixed_precision_is_for_training_alone_and_where_the_processor_has_it(monkeypatch, has_bfloat16):
    monkeypatch.setattr(networks, "has_bfloat16", lambda: has_bfloat16)
    to_train, to_read = NETWORKS["reader"].build(to_train=True), NETWORKS["reader"].build()
    assert to_train.layers[0].compute_dtype == ("bfloat16" if has_bfloat16 else "float32")
    assert to_train.layers[-1].compute_dtype == "float32"  # a softmax in bfloat16 cannot tell 99.6 % from certain
    assert {weight.dtype for weight in to_train.weights} == {"float32"}
    assert {layer.compute_dtype for layer in to_read.layers} == {"float32"}
    assert {layer.compute_dtype for layer in NETWORKS["quick"].build(to_train=True).layers} == {"float32"}


def test_scans_and_drawings_are_learned_apart_and_read_together(tmp_path):
    """An unfinished network answers the same once it reads, and what has been read with can be trained on."""
    to_train = NETWORKS["reader"].build(to_train=True)
    reads = for_inference(to_train)
    images = np.random.default_rng(0).random((3, *INPUT_SHAPE), np.float32)
    apart, together = to_train.predict(images, verbose=0), reads.predict(images, verbose=0)
    assert apart.shape == (3, 20)
    assert together == pytest.approx(apart[:, :10] + apart[:, 10:], abs=0.02)  # it trains in bfloat16
    assert reads.layers[-1].name == NETWORKS["reader"].build().layers[-1].name == MERGING_LAYER
    again = for_inference(reads)  # as the trainer saves it
    assert (again.layers[-1].name, again.output_shape) == (MERGING_LAYER, (None, 10))
    assert len(reads.trainable_weights) == len(to_train.trainable_weights)
    again.save(tmp_path / "model.keras")
    trained_on = NETWORKS["reader"].build(to_train=True)
    training._start_from(trained_on, str(tmp_path / "model.keras"))
    for kept, taken in zip(to_train.get_weights(), trained_on.get_weights(), strict=True):
        assert np.array_equal(kept, taken)


def test_a_digit_is_right_as_scan_or_drawing():
    metric = digit_accuracy()(name="accuracy")
    targets, answers = np.zeros((4, 20), np.float32), np.zeros((4, 20), np.float32)
    targets[range(3), [0, 1, 12]] = 1
    targets[3] = 1 / 20  # no digit
    answers[range(4), [10, 1, 13, 5]] = 1  # the right digit of the other origin, right, wrong, left out
    metric.update_state(targets, answers)
    assert float(metric.result()) == pytest.approx(2 / 3)


def test_the_layers_of_a_network_to_read_with_are_counted_from_one():
    """Whatever else was built before it; and it answers the same."""
    NETWORKS["quick"].build()
    built = NETWORKS["quick"].build()
    network = networks.to_read_with(built)
    assert [layer.name for layer in network.layers[:4]] == [
        "conv2d_1",
        "max_pooling2d_1",
        "batch_normalization_1",
        "activation_1",
    ]
    images = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    assert np.array_equal(built.predict(images, verbose=0), network.predict(images, verbose=0))
