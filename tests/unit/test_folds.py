"""Cross-validation: how images are divided, and a trainer that is killed in the middle of it."""

import math
import shutil

import numpy as np
import pytest

from model import InputError
from model.data import Images, load_data
from model.networks import NETWORKS
from model.runs import (
    append_history,
    check_data,
    check_settings,
    delete_run,
    latest_fold,
    list_runs,
    new_run_name,
    read_folds,
    read_history,
    read_run_file,
    running_run,
    summarise,
    use_run,
    write_run_file,
)
from model.runs.history import COLUMNS
from model.runs.settings import MOST_FOLDS, default_settings
from model.training.cross_validation import divide, in_percent
from model.training.fit import fit
from tests.unit.test_train import finish, posix_only, start, wait_for, without_seconds

FLAGS = ["--data", "digits", "--network", "dense-128x2", "--folds", "3", "--epochs", "3", "--batch-size", "16"]
EPOCHS = 3


def test_every_image_is_held_out_once_and_shuffled_as_in_the_tutorial():
    images = Images(np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8), np.arange(10))
    parts = list(divide(images, 5))
    assert [sorted(held_out.labels) for _, held_out in parts] == [[2, 9], [4, 6], [0, 3], [1, 7], [5, 8]]
    for training, held_out in parts:
        assert sorted([*training.labels, *held_out.labels]) == list(range(10))
        assert (training.images[:, 0, 0] == training.labels).all()
        assert (held_out.images[:, 0, 0] == held_out.labels).all()


def test_he_cnn_in_folds_has_the_settings_of_its_tutorial_and_the_others_their_own():
    assert default_settings("he-cnn", 5)["batch_size"] == 32
    assert default_settings("he-cnn", 5)["epochs"] == 10
    assert default_settings("he-cnn")["batch_size"] == 200
    for name, network in NETWORKS.items():
        settings = default_settings(name, 5)
        assert name == "he-cnn" or settings["batch_size"] == network.batch_size
        assert settings["folds"] == 5
        check_settings(settings)


def test_the_spread_is_the_standard_deviation_that_the_tutorial_computes():
    accuracies = [0.98, 0.99, 0.985]
    summary = summarise(accuracies)
    assert summary.mean == pytest.approx(np.mean(accuracies))
    assert summary.deviation == pytest.approx(np.std(accuracies))
    assert in_percent(summary) == "98.50 ± 0.408 %"


@pytest.mark.parametrize("folds", [0, 1, -5, MOST_FOLDS + 1, 2.5, "5", True])
def test_a_wrong_number_of_folds_is_told(folds):
    with pytest.raises(InputError, match=f"--folds must be a whole number from 2 to {MOST_FOLDS}"):
        check_settings(default_settings("quick") | {"folds": folds})


def test_folds_divide_the_images_alone_and_not_more_finely_than_they_are():
    with pytest.raises(InputError, match="leave --strokes out"):
        check_settings(default_settings("reader", 5) | {"strokes": "strokes.json"})
    with pytest.raises(InputError, match="leave --start out"):
        check_settings(default_settings("quick", 5) | {"start": "other.keras"})
    with pytest.raises(InputError, match="more than the 9 images"):
        check_data(default_settings("quick", 10) | {"data": "digits", "images": 9})
    check_data(default_settings("reader", 10) | {"data": "digits", "images": 1_438})  # nothing else is held out


@posix_only
def test_a_killed_trainer_goes_on_where_it_was_and_redoes_no_fold(tmp_path):
    folder = tmp_path / "killed"
    process = start(*FLAGS, "--out", folder)
    wait_for(lambda: read_history(folder / "fold-2"), process)
    assert running_run(tmp_path) == "killed"
    process.kill()
    process.communicate()
    (run,) = list_runs(tmp_path)
    assert (run.status, run.folds, run.usable) == ("failed", 3, False)
    assert "stopped unexpectedly" in run.error
    assert 0.3 < run.progress["fraction"] < 1
    assert (run.progress["fold"], run.progress["folds"]) == (2, 3)
    assert [fold.number for fold in read_folds(folder, 3, EPOCHS)] == [1]
    assert not (folder / "fold-1" / "model.keras").exists()
    finished = (folder / "fold-1" / "history.csv").stat()
    begun = read_history(folder / "fold-2")

    status, said, complaint = finish(start("--resume", "--out", folder))
    assert (status, complaint) == (0, "")
    assert (folder / "fold-1" / "history.csv").stat().st_mtime_ns == finished.st_mtime_ns
    again = read_history(folder / "fold-2")[: len(begun) - 1]
    assert again == begun[:-1]  # to the second: only the epoch that was not saved yet may have been done again
    run = read_run_file(folder)
    accuracies = run["metrics"]["fold_accuracies"]
    assert run["status"] == "done"
    assert accuracies == [fold.accuracy for fold in read_folds(folder, 3, EPOCHS)]
    assert len(accuracies) == 3
    assert min(accuracies) > 0.85
    assert in_percent(summarise(accuracies)) in said.splitlines()[-1]
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["history.csv"] * 3 + ["run.json"]
    status, _, complaint = finish(start("--resume", "--out", folder))
    assert (status, "nothing to resume" in complaint) == (2, True)

    rows = [read_history(folder / f"fold-{number}") for number in (1, 2, 3)]
    for first, *_, last in rows:  # each begins anew, and none has seen what it is checked on
        assert first["accuracy"] < 0.9 < last["accuracy"]
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir()
    training, held_out = list(divide(load_data("digits").train, 3))[1]
    fit(undisturbed, {"settings": run["settings"], "progress": {}}, training, held_out, len(training.labels), fold=2)
    assert without_seconds(rows[1]) == without_seconds(read_history(undisturbed))


def test_many_networks_in_one_process_are_no_reason_to_warn(tmp_path):
    flags = ["--data", "digits", "--network", "dense-128x2", "--images", 20, "--folds", 6, "--epochs", 1]
    status, said, complaint = finish(start(*flags, "--out", tmp_path / "six"))
    assert (status, len(said.splitlines()), complaint) == (0, 13, "")


def make_folds(runs, name="mine", accuracies=(0.9, 0.8), folds=2, status="done", **more):
    """A run in folds, of two epochs, as the trainer leaves it."""
    folder = runs / name
    settings = default_settings("he-cnn", folds) | {"data": "digits", "epochs": 2}
    for number, accuracy in enumerate(accuracies, start=1):
        (folder / f"fold-{number}").mkdir(parents=True)
        for epoch, reached in ((1, accuracy / 2), (2, accuracy)):
            row = dict.fromkeys(COLUMNS, 0.5) | {"epoch": epoch, "val_accuracy": reached}
            append_history(folder / f"fold-{number}", row)
    folder.mkdir(parents=True, exist_ok=True)
    write_run_file(folder, {"settings": settings, "status": status, "started": 1_795_000_000.0, "seconds": 4.5, **more})
    return folder


def test_a_run_in_folds_is_listed_and_weighed_and_goes_with_all_its_folds(tmp_path):
    folder = make_folds(tmp_path)
    (run,) = list_runs(tmp_path)
    assert (run.folds, run.usable, run.test_accuracy) == (2, False, None)
    assert run.size == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert run.size > 2 * (folder / "fold-1" / "history.csv").stat().st_size
    assert latest_fold(folder, 2) == 2
    with pytest.raises(InputError, match="holds no network"):
        use_run(tmp_path, "mine")
    delete_run(tmp_path, "mine")
    assert list(tmp_path.iterdir()) == []
    assert new_run_name(tmp_path, "he-cnn", 5).endswith("-he-cnn-5-folds")


def test_even_with_a_network_beside_it_a_run_in_folds_is_no_model_to_use(tmp_path):
    (make_folds(tmp_path) / "model.keras").write_bytes(b"network")
    (run,) = list_runs(tmp_path)
    assert not run.usable


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "epoch,accuracy\n",
        "epoch,accuracy,loss,val_accuracy,val_loss,seconds\n1,0.5,0.5,0.5,0.5,1\n2,0.5,0.5,0.9,0.5,1",  # half a row
        "epoch,accuracy,loss,val_accuracy,val_loss,seconds\n2,0.5,0.5,7,0.5,1\n",
        "epoch,accuracy,loss,val_accuracy,val_loss,seconds\n2,0.5,0.5,nan,0.5,1\n",
        "\0\0\n",
    ],
)
def test_a_damaged_fold_is_not_finished_and_costs_no_other(tmp_path, damage):
    folder = make_folds(tmp_path)
    (folder / "fold-1" / "history.csv").write_text(damage)
    assert [fold.number for fold in read_folds(folder, 2, 2)] == [2]
    shutil.rmtree(folder / "fold-1")
    (folder / "fold-1").write_text("no folder")
    assert [fold.number for fold in read_folds(folder, 2, 2)] == [2]


@pytest.mark.parametrize("folds", [None, "many", -1, 1, 10**9, math.inf, True, []])
def test_folds_that_were_edited_are_not_believed(tmp_path, folds):
    make_folds(tmp_path, folds=2)
    run = read_run_file(tmp_path / "mine")
    run["settings"]["folds"] = folds
    write_run_file(tmp_path / "mine", run)
    assert [run.folds for run in list_runs(tmp_path)] == [None]
