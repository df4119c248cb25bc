import numpy as np
import pytest

from model.networks import INPUT_SHAPE, MERGING_LAYER, NETWORKS, digit_accuracy, for_inference, import_keras, network


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_mixed_precision_is_for_training_alone_and_only_where_it_is_faster(monkeypatch, has_bfloat16):
    monkeypatch.setattr(network, "has_bfloat16", lambda: has_bfloat16)
    trains, reads = NETWORKS["reader"].build(for_training=True), NETWORKS["reader"].build()
    assert trains.layers[0].compute_dtype == ("bfloat16" if has_bfloat16 else "float32")
    assert trains.layers[-1].compute_dtype == "float32"  # a softmax in bfloat16 cannot tell 99.6 % from certain
    assert {weight.dtype for weight in trains.weights} == {"float32"}
    assert {layer.compute_dtype for layer in reads.layers} == {"float32"}
    assert {layer.compute_dtype for layer in NETWORKS["quick"].build(for_training=True).layers} == {"float32"}


def test_scans_and_drawings_are_learned_apart_and_read_together():
    """The probabilities of an unfinished network are added up; a finished one stays as it is."""
    trains = NETWORKS["reader"].build(for_training=True)
    reads = for_inference(trains)
    images = np.random.default_rng(0).random((3, *INPUT_SHAPE), np.float32)
    apart, together = trains.predict(images, verbose=0), reads.predict(images, verbose=0)
    assert apart.shape == (3, 21)
    shared = apart[:, 20:] / 10  # what is no digit is equally likely to be any
    assert together == pytest.approx(apart[:, :10] + apart[:, 10:20] + shared, abs=0.02)  # it may train in bfloat16
    assert reads.layers[-1].name == NETWORKS["reader"].build().layers[-1].name == MERGING_LAYER
    again = for_inference(reads)  # as the trainer saves it
    assert (again.layers[-1].name, again.output_shape) == (MERGING_LAYER, (None, 10))
    assert len(reads.trainable_weights) == len(trains.trainable_weights)


def test_an_unfinished_network_without_an_answer_for_non_digits_reads_as_well():
    """As those trained before there was one."""
    layers = import_keras().layers
    older = import_keras().Sequential([layers.Input(INPUT_SHAPE), layers.Flatten(), layers.Dense(20, "softmax")])
    reads = for_inference(older)
    images = np.random.default_rng(0).random((3, *INPUT_SHAPE), np.float32)
    apart, together = older.predict(images, verbose=0), reads.predict(images, verbose=0)
    assert together == pytest.approx(apart[:, :10] + apart[:, 10:], abs=1e-5)


@pytest.mark.parametrize("outputs", [20, 21])
def test_a_digit_is_right_as_a_scan_or_a_drawing(outputs):
    metric = digit_accuracy()(name="accuracy")
    targets, answers = np.zeros((4, outputs), np.float32), np.zeros((4, outputs), np.float32)
    targets[range(3), [0, 1, 12]] = 1
    targets[3] = np.eye(21)[20] if outputs == 21 else 1 / 20  # a non-digit
    answers[range(4), [10, 1, 13, 5]] = 1  # the right digit of the other origin, right, wrong, left out
    metric.update_state(targets, answers)
    assert float(metric.result()) == pytest.approx(2 / 3)


def test_the_accuracy_leaves_out_non_digits():
    metric = digit_accuracy()(name="accuracy")
    digits, other = np.eye(10, dtype=np.float32), np.full((1, 10), 0.1, np.float32)
    answers = np.eye(10, dtype=np.float32)
    answers[9] = answers[0]  # one of ten is wrong
    metric.update_state(np.concatenate([digits, other]), np.concatenate([answers, answers[:1]]))
    assert float(metric.result()) == pytest.approx(0.9)


def test_the_layers_of_a_network_for_reading_are_numbered_from_one():
    """Whatever was built before it; and it gives the same answers."""
    NETWORKS["quick"].build()
    built = NETWORKS["quick"].build()
    reads = for_inference(built)
    assert [layer.name for layer in reads.layers[:5]] == [
        "cropping2d_1",
        "conv2d_1",
        "max_pooling2d_1",
        "batch_normalization_1",
        "activation_1",
    ]
    images = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    assert np.array_equal(built.predict(images, verbose=0), reads.predict(images, verbose=0))
