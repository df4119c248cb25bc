"""How images are divided into folds, and how they are trained one after the other."""

import numpy as np

from model.data import Images
from model.runs import fold_folder, read_frames, read_readings
from model.training.cross_validation import divide
from tests.support.trainer import train_here


def test_every_image_is_held_out_once_and_shuffled_as_in_the_tutorial():
    images = Images(np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8), np.arange(10))
    parts = list(divide(images, 5))
    assert [sorted(held_out.labels) for _, held_out in parts] == [[2, 9], [4, 6], [0, 3], [1, 7], [5, 8]]
    for training, held_out in parts:
        assert sorted([*training.labels, *held_out.labels]) == list(range(10))
        assert (training.images[:, 0, 0] == training.labels).all()
        assert (held_out.images[:, 0, 0] == held_out.labels).all()


def test_many_networks_in_one_process_bring_no_warning(tmp_path, capfd, caplog):
    flags = ["--data", "digits", "--network", "dense-128x2", "--images", 20, "--folds", 6, "--epochs", 1]
    status, said, complaint = train_here(*flags, "--out", tmp_path / "six")
    assert (status, len(said.splitlines()), complaint) == (0, 13, "")
    for number in range(1, 7):
        part = fold_folder(tmp_path / "six", number)
        assert bool(read_readings(part)) == (read_frames(part) is not None) == (number == 6)  # what the page shows
    assert caplog.messages == []
    assert capfd.readouterr() == ("", "")
