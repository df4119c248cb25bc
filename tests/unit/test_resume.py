"""A training that is cut off after any epoch ends as one that nobody disturbed."""

import numpy as np
import pytest

from model import training
from model.errors import InputError
from model.folds import train_folds
from model.history import read_history
from model.settings import default_settings
from model.training import train

EPOCHS = 2
CASES = {  # settings, and after which times it was saved: with dropout, and with all that the reader adds
    "keras-cnn": ({"augment": True}, (1, EPOCHS, EPOCHS + 1)),
    "reader": ({"images": 100}, (1,)),
}


class Killed(BaseException):
    """In the place of a signal that nobody can catch."""


@pytest.fixture
def cut_off(monkeypatch):
    """Trains, and is killed right after it has saved for the n-th time. What the run says is lost with it."""

    def cut_off(folder, settings, after):
        saved = []

        def save(*given):
            whole(*given)
            saved.append(given)
            if len(saved) == after:
                raise Killed

        whole = training.save
        with monkeypatch.context() as patched:
            patched.setattr(training, "save", save)
            with pytest.raises(Killed):
                train(folder, {"settings": settings, "progress": {}})

    return cut_off


def finish(folder, settings):
    """The curves without their seconds, and the metrics."""
    run = {"settings": settings, "progress": {}}
    train(folder, run)
    return [{**row, "seconds": 0} for row in read_history(folder)], run["metrics"]


@pytest.mark.parametrize("network", CASES)
def test_a_resumed_training_ends_as_an_undisturbed_one(tmp_path, cut_off, network):
    """After its first epoch, after its last, and after the network was saved for good."""
    given, times = CASES[network]
    settings = default_settings(network) | {"data": "digits", "images": 200, "epochs": EPOCHS, "strokes": None} | given
    (tmp_path / "whole").mkdir()
    curves, metrics = finish(tmp_path / "whole", settings)
    assert len(curves) == EPOCHS
    for after in times:
        folder = tmp_path / f"after-{after}"
        folder.mkdir()
        cut_off(folder, settings, after)
        again, found = finish(folder, settings)
        assert again == curves, f"cut off after {after}"
        assert found == pytest.approx(metrics, rel=1e-4), f"cut off after {after}"


@pytest.mark.parametrize(("do", "folds"), [(train, None), (train_folds, 2)])
def test_a_run_does_not_go_on_with_other_data(tmp_path, do, folds):
    """Not even of the same labels. With its own again, it does."""
    path, labels = tmp_path / "mnist.npz", np.arange(40, dtype=np.uint8) % 10
    settings = default_settings("dense-128x2", folds) | {"data": str(path), "epochs": 1}
    run = {"settings": settings, "progress": {}}

    def write(grey):
        images = np.full((40, 28, 28), grey, np.uint8)
        np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)

    write(90)
    do(tmp_path, run)
    write(91)
    with pytest.raises(InputError, match="not what this run began with"):
        do(tmp_path, run)
    write(90)
    do(tmp_path, run)
