"""A sweep on a Ray cluster of this machine alone, which the trainer starts and ends itself."""

import functools

import numpy as np
import psutil
import pytest

from model.data import load_data
from model.runs import Settings, list_trials, read_history, read_outcomes, read_run_file, trial_folder
from tests.support import trainer
from tests.support.cluster import PATIENCE, require_ray

pytestmark = [pytest.mark.services, pytest.mark.timeout(2 * PATIENCE)]
finish = functools.partial(trainer.finish, patience=PATIENCE)
wait_for = functools.partial(trainer.wait_for, patience=PATIENCE)
SMALL = ["--network", "dense-128x2", "--images", 300, "--epochs", 4]
SWEEP = ["--sweep", "learning_rate=0.003,0.000001,0.0000001", "--seeds", 2, "--engine", "ray"]


@pytest.fixture(autouse=True)
def ray_alone(monkeypatch):
    require_ray()
    monkeypatch.delenv("RAY_ADDRESS", raising=False)


def _lives(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it has ended between the two
        return False


def test_hopeless_trials_are_ended_early_and_a_killed_sweep_goes_on_where_it_was(launch, tmp_path):
    digits = load_data("digits").train
    np.savez(tmp_path / "mine.npz", images=digits.images, labels=digits.labels)  # prepared once for all trials
    folder = tmp_path / "runs" / "mine"
    process = launch(*SMALL, *SWEEP, "--data", tmp_path / "mine.npz")
    settings = Settings.of("dense-128x2", images=300, epochs=4, sweep=SWEEP[1], seeds=2, engine="ray")
    wait_for(lambda: any(each.status == "done" for each in read_outcomes(folder, settings)), process)
    started = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    wait_for(lambda: not any(map(_lives, started)))
    before = {each.trial.number: each for each in read_outcomes(folder, settings) if each.status in ("done", "stopped")}
    files = {number: (trial_folder(folder, number) / "history.csv").read_bytes() for number in before}

    status, said, complaint = finish(launch("--resume"))
    assert (status, complaint) == (0, "")
    outcomes = read_outcomes(folder, settings)
    assert {number: outcomes[number - 1] for number in before} == before  # what was over is not trained again
    assert {number: (trial_folder(folder, number) / "history.csv").read_bytes() for number in files} == files
    assert {each.status for each in outcomes} == {"done", "stopped"}
    assert all(each.epochs == 4 for each in outcomes if each.status == "done")
    assert all(each.epochs < 4 for each in outcomes if each.status == "stopped")
    run = read_run_file(folder)
    best = outcomes[run["metrics"]["sweep"]["best"] - 1]
    assert best.trial.values == {"learning_rate": 0.003}
    assert best.accuracy == max(each.accuracy for each in outcomes)
    assert (folder / "model.keras").read_bytes() == (
        trial_folder(folder, best.trial.number) / "model.keras"
    ).read_bytes()
    assert read_history(folder) == read_history(trial_folder(folder, best.trial.number))
    trained = sum(each.epochs for each in outcomes)
    assert f"{trained} of 24 epochs were trained" in said
    assert len(list_trials(settings)) == 6
