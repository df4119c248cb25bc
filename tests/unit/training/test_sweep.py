"""A sweep without a cluster, in this process."""

import keras
import numpy as np
import pytest

from model import load_recognizer
from model.data import load_data
from model.errors import DivergedError
from model.runs import Record, Settings, load_run, read_outcomes, read_run_file, trial_folder
from model.training import run_trial
from tests.support.trainer import train_here


@pytest.fixture
def data(tmp_path):
    """Data that is prepared once for all trials."""
    digits = load_data("digits").train
    np.savez(tmp_path / "mine.npz", images=digits.images[:600], labels=digits.labels[:600])
    return tmp_path / "mine.npz"


def test_every_trial_is_a_run_and_the_best_network_is_kept(data, tmp_path):
    folder = tmp_path / "runs" / "mine"
    flags = ["--network", "dense-128x2", "--data", data, "--epochs", 2, "--images", 200]
    status, said, complaint = train_here(*flags, "--sweep", "learning_rate=0.0000001,0.01", "--out", folder)
    assert (status, complaint) == (0, "")
    assert "Best of 2 combinations: learning rate 0.01" in said
    run = load_run(folder, training=False)
    outcomes = read_outcomes(folder, run.sweep)
    assert [(each.status, each.epochs) for each in outcomes] == [("done", 2)] * 2
    best = read_run_file(trial_folder(folder, 2))["metrics"]
    swept = {"best": 2, "accuracy": outcomes[1].accuracy, "epochs": 4, "planned_epochs": 4}
    assert read_run_file(folder)["metrics"] == best | {"sweep": swept}
    assert best["training_images"] == 200
    assert load_run(trial_folder(folder, 1), training=False).usable
    assert load_recognizer(folder / "model.keras").predict(np.zeros((1, 28, 28), np.float32)).shape == (1, 10)


def test_a_trial_whose_loss_is_no_number_has_failed_and_stops_no_other(data, tmp_path):
    def diverge(*_):
        raise DivergedError("The loss is no longer a number.")

    settings = Settings.of("dense-128x2", data=str(data), images=20, epochs=1, held_out=100)
    record = Record(settings, {})
    run_trial(tmp_path, record, tmp_path, lambda: None, [keras.callbacks.LambdaCallback(on_epoch_begin=diverge)])
    run = read_run_file(tmp_path)
    assert (run["status"], run["error"]) == ("failed", "The loss is no longer a number.")
