"""What readers make of a run.json, which may be damaged, edited or that of a trainer that died."""

import math
import os
import shutil

import pytest

from model.runs import (
    Progress,
    append_history,
    claim_training,
    delete_run,
    list_runs,
    load_run,
    read_history,
    read_run_file,
    running_run,
    write_run_file,
)
from model.runs.history import COLUMNS, HISTORY_FILE
from model.runs.rows import read_rows
from tests.support.runs import ROW, make_folds, make_run


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"settings": {"network": "quick"}, "status": "do',
        "[]",
        "null",
        '{"settings": 3}',
        '{"settings": {}, "status": 7}',
        "[" * 100_000,
        '{"settings": {"network": ["x"], "data": null, "epochs": "many"}, "status": "done", "started": "yesterday",'
        ' "seconds": NaN, "metrics": {"test_accuracy": 7}, "progress": [1], "error": {}}',
        '{"settings": {}, "status": "done", "started": 1e300, "metrics": 3, "progress": {"epoch": true}}',
    ],
)
def test_a_damaged_run_is_listed_and_hides_no_other(tmp_path, content):
    make_run(tmp_path, "whole")
    damaged = make_run(tmp_path, "damaged", model=None)
    (damaged / "run.json").write_text(content)
    found = {run.name: run for run in list_runs(tmp_path)}
    assert found["whole"].status == "done"
    run = found["damaged"]
    assert run.status in ("failed", "done")
    assert run.status == "done" or "delete the run" in run.error
    assert run.test_accuracy is None
    assert run.seconds in (None, 4.5)
    assert run.started == 0.0
    assert isinstance(run.network, str)
    assert isinstance(run.data, str)
    assert run.epochs in (None, 3)
    assert run.progress == Progress()
    delete_run(tmp_path, "damaged")
    assert [run.name for run in list_runs(tmp_path)] == ["whole"]


def test_whatever_run_json_claims_nothing_runs_while_the_lock_is_free(tmp_path):
    make_run(tmp_path, "killed", status="running", pid=os.getpid())
    claim_training(tmp_path, "killed")  # with the id of a process that is alive
    (run,) = list_runs(tmp_path)
    assert run.status == "failed"
    assert "stopped unexpectedly" in run.error
    assert running_run(tmp_path) is None


@pytest.mark.parametrize("folds", [None, "many", -1, 1, 10**9, math.inf, True, []])
def test_an_edited_number_of_folds_is_not_believed(tmp_path, folds):
    make_folds(tmp_path, folds=2)
    run = read_run_file(tmp_path / "mine")
    run["settings"]["folds"] = folds
    write_run_file(tmp_path / "mine", run)
    assert [run.folds for run in list_runs(tmp_path)] == [None]


def test_a_cross_validation_leaves_no_network_to_use_even_with_one_beside_it(tmp_path):
    (make_folds(tmp_path) / "model.keras").write_bytes(b"network")
    (run,) = list_runs(tmp_path)
    assert not run.usable


def test_a_run_is_read_again_only_once_it_has_changed(tmp_path):
    folder = make_run(tmp_path, "mine")
    append_history(folder, ROW)
    for path in (folder / "run.json", folder / "history.csv", folder):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    run, rows = load_run(folder, training=False), read_rows(folder / HISTORY_FILE, COLUMNS)
    assert load_run(folder, training=False) is run
    assert read_rows(folder / HISTORY_FILE, COLUMNS) is rows
    write_run_file(folder, read_run_file(folder) | {"seconds": 9.0})
    append_history(folder, ROW | {"epoch": 2})
    assert load_run(folder, training=False).seconds == 9.0
    assert len(read_history(folder)) == 2
    assert load_run(folder, training=True) is not run
    shutil.rmtree(folder)
    assert load_run(folder, training=False).status == "failed"
