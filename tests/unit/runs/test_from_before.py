"""Runs that were made before `model` was divided into packages are listed, read, used, resumed and deleted.

from_before/ holds them: `killed` was killed after two of four epochs, `whole` is the same training uninterrupted
(without its network), and `folds` is a finished cross-validation. All are of `quick` as it was then.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from model import load_recognizer
from model.networks import NETWORKS
from model.runs import delete_run, list_runs, load_run, read_folds, read_history, read_run_file, write_run_file
from tests.support.digits import on_canvas
from tests.support.trainer import train_here, without_seconds

FROM_BEFORE = Path(__file__).parent / "from_before"


@pytest.fixture
def runs(tmp_path):
    """A copy of the folder of runs."""
    return shutil.copytree(FROM_BEFORE, tmp_path / "runs")


def test_a_killed_run_is_listed_and_its_network_reads(runs):
    run = next(each for each in list_runs(runs) if each.name == "killed")
    assert (run.status, run.usable, run.network, run.data, run.epochs) == ("failed", True, "quick", "digits", 4)
    assert "stopped unexpectedly" in run.error
    assert run.progress.in_words() == "Epoch 3 of 4 · batch 1 of 4 · 7,000 images/s"
    assert load_recognizer(run.model_file).read(on_canvas(3, 0.6)).digit is not None


@pytest.fixture
def quick_as_it_was(monkeypatch):
    """The network of these runs is what it was: nothing was cropped."""
    now = NETWORKS["quick"]
    monkeypatch.setitem(NETWORKS, "quick", replace(now, layers=lambda layers: now.layers(layers)[1:]))


@pytest.mark.usefixtures("quick_as_it_was")
@pytest.mark.parametrize("damage", [{}, {"seconds": "x", "started": None, "progress": 3, "checksums": []}], ids=str)
def test_a_killed_run_is_resumed_and_ends_like_an_uninterrupted_one(runs, damage):
    """Even if its run.json was damaged, but for the settings."""
    folder = runs / "killed"
    write_run_file(folder, read_run_file(folder) | damage)
    before = read_history(folder)
    assert train_here("--resume", "--out", folder)[0] == 0
    rows = read_history(folder)
    assert rows[:2] == before
    assert len(rows) == 4
    for row, expected in zip(without_seconds(rows), without_seconds(read_history(runs / "whole")), strict=True):
        assert row == pytest.approx(expected, abs=1e-3)
    run = load_run(folder, training=False)
    assert (run.status, run.error) == ("done", None)
    assert run.test_accuracy == pytest.approx(load_run(runs / "whole", training=False).test_accuracy, abs=1e-3)


def test_a_killed_run_of_a_network_that_has_changed_is_refused_and_stays_as_it_is(runs):
    folder = runs / "killed"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}
    status, _, complaint = train_here("--resume", "--out", folder)
    assert status == 2
    assert "has other layers than this network has now, so the run cannot be resumed: start a new run." in complaint
    assert {name: (folder / name).read_bytes() for name in files} == files


def test_a_cross_validation_is_listed_read_and_deleted(runs):
    run = next(each for each in list_runs(runs) if each.name == "folds")
    assert (run.status, run.folds, run.epochs, run.usable) == ("done", 2, 1, False)
    folds = read_folds(run.folder, run.folds, run.epochs)
    assert [fold.accuracy for fold in folds] == read_run_file(run.folder)["metrics"]["fold_accuracies"]
    delete_run(runs, "folds")
    assert sorted(each.name for each in list_runs(runs)) == ["killed", "whole"]
