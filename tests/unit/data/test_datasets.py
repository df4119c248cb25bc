import numpy as np
import pytest

from model import InputError
from model.data import hold_out, load_data, load_scans

ARRAYS = {
    "x_train": np.zeros((6, 28, 28), np.uint8),
    "y_train": np.arange(6, dtype=np.uint8),
    "x_test": np.zeros((2, 28, 28), np.uint8),
    "y_test": np.arange(2, dtype=np.uint8),
}


def test_the_embedded_digits_need_no_download():
    data = load_data("digits")
    assert (len(data.train.labels), len(data.test.labels)) == (1438, 359)
    assert data.train.images.shape == (1438, 28, 28)
    assert data.train.images.dtype == np.uint8
    assert set(data.test.labels) == set(range(10))


def test_mnist_is_the_file_that_the_environment_names(tmp_path, monkeypatch):
    np.savez(tmp_path / "mine.npz", **ARRAYS)
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "mine.npz"))
    assert load_data("mnist").train.labels.tolist() == list(range(6))


def test_the_last_images_are_held_out(tmp_path):
    np.savez(tmp_path / "mine.npz", **ARRAYS)
    train, held = hold_out(load_data(str(tmp_path / "mine.npz")).train, 2)
    assert (train.labels.tolist(), held.labels.tolist()) == ([0, 1, 2, 3], [4, 5])


@pytest.mark.parametrize(
    "change",
    [
        {"x_train": None},
        {"x_train": np.zeros((6, 783), np.uint8)},
        {"x_train": np.full((6, 28, 28), np.inf)},
        {"x_train": np.zeros((0, 28, 28), np.uint8), "y_train": np.zeros(0, np.uint8)},
        {"y_train": np.arange(5)},
        {"y_train": np.array([0, 1, 2, 3, 4, 10])},
        {"y_test": np.array([0.5, 1])},
        {"y_test": np.array([{}, {}], object)},
    ],
)
def test_arrays_that_are_not_mnist_are_refused_in_a_sentence(tmp_path, change):
    path = tmp_path / "mine.npz"
    np.savez(path, **{name: array for name, array in (ARRAYS | change).items() if array is not None})
    with pytest.raises(InputError, match=r"mine\.npz"):
        load_data(str(path))


def test_a_file_with_a_changed_byte_is_refused_in_a_sentence(tmp_path):
    """Wherever it is: in the headers of the archive or in the compressed data."""
    noise = np.random.default_rng(0).integers(0, 256, (6, 28, 28), np.uint8)
    np.savez_compressed(tmp_path / "whole.npz", **ARRAYS | {"x_train": noise})
    whole, path = (tmp_path / "whole.npz").read_bytes(), tmp_path / "mine.npz"
    refused = 0
    for place in range(0, len(whole), 11):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            load_data(str(path))
        except InputError as error:
            refused += "mine.npz" in str(error)
    assert refused > 100


@pytest.mark.parametrize("content", [None, b"", b"Hello", b"PK\x03\x04 but no archive"])
def test_files_that_are_not_mnist_are_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "mine.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"mine\.npz"):
        load_data(str(path))


SCANS = {"x": np.zeros((3, 28, 28), np.uint8), "y": np.arange(3), "writer": np.arange(3), "source": np.array(["a"] * 3)}


def test_scans_need_not_say_who_wrote_them(tmp_path):
    np.savez(tmp_path / "scans.npz", **SCANS)
    whole = load_scans(tmp_path / "scans.npz")
    assert (whole.labels.tolist(), whole.writers.tolist(), whole.sources.tolist()) == ([0, 1, 2], [0, 1, 2], ["a"] * 3)
    np.savez(tmp_path / "mine.npz", x=SCANS["x"], y=SCANS["y"])
    mine = load_scans(tmp_path / "mine.npz")
    assert (mine.writers.tolist(), mine.sources.tolist()) == ([0] * 3, [""] * 3)


@pytest.mark.parametrize(
    "change",
    [
        {"x": None},
        {"y": None},
        {"x": np.zeros((3, 28, 28), np.float32)},
        {"y": np.array([1, 2, 10])},
        {"writer": np.arange(2)},
        {"writer": np.array([0.5, 1, 2])},
        {"source": np.array(["a"])},
    ],
    ids=str,
)
def test_anything_but_scans_is_refused_in_a_sentence(tmp_path, change):
    path = tmp_path / "scans.npz"
    np.savez(path, **{name: array for name, array in (SCANS | change).items() if array is not None})
    with pytest.raises(InputError, match=r"scans\.npz") as refused:
        load_scans(path)
    assert str(refused.value).endswith(".")
    assert "x_ " not in str(refused.value)


def test_a_missing_or_damaged_file_of_scans_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="There is no file of scans"):
        load_scans(tmp_path / "scans.npz")
    (tmp_path / "scans.npz").write_bytes(b"PK")
    with pytest.raises(InputError, match="cannot be read as scans"):
        load_scans(tmp_path / "scans.npz")
