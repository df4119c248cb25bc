"""Learning from other networks, beside the labels."""

import numpy as np
import pytest

import train
from model import load_recognizer, training
from model.batches import TEACHING, make_batches
from model.data import Images
from model.errors import InputError
from model.history import read_history
from model.networks import NETWORKS
from model.nondigits import NOT_A_DIGIT
from model.recognizer import SHIPPED
from model.teachers import load_teachers


@pytest.fixture(scope="module")
def teachers(tmp_path_factory):
    """The shipped network and one that knows nothing."""
    unlearned = tmp_path_factory.mktemp("teachers") / "unlearned.keras"
    NETWORKS["quick"].build().save(unlearned)
    return [str(SHIPPED), str(unlearned)]


def some_images(count):
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)


def test_teachers_are_heard_alike(teachers):
    images = some_images(6).astype(np.float32) / 255
    product = np.prod([load_recognizer(path).predict(images) for path in teachers], axis=0) ** (1 / len(teachers))
    together = product / product.sum(axis=1, keepdims=True)
    assert np.allclose(load_teachers(teachers)(images[..., None]), together, atol=0.02)  # they may compute in bfloat16


@pytest.mark.parametrize("augment", [False, True])
def test_a_target_is_part_label_and_part_what_teachers_say_of_the_image_as_it_was_varied(teachers, augment):
    """But for what teachers are not asked about: the last two."""
    labels = np.array([3, 9, 5, NOT_A_DIGIT, 8], np.uint8)
    data, ask = Images(some_images(5), labels), load_teachers(teachers)
    inputs, alone = next(iter(make_batches(data, 5, 0, 0, augment, one_hot=True)))
    same_inputs, taught = next(iter(make_batches(data, 5, 0, 0, augment, one_hot=True, ask=ask, asked=3)))
    assert np.array_equal(inputs, same_inputs)
    digits = alone.numpy().argmax(axis=1)
    by_label = np.isin(digits, [8, 0])  # all ten alike is 0
    assert np.allclose(taught[by_label], alone[by_label])
    expected = (1 - TEACHING) * alone + TEACHING * ask(inputs)
    assert np.allclose(taught[~by_label], expected[~by_label], atol=0.02)
    assert np.abs(taught - alone).max() > 0.1


def test_the_trainer_takes_teachers(teachers, tmp_path):
    """It hears them in every epoch: with the same seed, other curves come out."""
    flags, losses = ["--data", "digits", "--images", "100", "--epochs", "2"], {}
    for name, given in (("alone", []), ("taught", ["--teachers", *teachers])):
        settings = train.choose_settings(train.parse_arguments([*flags, *given]))
        (tmp_path / name).mkdir()
        training.train(tmp_path / name, {"settings": settings, "progress": {}})
        losses[name] = [row["loss"] for row in read_history(tmp_path / name)]
    assert all(alone != taught for alone, taught in zip(losses["alone"], losses["taught"], strict=True))


def test_a_damaged_teacher_is_told_in_a_sentence(tmp_path):
    damaged = tmp_path / "damaged.keras"
    damaged.write_bytes(SHIPPED.read_bytes()[:1_000])
    with pytest.raises(InputError, match="cut short"):
        load_teachers([str(damaged)])
