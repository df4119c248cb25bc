import numpy as np
import pytest
from sklearn.datasets import load_digits

from model.data import load_embedded_digits
from tests.support.own_data import of, read, whole

SHAPES = {
    "0–1": (lambda images: images / 255, "0 to 1 "),
    "0–1 in float16": (lambda images: (images / 255).astype(np.float16), "0 to 1 "),
    "−1 to 1": (lambda images: images / 127.5 - 1, "-1 to 1 "),
    "16 bits": (lambda images: images.astype(np.uint16) * 257, "0 to 65,535 "),
    "flat": (lambda images: images.reshape(-1, 784), None),
    "a channel": (lambda images: images[..., None], None),
    "a first channel": (lambda images: images[:, None], None),
    "colours": (lambda images: np.repeat(images[..., None], 3, axis=3), None),
    "a margin": (lambda images: np.pad(images, ((0, 0), (2, 2), (2, 2))), "margin"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_arrays_of_other_shapes_and_ranges(tmp_path, known, shape):
    make, said = SHAPES[shape]
    np.savez_compressed(tmp_path / "mine.npz", x_train=make(known[0]), y_train=known[1])
    found = read(tmp_path / "mine.npz")
    assert whole(found) == of(*known)
    assert said is None or any(said in note for note in found.notes), found.notes


@pytest.mark.parametrize(
    ("images", "labels"),
    [("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("X", "y"), ("data", "target")],
)
def test_arrays_of_other_names(tmp_path, known, images, labels):
    np.savez(tmp_path / "mine.npz", **{images: known[0], labels: known[1]}, writer=np.arange(200))
    assert whole(read(tmp_path / "mine.npz")) == of(*known)


LABELS = {
    "floats": np.float64,
    "texts": lambda labels: labels.astype(str),
    "one-hot": lambda labels: np.eye(10)[labels],
    "a column": lambda labels: labels[:, None],
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_other_kinds(tmp_path, known, kind):
    labels = LABELS[kind](known[1])
    np.savez(tmp_path / "mine.npz", x_train=known[0], y_train=labels, x_test=known[0], y_test=labels)
    found = read(tmp_path / "mine.npz")
    assert np.array_equal(found.data.test.labels, known[1])
    assert found.notes == ()


def test_ten_stands_for_nought_in_labels_from_one_to_ten(tmp_path, known):
    np.savez(tmp_path / "mine.npz", X=known[0], y=np.where(known[1] == 0, 10, known[1]))
    found = read(tmp_path / "mine.npz")
    assert whole(found) == of(*known)
    assert "10 is taken for 0" in found.notes[0]


def test_coarse_digits_of_8_by_8_become_those_that_the_project_has(tmp_path):
    digits = load_digits()
    np.savez(tmp_path / "mine.npz", data=digits.data[:100], target=digits.target[:100])
    found = read(tmp_path / "mine.npz")
    assert any("0 to 16" in note for note in found.notes) and any("8×8" in note for note in found.notes)
    assert np.array_equal(found.data.train.images, load_embedded_digits().train.images[:80])
