"""The trainer as a process, as a person or the page starts it, and what it leaves when it is treated badly."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import psutil
import pytest

import train
from model import InputError, load_recognizer
from model.data import load_data
from model.paths import TRAIN_SCRIPT
from model.runs import (
    EMBEDDED_TRAINING_IMAGES,
    cancel_training,
    check_data,
    is_training,
    list_runs,
    load_run,
    read_history,
    read_run_file,
    running_run,
    start_training,
)
from model.runs.settings import default_settings
from tests.support.written import HANDS

SMALL = ["--data", "digits", "--network", "dense-128x2", "--seed", "3"]
PATIENCE = 100  # seconds; a busy machine takes tens of them to import TensorFlow
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")


def start(*flags, **settings):
    return subprocess.Popen(
        [sys.executable, str(TRAIN_SCRIPT), *map(str, flags)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **settings,
    )


def finish(process):
    """Exit status, what it said, and what it complained about."""
    said, complaint = process.communicate(timeout=PATIENCE)
    return process.returncode, said, complaint


@pytest.fixture
def here(capsys):
    """The trainer in this process, for what ends before anything starts: exit status, what it said, its complaint."""

    def run(*flags):
        try:
            status = train.main([*map(str, flags)])
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    signals = [signal.SIGINT, signal.SIGTERM]
    before = [signal.getsignal(each) for each in signals]
    yield run
    for each, handler in zip(signals, before, strict=True):
        signal.signal(each, handler)


def wait_for(condition, process=None):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
    return found


def without_seconds(rows):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run of six epochs to its end, and what the trainer said."""
    folder = tmp_path_factory.mktemp("runs") / "finished"
    return folder, finish(start(*SMALL, "--epochs", 6, "--out", folder))


def test_a_run_leaves_settings_curves_and_a_network(finished):
    folder, (status, said, complaint) = finished
    assert (status, complaint) == (0, "")
    assert len(said.splitlines()) == 7  # one an epoch, and the end
    run, rows = read_run_file(folder), read_history(folder)
    assert (run["status"], run["error"]) == ("done", None)
    assert run["settings"] == default_settings("dense-128x2") | {"data": "digits", "epochs": 6, "seed": 3}
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[-1]["accuracy"] > rows[0]["accuracy"]
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert run["metrics"]["test_accuracy"] == rows[-1]["val_accuracy"] > 0.85
    assert run["metrics"]["training_images"] == EMBEDDED_TRAINING_IMAGES
    assert sorted(path.name for path in folder.iterdir()) == ["history.csv", "model.keras", "run.json"]
    test = load_data("digits").test
    read = load_recognizer(folder / "model.keras").predict(test.images.astype(np.float32) / 255).argmax(axis=1)
    assert (read == test.labels).mean() == pytest.approx(run["metrics"]["test_accuracy"], abs=1e-6)


def test_strokes_of_ones_own_teach_the_reader(tmp_path):
    """Those of one person, too. The network is saved in full precision, and knows how certain it has to be."""
    entries = [
        {"digit": digit, "writer": 1, "strokes": [stroke.tolist() for stroke in strokes]}
        for digit, strokes in HANDS.values()
    ]
    (tmp_path / "mine.json").write_text(json.dumps(entries), encoding="utf-8")
    out = tmp_path / "mine"
    flags = ["--network", "reader", "--data", "digits", "--images", 100, "--epochs", 1]
    status, _, complaint = finish(start(*flags, "--strokes", tmp_path / "mine.json", "--out", out))
    assert (status, complaint) == (0, "")
    recognizer = load_recognizer(out / "model.keras")
    assert 0.1 <= recognizer.threshold <= 1
    with zipfile.ZipFile(out / "model.keras") as archive:
        assert b"bfloat16" not in archive.read("config.json")


def test_a_run_that_is_there_is_refused_and_left_alone(finished):
    folder, _ = finished
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for flags, remedy in (
        ([*SMALL, "--out", folder], "another --out"),
        (["--resume", "--out", folder], "nothing to resume"),
    ):
        status, _, complaint = finish(start(*flags))
        assert status == 2
        assert remedy in complaint
        assert len(complaint.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_run_may_start_from_another_network(finished, tmp_path):
    folder, _ = finished
    flags = [*SMALL, "--epochs", 1, "--start", folder / "model.keras"]
    assert finish(start(*flags, "--out", tmp_path / "second"))[0] == 0
    assert read_history(tmp_path / "second")[0]["accuracy"] > read_history(folder)[0]["accuracy"] + 0.2
    for file, complaint in (
        (folder / "history.csv", "damaged or of another network"),
        (folder / "missing.keras", "There is no network at"),
    ):
        status, _, said = finish(start(*SMALL, "--epochs", 1, "--start", file, "--out", tmp_path / file.name))
        assert status == 2
        assert complaint in said
        assert len(said.splitlines()) == 1
    other = ["--data", "digits", "--network", "dense-512", "--epochs", 1, "--start", folder / "model.keras"]
    status, _, said = finish(start(*other, "--out", tmp_path / "other"))
    assert status == 2
    assert "of another network" in said


@posix_only
def test_a_killed_trainer_costs_an_epoch_at_most(finished, tmp_path):
    """Killed during an epoch and while saving; the curves in the end are those of a run that nobody disturbed."""
    folder = tmp_path / "killed"
    process = start(*SMALL, "--epochs", 6, "--out", folder)
    wait_for(lambda: len(read_history(folder)) >= 2, process)
    assert running_run(tmp_path) == "killed"
    process.kill()
    process.communicate()
    (run,) = list_runs(tmp_path)
    assert run.status == "failed"
    assert "stopped unexpectedly" in run.error
    assert not is_training(tmp_path)
    rows = read_history(folder)
    load_recognizer(folder / "model.keras")

    process = start("--resume", "--out", folder)
    wait_for(lambda: list(folder.glob(".model-*.keras")), process)
    process.kill()
    process.communicate()
    assert without_seconds(read_history(folder)[: len(rows) - 1]) == without_seconds(rows[:-1])
    load_recognizer(folder / "model.keras")

    assert finish(start("--resume", "--out", folder))[0] == 0
    assert without_seconds(read_history(folder)) == without_seconds(read_history(finished[0]))
    assert sorted(path.name for path in folder.iterdir()) == ["history.csv", "model.keras", "run.json"]


@posix_only
def test_ctrl_c_keeps_what_there_is(tmp_path):
    folder = tmp_path / "stopped"
    process = start(*SMALL, "--epochs", 500, "--out", folder)
    wait_for((folder / "model.keras").exists, process)
    process.send_signal(signal.SIGINT)
    status, said, complaint = finish(process)
    assert (status, complaint) == (130, "")
    assert "Cancelled" in said
    assert read_run_file(folder)["status"] == "cancelled"
    assert read_history(folder)
    load_recognizer(folder / "model.keras")


@posix_only
def test_a_full_disk_is_told_and_ends_the_run(tmp_path):
    import resource

    folder = tmp_path / "full"
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # noqa: E731
    status, _, complaint = finish(start(*SMALL, "--epochs", 2, "--out", folder, preexec_fn=limit))
    assert status == 1
    assert len(complaint.splitlines()) == 1
    assert "free some space" in complaint
    run = load_run(folder, training=False)
    assert run.status == "failed"
    assert "free some space" in run.error
    assert len(read_history(folder)) == 1
    assert not run.usable
    assert sorted(path.name for path in folder.iterdir()) == ["history.csv", "run.json"]


def test_of_two_that_start_at_once_one_trains_and_can_be_cancelled(tmp_path):
    settings = default_settings("dense-128x2") | {"data": "digits", "epochs": 500}
    launches = [start_training(tmp_path, settings) for _ in range(2)]
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
    with pytest.raises(InputError, match="already"):
        start_training(tmp_path, settings)
    status, _, complaint = finish(start(*SMALL, "--out", tmp_path / "third"))
    assert status == 2
    assert "Another training is running" in complaint

    # At whatever it is busy with, which by now is the import of TensorFlow.
    began = time.monotonic()
    cancel_training(tmp_path, winner)
    assert time.monotonic() - began < 10  # on an idle machine: two
    (run,) = list_runs(tmp_path)
    assert run.status == "cancelled"
    assert not is_training(tmp_path)


@posix_only
def test_a_trainer_that_does_not_listen_is_ended_all_the_same(tmp_path):
    launch = start_training(tmp_path, default_settings("dense-128x2") | {"data": "digits"})
    wait_for(lambda: running_run(tmp_path))
    launch.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    cancel_training(tmp_path, launch)
    assert time.monotonic() - began < 10  # on an idle machine: two
    assert [run.status for run in list_runs(tmp_path)] == ["cancelled"]


def test_the_trainer_means_the_files_that_the_page_means_wherever_it_was_started(tmp_path, monkeypatch):
    damaged_npz(tmp_path / "mine.npz", None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGITS_MNIST", "mine.npz")
    launch = start_training(Path("runs"), default_settings("dense-128x2"))
    wait_for(lambda: running_run(tmp_path / "runs") or launch.failure())
    assert launch.failure() is None
    cancel_training(Path("runs"), launch)
    assert [run.status for run in list_runs(tmp_path / "runs")] == ["cancelled"]


@pytest.mark.parametrize(
    ("flags", "remedy"),
    [
        (["--network", "nothing"], "keras-cnn"),
        (["--epochs", "0"], "from 1"),
        (["--epochs", "many"], "--help"),
        (["--batch-size", "-5"], "from 1"),
        (["--learning-rate", "0"], "above 0"),
        (["--learning-rate", "nan"], "above 0"),
        (["--seed", "-1"], "from 0"),
        (["--images", "1439"], "1,438"),
        (["--data", "nowhere.npz"], "give mnist, digits or the path"),
        (["--strokes", "nowhere.json"], "check the path"),
        (["--resume"], "--out"),
    ],
)
def test_bad_settings_are_told_in_a_line_and_nothing_is_started(tmp_path, flags, remedy, here):
    out = [] if flags == ["--resume"] else ["--out", tmp_path / "runs" / "bad"]
    status, said, complaint = here("--data", "digits", *out, *flags)
    assert (status, said) == (2, "")
    assert len(complaint.splitlines()) == 1
    assert remedy in complaint
    assert not (tmp_path / "runs").exists()


def test_a_run_can_go_on_from_another_folder(tmp_path, monkeypatch):
    damaged_npz(tmp_path / "mine.npz", None)
    monkeypatch.chdir(tmp_path)
    settings = train.choose_settings(train.parse_arguments(["--data", "mine.npz"]))
    assert settings["data"] == str(tmp_path / "mine.npz")


def damaged_npz(path, damage, count=20):
    arrays = {
        "x_train": np.zeros((count, 28, 28), np.uint8),
        "y_train": np.zeros(count, np.uint8),
        "x_test": np.zeros((5, 28, 28), np.uint8),
        "y_test": np.zeros(5, np.uint8),
    }
    if damage == "missing":
        del arrays["y_test"]
    if damage == "shape":
        arrays["x_train"] = np.zeros((20, 32, 32), np.uint8)
    if damage == "labels":
        arrays["y_train"] = np.full(20, 10, np.uint8)
    np.savez(path, **arrays)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:2_000])
    if damage == "no npz":
        path.write_text("I am a text.")


def test_images_too_few_to_keep_some_back_are_told_before_anything_starts(tmp_path):
    """Five; of six, one is kept back."""
    path = tmp_path / "mine.npz"
    damaged_npz(path, None, count=6)
    check_data(default_settings("reader") | {"data": str(path), "strokes": None})
    damaged_npz(path, None, count=5)
    check_data(default_settings("quick") | {"data": str(path)})
    with pytest.raises(InputError, match="at least 6 to train on, not 5"):
        check_data(default_settings("reader") | {"data": str(path), "strokes": None})


@pytest.mark.parametrize("damage", ["missing", "shape", "labels", "truncated", "no npz"])
def test_a_wrong_file_is_told_before_anything_starts(tmp_path, damage):
    damaged_npz(tmp_path / "mine.npz", damage)
    settings = default_settings("quick") | {"data": str(tmp_path / "mine.npz")}
    with pytest.raises(InputError, match=r"mine\.npz"):
        check_data(settings)
    with pytest.raises(InputError, match=r"mine\.npz"):
        start_training(tmp_path / "runs", settings)
    assert not (tmp_path / "runs").exists()


def test_a_file_where_the_folder_of_runs_should_be(tmp_path):
    (tmp_path / "runs").write_text("mine")
    status, _, complaint = finish(start(*SMALL, "--out", tmp_path / "runs" / "new"))
    assert status == 2
    assert len(complaint.splitlines()) == 1
    assert "cannot hold runs" in complaint
    assert (tmp_path / "runs").read_text() == "mine"


@pytest.mark.parametrize("damage", ["status", "settings", "half"])
def test_a_run_that_was_edited_is_not_resumed_blindly(finished, tmp_path, damage):
    folder = tmp_path / "edited"
    shutil.copytree(finished[0], folder)
    run = read_run_file(folder) | {"status": "cancelled"}
    if damage == "settings":
        run["settings"]["epochs"] = "many"
    text = json.dumps(run)
    (folder / "run.json").write_text(text[: len(text) // 2] if damage == "half" else text)
    if damage == "status":
        (folder / "model.keras").write_bytes(b"no network")
        status, _, complaint = finish(
            start("--resume", "--out", folder, env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"})
        )
    else:
        status, _, complaint = finish(start("--resume", "--out", folder))
    assert status == 2
    assert len(complaint.splitlines()) == 1
    assert len(read_history(folder)) == 6


def test_the_help_names_every_network_with_its_source():
    status, said, _ = finish(start("--help"))
    assert status == 0
    for word in ("quick", "keras-cnn", "1,199,882", "SitePoint", "--resume", "--augment"):
        assert word in said
