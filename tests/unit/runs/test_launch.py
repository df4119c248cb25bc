"""The trainer as the page starts and cancels it."""

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from model import InputError
from model.runs import Settings, cancel_training, is_training, list_runs, running_run, start_training
from tests.support.runs import DAMAGES, write_npz
from tests.support.trainer import posix_only, train_here, wait_for

MAX_SECONDS = 10  # for cancelling; on an idle machine it takes two
LONG = Settings.of("dense-128x2", data="digits", epochs=500)


def test_of_two_that_start_at_once_one_trains_and_can_be_cancelled(tmp_path):
    launches = [start_training(tmp_path, LONG) for _ in range(2)]
    loser = wait_for(lambda: next((each for each in launches if each.process.poll() is not None), None))
    winner = launches[1 - launches.index(loser)]
    assert loser.process.returncode == 2
    assert "Another training is running" in loser.failure()
    wait_for(lambda: running_run(tmp_path))
    assert len(list_runs(tmp_path)) == 1
    assert winner.process.poll() is None
    if sys.platform != "win32":
        assert psutil.Process(winner.process.pid).nice() > psutil.Process().nice()
        assert os.getsid(winner.process.pid) != os.getsid(0)
    with pytest.raises(InputError, match="Another training is running"):
        start_training(tmp_path, LONG)
    status, _, complaint = train_here("--data", "digits", "--out", tmp_path / "third")
    assert status == 2
    assert "Another training is running" in complaint

    # Whatever it is busy with: by now, with importing TensorFlow.
    began = time.monotonic()
    cancel_training(tmp_path, winner)
    assert time.monotonic() - began < MAX_SECONDS
    (run,) = list_runs(tmp_path)
    assert run.status == "cancelled"
    assert not is_training(tmp_path)


@posix_only
def test_a_trainer_that_does_not_respond_is_ended_all_the_same(tmp_path):
    launch = start_training(tmp_path, LONG)
    wait_for(lambda: running_run(tmp_path))
    launch.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    cancel_training(tmp_path, launch)
    assert time.monotonic() - began < MAX_SECONDS
    assert [run.status for run in list_runs(tmp_path)] == ["cancelled"]


def test_a_relative_path_names_the_same_file_to_the_page_and_the_trainer(tmp_path, monkeypatch):
    """Wherever the page was started."""
    write_npz(tmp_path / "mine.npz")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGITS_MNIST", "mine.npz")
    launch = start_training(Path("runs"), Settings.of("dense-128x2"))
    wait_for(lambda: running_run(tmp_path / "runs") or launch.failure())
    assert launch.failure() is None
    cancel_training(Path("runs"), launch)
    assert [run.status for run in list_runs(tmp_path / "runs")] == ["cancelled"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_data_set_is_refused_before_anything_starts(tmp_path, damage):
    write_npz(tmp_path / "mine.npz", damage)
    with pytest.raises(InputError, match=r"mine\.npz"):
        start_training(tmp_path / "runs", Settings.of("quick", data=str(tmp_path / "mine.npz")))
    assert not (tmp_path / "runs").exists()
