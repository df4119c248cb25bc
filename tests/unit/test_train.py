"""The trainer's command line, and what it leaves behind when it is interrupted.

It runs in this process, except where the process itself matters because it gets a signal.
"""

import json
import os
import shutil
import signal

import numpy as np
import pytest

from model import load_recognizer
from model.data import load_data
from model.runs import (
    EMBEDDED_TRAINING_IMAGES,
    Record,
    Settings,
    is_training,
    list_runs,
    load_run,
    read_about,
    read_folds,
    read_history,
    read_run_file,
    running_run,
    summarise,
)
from model.training.cross_validation import divide
from model.training.fit import fit
from tests.support.services import posix
from tests.support.trainer import finish, start, train_here, wait_for, without_seconds

SMALL = ["--data", "digits", "--network", "dense-128x2", "--seed", "3"]
EPOCHS = 10
FILES = ["filters.npz", "history.csv", "model.keras", "moments.csv", "readings.csv", "run.json"]
FOLDS, EPOCHS_OF_FOLD = 3, 3


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished run, and exit status, stdout and stderr of its trainer. Tests must not modify it."""
    folder = tmp_path_factory.mktemp("runs") / "finished"
    return folder, train_here(*SMALL, "--epochs", EPOCHS, "--out", folder)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A run that was killed while it saved its network; beside it, the temporary folder of its trainer."""
    runs = tmp_path_factory.mktemp("runs")
    folder, temp = runs / "killed", runs / "temp"
    temp.mkdir()
    process = start(*SMALL, "--epochs", EPOCHS, "--out", folder, env=os.environ | {"TMPDIR": str(temp)})
    wait_for(lambda: len(read_history(folder)) >= 2 and list(folder.glob(f".model-{process.pid}-*.keras")), process)
    assert running_run(runs) == "killed"
    process.kill()
    process.communicate()
    return folder


def test_a_run_leaves_settings_curves_and_a_network(finished):
    folder, (status, said, complaint) = finished
    assert (status, complaint) == (0, "")
    assert len(said.splitlines()) == EPOCHS + 1  # one for each epoch, and one at the end
    run, rows = read_run_file(folder), read_history(folder)
    assert (run["status"], run["error"]) == ("done", None)
    assert run["settings"] == Settings.of("dense-128x2", data="digits", epochs=EPOCHS, seed=3).to_json()
    assert [row["epoch"] for row in rows] == list(range(1, EPOCHS + 1))
    assert rows[-1]["accuracy"] > rows[0]["accuracy"]
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert run["metrics"]["test_accuracy"] == rows[-1]["val_accuracy"] > 0.85
    assert run["metrics"]["training_images"] == EMBEDDED_TRAINING_IMAGES
    assert sorted(path.name for path in folder.iterdir()) == FILES
    test = load_data("digits").test
    read = load_recognizer(folder / "model.keras").predict(test.images.astype(np.float32) / 255).argmax(axis=1)
    assert (read == test.labels).mean() == pytest.approx(run["metrics"]["test_accuracy"], abs=1e-6)


def test_data_that_does_not_lie_upright_is_set_right_or_left_and_that_is_said(tmp_path):
    digits = load_data("digits").train
    flipped = digits.images.transpose(0, 2, 1)
    np.savez(tmp_path / "mine.npz", images=flipped, labels=digits.labels)
    flags = ["--network", "dense-128x2", "--data", tmp_path / "mine.npz", "--epochs", 1]
    for name, more, said in (("mended", [], "set right"), ("left", ["--no-mend"], "left as they are")):
        status, words, complaint = train_here(*flags, *more, "--out", tmp_path / name)
        assert (status, complaint) == (0, "")
        assert "transposed" in words and said in words
        assert read_run_file(tmp_path / name)["settings"]["mend"] == (name == "mended")
    scores = [read_run_file(tmp_path / name)["metrics"]["real_drawings"]["right"] for name in ("mended", "left")]
    assert scores[0] > 2 * scores[1]  # real drawings are upright


@pytest.mark.parametrize(
    ("flags", "remedy"), [(SMALL, "another --out"), (["--resume"], "nothing to resume")], ids=["new", "resumed"]
)
def test_a_finished_run_is_left_alone(finished, flags, remedy):
    folder, _ = finished
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    status, _, complaint = train_here(*flags, "--out", folder)
    assert status == 2
    assert remedy in complaint
    assert len(complaint.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_run_may_start_from_another_network(finished, tmp_path):
    folder, _ = finished
    flags = [*SMALL, "--epochs", 1, "--start", folder / "model.keras", "--name", " My  second "]
    assert train_here(*flags, "--out", tmp_path / "second")[0] == 0
    assert read_history(tmp_path / "second")[0]["accuracy"] > read_history(folder)[0]["accuracy"] + 0.2
    assert read_about(tmp_path / "second").title == "My second"


@pytest.mark.parametrize(
    ("network", "file", "reason"),
    [
        ("dense-128x2", "history.csv", "damaged or holds another network"),
        ("dense-128x2", "missing.keras", "There is no network at"),
        ("dense-512", "model.keras", "holds another network"),
    ],
)
def test_a_run_starts_from_no_file_that_does_not_fit(finished, tmp_path, network, file, reason):
    flags = ["--data", "digits", "--network", network, "--epochs", 1, "--start", finished[0] / file]
    status, _, complaint = train_here(*flags, "--out", tmp_path / "run")
    assert status == 2
    assert reason in complaint
    assert len(complaint.splitlines()) == 1


@posix
def test_a_killed_run_is_listed_as_failed_and_its_network_reads(killed):
    (run,) = list_runs(killed.parent)
    assert run.status == "failed"
    assert "stopped unexpectedly" in run.error
    assert not is_training(killed.parent)
    load_recognizer(killed / "model.keras")


@posix
def test_a_killed_trainer_leaves_no_generated_code_in_its_temporary_folder(killed):
    """AutoGraph writes a file for each function that it converts, and deletes it only at exit."""
    assert list((killed.parent / "temp").rglob("__autograph_generated_file*")) == []


@posix
def test_a_killed_run_resumes_after_its_last_complete_epoch(finished, killed, tmp_path):
    """In the end, its curves are those of an uninterrupted run."""
    folder = tmp_path / "killed"
    shutil.copytree(killed, folder)
    assert train_here("--resume", "--out", folder)[0] == 0
    assert without_seconds(read_history(folder)) == without_seconds(read_history(finished[0]))
    assert sorted(path.name for path in folder.iterdir()) == FILES


@posix
def test_a_killed_cross_validation_resumes_in_its_fold_and_trains_no_finished_one_again(tmp_path):
    """Killed during an epoch of its second fold."""
    folder = tmp_path / "killed"
    flags = ["--data", "digits", "--network", "dense-128x2", "--epochs", EPOCHS_OF_FOLD, "--batch-size", 16]
    process = start(*flags, "--folds", FOLDS, "--out", folder)
    wait_for((folder / "fold-2" / "model.keras").exists, process)
    assert running_run(tmp_path) == "killed"
    process.kill()
    process.communicate()
    (run,) = list_runs(tmp_path)
    assert (run.status, run.folds, run.usable) == ("failed", FOLDS, False)
    assert "stopped unexpectedly" in run.error
    assert 0.3 < run.progress.fraction < 1
    assert (run.progress.fold, run.progress.folds) == (2, FOLDS)
    assert [fold.number for fold in read_folds(folder, FOLDS, EPOCHS_OF_FOLD)] == [1]
    assert not (folder / "fold-1" / "model.keras").exists()
    first_fold = (folder / "fold-1" / "history.csv").stat()
    begun = read_history(folder / "fold-2")

    status, said, complaint = train_here("--resume", "--out", folder)
    assert (status, complaint) == (0, "")
    assert (folder / "fold-1" / "history.csv").stat().st_mtime_ns == first_fold.st_mtime_ns
    again = read_history(folder / "fold-2")[: len(begun) - 1]
    assert again == begun[:-1]  # to the second: only an epoch that was not saved yet may have been trained again
    run = read_run_file(folder)
    accuracies = run["metrics"]["fold_accuracies"]
    assert run["status"] == "done"
    assert accuracies == [fold.accuracy for fold in read_folds(folder, FOLDS, EPOCHS_OF_FOLD)]
    assert len(accuracies) == FOLDS
    assert min(accuracies) > 0.85
    assert summarise(accuracies).in_percent() in said.splitlines()[-1]
    files = sorted(path.name for path in folder.rglob("*") if path.is_file())
    of_each = ["history.csv"] * 3 + ["moments.csv"] * 3 + ["real-drawings.json"] * 3
    assert files == sorted([*of_each, "filters.npz", "readings.csv", "run.json"])
    scores = [fold.drawings for fold in read_folds(folder, FOLDS, EPOCHS_OF_FOLD)]
    assert run["metrics"]["real_drawings"] == {"right": sum(score.right for score in scores), "images": 300 * FOLDS}
    assert f"{sum(score.right for score in scores)} of 900 real drawings" in said.splitlines()[-1]
    status, _, complaint = train_here("--resume", "--out", folder)
    assert (status, "nothing to resume" in complaint) == (2, True)

    rows = [read_history(folder / f"fold-{number}") for number in (1, 2, 3)]
    for first, *_, last in rows:  # each begins anew, and none has seen the images that it is validated on
        assert first["accuracy"] < 0.9 < last["accuracy"]
    alone = tmp_path / "uninterrupted"
    alone.mkdir()
    training, held_out = list(divide(load_data("digits").train, FOLDS))[1]
    fit(alone, Record(Settings.from_json(run["settings"]), {}), training, held_out, len(training.labels), fold=2)
    assert without_seconds(rows[1]) == without_seconds(read_history(alone))


@posix
def test_ctrl_c_keeps_what_there_is(tmp_path):
    folder = tmp_path / "stopped"
    process = start(*SMALL, "--epochs", 500, "--out", folder)
    wait_for((folder / "model.keras").exists, process)
    process.send_signal(signal.SIGINT)
    status, said, complaint = finish(process)
    assert (status, complaint) == (130, "")
    assert "Stopped" in said
    assert read_run_file(folder)["status"] == "cancelled"
    assert read_history(folder)
    load_recognizer(folder / "model.keras")


@posix
def test_a_full_disk_ends_the_run_with_a_reason(tmp_path):
    """No file may become as large as the network."""
    import resource

    folder = tmp_path / "full"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        status, _, complaint = train_here(*SMALL, "--epochs", 2, "--out", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert status == 1
    assert len(complaint.splitlines()) == 1
    assert "free some space" in complaint
    run = load_run(folder, training=False)
    assert run.status == "failed"
    assert "free some space" in run.error
    assert len(read_history(folder)) == 1
    assert not run.usable
    assert sorted(path.name for path in folder.iterdir()) == sorted(set(FILES) - {"model.keras"})


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
        (["--name", "n" * 61], "at most 60 characters"),
        (["--resume"], "--out"),
    ],
)
def test_bad_settings_are_refused_in_a_line_and_nothing_is_started(tmp_path, flags, remedy):
    out = [] if flags == ["--resume"] else ["--out", tmp_path / "runs" / "bad"]
    status, said, complaint = train_here("--data", "digits", *out, *flags)
    assert (status, said) == (2, "")
    assert len(complaint.splitlines()) == 1
    assert remedy in complaint
    assert not (tmp_path / "runs").exists()


def test_a_file_where_the_folder_of_runs_should_be_is_reported_and_kept(tmp_path):
    (tmp_path / "runs").write_text("mine")
    status, _, complaint = train_here(*SMALL, "--out", tmp_path / "runs" / "new")
    assert status == 2
    assert len(complaint.splitlines()) == 1
    assert "cannot hold runs" in complaint
    assert (tmp_path / "runs").read_text() == "mine"


@pytest.mark.parametrize("damage", ["network", "settings", "half"])
def test_a_damaged_run_is_not_resumed(finished, tmp_path, damage):
    folder = tmp_path / "damaged"
    shutil.copytree(finished[0], folder)
    run = read_run_file(folder) | {"status": "cancelled"}
    if damage == "settings":
        run["settings"]["epochs"] = "many"
    text = json.dumps(run)
    (folder / "run.json").write_text(text[: len(text) // 2] if damage == "half" else text)
    if damage == "network":
        (folder / "model.keras").write_bytes(b"no network")
    status, _, complaint = train_here("--resume", "--out", folder)
    assert status == 2
    assert len(complaint.splitlines()) == 1
    assert len(read_history(folder)) == EPOCHS


def test_a_resumed_run_keeps_its_settings(finished, tmp_path):
    folder = tmp_path / "cancelled"
    shutil.copytree(finished[0], folder)
    run = read_run_file(folder)
    (folder / "run.json").write_text(json.dumps(run | {"status": "cancelled"}))
    status, _, complaint = train_here("--resume", "--out", folder, "--epochs", EPOCHS + 1)
    assert status == 2
    assert "leave --epochs out, or start a new run" in complaint
    assert read_run_file(folder)["status"] == "cancelled"


def test_the_help_names_every_network_with_its_source():
    status, said, _ = finish(start("--help"))
    assert status == 0
    for word in ("quick", "keras-cnn", "1,199,882", "SitePoint", "--resume", "--augment"):
        assert word in said
