"""What is noticed about images, and set right."""

import numpy as np
import pytest

from model.data import load_embedded_digits
from tests.support.own_data import of, read, whole, write_idx


def test_emnists_images_are_seen_to_be_transposed_and_set_right_or_left(tmp_path, known):
    file = write_idx(tmp_path, known[0].transpose(0, 2, 1), known[1], "emnist-digits-", ".gz")
    write_idx(tmp_path, known[0], known[1], "mnist-", ".gz")  # another data set beside it
    found = read(file)
    assert whole(found) == of(*known)
    assert "transposed" in found.notes[0] and found.notes[0].endswith("They were set right.")
    assert np.array_equal(found.change.before, found.change.after.transpose(0, 2, 1))
    assert found.change.before.shape == (8, 28, 28)
    left = read(file, mend=False)
    assert whole(left) == of(known[0].transpose(0, 2, 1), known[1])
    assert left.notes[0].endswith("They were left as they are.")


WRONG = {
    "black on white": lambda images: 255 - images,
    "transposed": lambda images: images.transpose(0, 2, 1),
    "look mirrored,": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1, ::-1],
    "mirrored and upside down": lambda images: images[:, ::-1],
    "turned clockwise": lambda images: np.rot90(images, -1, axes=(1, 2)),
    "turned counterclockwise": lambda images: np.rot90(images, 1, axes=(1, 2)),
    "turned and mirrored": lambda images: images[:, ::-1, ::-1].transpose(0, 2, 1),
    "black on white and transposed": lambda images: 255 - images.transpose(0, 2, 1),
}


@pytest.mark.parametrize("look", WRONG)
def test_what_is_wrong_with_images_is_said_and_mended(tmp_path, known, look):
    np.savez(tmp_path / "mine.npz", x_train=WRONG[look](known[0]), y_train=known[1])
    found = read(tmp_path / "mine.npz")
    assert look in found.change.words
    assert whole(found) == of(*known)


@pytest.mark.parametrize("count", [1_000, 20])
def test_images_that_are_right_are_left_alone(tmp_path, count):
    digits = load_embedded_digits().train
    np.savez(tmp_path / "mine.npz", x=digits.images[:count], y=digits.labels[:count])
    found = read(tmp_path / "mine.npz")
    assert found.change is None
    assert len(found.notes) == 1


def test_some_inverted_images_among_others(tmp_path, known):
    images = known[0].copy()
    images[::8] = 255 - images[::8]  # 20 of them among the 160 to train on
    np.savez(tmp_path / "mine.npz", x=images, y=known[1])
    found = read(tmp_path / "mine.npz")
    assert whole(found) == of(*known)
    assert "black on white in 20 images" in found.change.words


def test_labels_that_fit_no_image_are_noticed(tmp_path, known):
    np.savez(tmp_path / "mine.npz", x=known[0], y=np.random.default_rng(0).permutation(known[1]))
    found = read(tmp_path / "mine.npz")
    assert "look like the digit of their label" in found.notes[-1]
    assert found.change is None
