import numpy as np
import pytest

from model import InputError
from model.data.reading import files
from tests.support.own_data import read, save, whole, write_picture


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILES", 3)
    for digit in range(5):
        write_picture(tmp_path / "mine" / f"{digit}.png", np.eye(40) * 255)
    with pytest.raises(InputError, match="more than 3 files"):
        read(tmp_path / "mine")


def test_a_file_that_has_changed_is_read_again(tmp_path, known):
    path = tmp_path / "mine.npz"
    save(path, x_train=known[0], y_train=known[1])
    first = read(path)
    assert read(path) is first
    save(path, x_train=known[0][:100], y_train=known[1][:100])
    assert len(whole(read(path))) == 100
