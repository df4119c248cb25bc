"""A training that is cut off after any epoch ends as one that nobody disturbed."""

import numpy as np
import pytest

from model import InputError
from model.networks import NETWORKS
from model.runs import read_history, read_run_file, write_run_file
from model.runs.settings import default_settings
from model.training import train
from model.training.fit import fit as training
from tests.unit.test_train import finish as end_of
from tests.unit.test_train import start

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


@pytest.mark.parametrize(("saved", "name"), [("quick", "reader"), ("dense-512", "dense-128x2")])
def test_a_run_does_not_go_on_with_other_layers(tmp_path, saved, name):
    """As when a network got new layers between two versions."""
    before = NETWORKS[saved].build(steps=10, to_train=True)
    before.optimizer.build(before.trainable_variables)
    before.save(tmp_path / "model.keras")
    settings = default_settings(name) | {"data": "digits", "images": 50, "epochs": 3, "strokes": None}
    with pytest.raises(InputError, match="other layers than this network has now"):
        train(tmp_path, {"settings": settings, "progress": {}})


@pytest.mark.parametrize("folds", [None, 2])
def test_a_run_does_not_go_on_with_other_data(tmp_path, folds):
    """Not even of the same labels, and nothing of it is changed. With its own again, it does."""
    path, labels = tmp_path / "mnist.npz", np.arange(40, dtype=np.uint8) % 10
    folder = tmp_path / "run"

    def write(grey):
        images = np.full((40, 28, 28), grey, np.uint8)
        np.savez(path, x_train=images, y_train=labels, x_test=images[:, :, ::-1] // 2, y_test=labels)

    write(90)
    flags = ["--network", "dense-128x2", "--data", path, "--epochs", 1, *(["--folds", folds] if folds else [])]
    assert end_of(start(*flags, "--out", folder))[0] == 0
    write_run_file(folder, read_run_file(folder) | {"status": "cancelled"})
    write(91)
    status, _, complaint = end_of(start("--resume", "--out", folder))
    assert (status, "not what the run" in complaint) == (2, True)
    assert read_run_file(folder)["status"] == "cancelled"
    write(90)
    assert end_of(start("--resume", "--out", folder))[0] == 0
    assert read_run_file(folder)["status"] == "done"
