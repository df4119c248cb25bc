"""Trainings that take turns, as the page queues, starts and cancels them."""

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from model import InputError
from model.runs import (
    MAX_WAITING,
    MAX_WAITING_EACH,
    Settings,
    cancel_training,
    current_training,
    find_run,
    is_training,
    list_runs,
    queue_again,
    queue_training,
    read_run_file,
    running_run,
    start_next,
    training_lock,
    waiting_runs,
    write_run_file,
)
from model.runs import queue as queue_module
from tests.support.runs import DAMAGES, make_run, make_usable_run, write_npz
from tests.support.services import posix
from tests.support.trainer import end_trainings, train_here, wait_for, wait_until_it_trains

MAX_SECONDS = 10  # for cancelling; on an idle machine it takes two
LONG = Settings.of("dense-128x2", data="digits", epochs=500)


def another(seed):
    return Settings.of("dense-128x2", data="digits", epochs=500, seed=seed)


@pytest.fixture
def runs(tmp_path):
    """A folder of runs in which nothing trains any more once the test is over."""
    yield tmp_path / "runs"
    end_trainings(tmp_path / "runs")


def names(runs):
    return [run.name for run in waiting_runs(runs)]


def test_of_two_one_trains_and_the_other_begins_when_that_is_over(runs):
    first, _ = queue_training(runs, LONG, "ann")
    second, _ = queue_training(runs, another(1), "ben")
    assert names(runs) == [first, second]
    for _ in range(3):  # pages may look at the same moment
        start_next(runs)
    wait_until_it_trains(runs / first)
    start_next(runs)
    assert names(runs) == [second]
    trainer = psutil.Process(current_training(runs)["pid"])
    if sys.platform != "win32":
        assert trainer.nice() > psutil.Process().nice()
        assert os.getsid(trainer.pid) != os.getsid(0)
    status, _, complaint = train_here("--data", "digits", "--out", runs / "third")
    assert status == 75
    assert "Another training is running" in complaint
    assert not (runs / "third").exists()

    # Whatever it is busy with: by now, with importing TensorFlow.
    began = time.monotonic()
    cancel_training(runs, first)
    assert time.monotonic() - began < MAX_SECONDS
    assert find_run(runs, first).status == "cancelled"
    wait_for(lambda: start_next(runs) or read_run_file(runs / second)["status"] == "running")
    cancel_training(runs, first)  # pressed once more, on a page that has not heard of it yet
    assert running_run(runs) == second
    assert (find_run(runs, first).owner, find_run(runs, second).owner) == ("ann", "ben")
    assert find_run(runs, second).ticket == 0


@posix
def test_a_trainer_that_does_not_respond_is_ended_all_the_same(runs):
    name, _ = queue_training(runs, LONG)
    start_next(runs)
    wait_until_it_trains(runs / name)
    psutil.Process(current_training(runs)["pid"]).send_signal(signal.SIGSTOP)
    began = time.monotonic()
    cancel_training(runs, name)
    assert time.monotonic() - began < MAX_SECONDS
    assert [run.status for run in list_runs(runs)] == ["cancelled"]


def test_a_training_that_has_hardly_been_started_is_withdrawn(runs):
    name, _ = queue_training(runs, LONG)
    start_next(runs)
    cancel_training(runs, name)
    assert list_runs(runs) == []
    assert not is_training(runs)


def test_the_queue_survives_the_page(runs, monkeypatch):
    name, _ = queue_training(runs, LONG, "ann")
    monkeypatch.setattr(queue_module, "_launches", {})  # as in a page that has just been started
    start_next(runs)
    wait_until_it_trains(runs / name)
    monkeypatch.setattr(queue_module, "_launches", {})
    start_next(runs)
    cancel_training(runs, name)
    assert [run.status for run in list_runs(runs)] == ["cancelled"]


def test_a_visitor_can_queue_so_many_and_all_together_so_many(runs, monkeypatch):
    for seed in range(MAX_WAITING_EACH):
        queue_training(runs, another(seed), "ann")
    with pytest.raises(InputError, match=f"You have {MAX_WAITING_EACH} trainings in the queue"):
        queue_training(runs, another(100), "ann")
    monkeypatch.setattr(queue_module, "MAX_WAITING", MAX_WAITING_EACH + 1)
    assert MAX_WAITING > MAX_WAITING_EACH + 1
    queue_training(runs, another(0), "ben")
    with pytest.raises(InputError, match="wait until one begins"):
        queue_training(runs, another(0), "eve")
    cancel_training(runs, names(runs)[0])
    queue_training(runs, another(0), "eve")
    assert [run.owner for run in waiting_runs(runs)] == ["ann", "ann", "ben", "eve"]


def test_the_same_training_is_not_queued_twice(runs):
    """As by a double click."""
    queue_training(runs, LONG, "ann")
    with pytest.raises(InputError, match="The same training is under way"):
        queue_training(runs, LONG, "ann")
    queue_training(runs, LONG, "ben")
    assert len(names(runs)) == 2


def test_a_stopped_run_waits_at_the_end_of_the_queue_and_keeps_what_it_has_if_it_is_withdrawn(runs):
    make_usable_run(runs, "stopped", status="cancelled")
    first, _ = queue_training(runs, LONG)
    queue_again(runs, "stopped")
    assert names(runs) == [first, "stopped"]
    with pytest.raises(InputError, match="nothing to resume"):
        queue_again(runs, "stopped")
    cancel_training(runs, "stopped")
    assert find_run(runs, "stopped").status == "cancelled"
    assert (runs / "stopped" / "model.keras").exists()


def test_what_cannot_begin_says_why_and_lets_the_next_one_begin(runs, tmp_path):
    write_npz(tmp_path / "mine.npz")
    lost, _ = queue_training(runs, Settings.of("dense-128x2", data=str(tmp_path / "mine.npz")))
    (tmp_path / "mine.npz").unlink()
    make_run(runs, "damaged", status="queued", ticket=2, model=None, settings={"network": "no such"})
    last, _ = queue_training(runs, LONG)
    assert names(runs) == [lost, "damaged", last]
    wait_for(lambda: start_next(runs) or running_run(runs) == last)
    assert find_run(runs, lost).status == find_run(runs, "damaged").status == "failed"
    assert "mine.npz" in find_run(runs, lost).error
    assert "no such" in find_run(runs, "damaged").error


def test_while_somebody_else_trains_a_trainer_leaves_its_run_waiting(runs):
    name, _ = queue_training(runs, LONG)
    with training_lock(runs):
        status, _, complaint = train_here("--queued", "--out", runs / name)
        assert (status, "Another training" in complaint) == (75, True)
        start_next(runs)
        assert not queue_module._launches.get(runs)
    assert names(runs) == [name]
    write_run_file(runs / name, read_run_file(runs / name) | {"status": "cancelled"})
    status, _, complaint = train_here("--queued", "--out", runs / name)
    assert (status, "no longer waits" in complaint) == (2, True)


def test_a_relative_path_names_the_same_file_to_the_page_and_the_trainer(tmp_path, monkeypatch):
    """Wherever the page was started."""
    write_npz(tmp_path / "mine.npz")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGITS_MNIST", "mine.npz")
    name, _ = queue_training(Path("runs"), Settings.of("dense-128x2"))
    start_next(Path("runs"))
    wait_for(lambda: read_run_file(tmp_path / "runs" / name)["status"] != "queued")
    cancel_training(Path("runs"), name)
    assert [run.status for run in list_runs(tmp_path / "runs")] == ["cancelled"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_data_set_is_refused_before_anything_starts(tmp_path, damage):
    write_npz(tmp_path / "mine.npz", damage)
    with pytest.raises(InputError, match=r"mine\.npz"):
        queue_training(tmp_path / "runs", Settings.of("quick", data=str(tmp_path / "mine.npz")))
    assert not (tmp_path / "runs").exists()
