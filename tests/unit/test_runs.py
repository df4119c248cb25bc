import json
import os

import pytest

from model import InputError
from model.runs import (
    MAX_RUNS,
    append_history,
    claim_training,
    delete_run,
    is_training,
    keep_history,
    list_runs,
    make_room,
    new_run_name,
    read_history,
    remove_leftovers,
    run_in_use,
    running_run,
    training_lock,
    use_run,
    write_run_file,
)

ROW = {"epoch": 1, "accuracy": 0.5, "loss": 1.5, "val_accuracy": 0.6, "val_loss": 1.25, "seconds": 2.0}
SETTINGS = {"network": "quick", "data": "digits", "epochs": 3}


def make_run(runs, name, status="done", started=1_000.0, model=b"network", **more):
    folder = runs / name
    folder.mkdir(parents=True)
    write_run_file(folder, {"settings": SETTINGS, "status": status, "started": started, "seconds": 4.5, **more})
    if model:
        (folder / "model.keras").write_bytes(model)
    return folder


def test_runs_are_listed_with_the_latest_first(tmp_path):
    make_run(tmp_path, "older", started=1_000.0, metrics={"test_accuracy": 0.9})
    make_run(tmp_path, "newer", started=2_000.0, status="cancelled")
    (tmp_path / "no-run").mkdir()
    newer, older = list_runs(tmp_path)
    assert (newer.name, newer.status, older.name, older.status) == ("newer", "cancelled", "older", "done")
    assert older.test_accuracy == 0.9
    assert older.seconds == 4.5
    assert older.usable
    assert newer.test_accuracy is None


def test_no_runs_yet(tmp_path):
    assert list_runs(tmp_path / "nothing") == []
    assert running_run(tmp_path / "nothing") is None
    assert run_in_use(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


def test_a_file_where_the_folder_of_runs_should_be_is_told(tmp_path):
    runs = tmp_path / "runs"
    runs.write_text("not a folder")
    with pytest.raises(InputError, match="DIGITS_RUNS"):
        list_runs(runs)
    with pytest.raises(InputError, match="cannot hold runs"), training_lock(runs):
        pass
    assert runs.read_text() == "not a folder"


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
    assert "epoch" not in run.progress
    delete_run(tmp_path, "damaged")
    assert [run.name for run in list_runs(tmp_path)] == ["whole"]


def test_whatever_run_json_claims_nothing_runs_while_the_lock_is_free(tmp_path):
    make_run(tmp_path, "killed", status="running", pid=os.getpid())
    claim_training(tmp_path, "killed")  # with the id of a process that is alive
    (run,) = list_runs(tmp_path)
    assert run.status == "failed"
    assert "stopped unexpectedly" in run.error
    assert running_run(tmp_path) is None


def test_only_the_run_of_the_locks_holder_is_running(tmp_path):
    make_run(tmp_path, "killed", status="running", started=9_000.0)
    make_run(tmp_path, "alive", status="running", started=10.0)  # since then, the clock was set back
    with training_lock(tmp_path):
        claim_training(tmp_path, "alive")
        assert running_run(tmp_path) == "alive"
        assert {run.name: run.status for run in list_runs(tmp_path)} == {"killed": "failed", "alive": "running"}
        with pytest.raises(InputError, match="still training"):
            delete_run(tmp_path, "alive")
        with pytest.raises(InputError, match="Another training"), training_lock(tmp_path):
            pass
    assert not is_training(tmp_path)


def test_a_new_run_never_takes_the_place_of_another(tmp_path):
    names = set()
    for _ in range(3):  # within a second, or with a clock that was set back
        name = new_run_name(tmp_path, "quick")
        (tmp_path / name).mkdir()
        names.add(name)
    assert len(names) == 3


def test_the_model_in_use_is_remembered(tmp_path):
    make_run(tmp_path, "mine")
    use_run(tmp_path, "mine")
    assert run_in_use(tmp_path) == "mine"
    with pytest.raises(InputError, match="in use"):
        delete_run(tmp_path, "mine")
    use_run(tmp_path, None)
    assert run_in_use(tmp_path) is None
    delete_run(tmp_path, "mine")
    with pytest.raises(InputError, match="choose another"):
        use_run(tmp_path, "mine")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"run": 3}', '{"run": "../../etc"}', '{"run": ".."}', '{"run": ""}']
)
def test_a_damaged_choice_is_no_choice(tmp_path, content):
    (tmp_path / "in-use.json").write_text(content)
    assert run_in_use(tmp_path) is None


@pytest.mark.parametrize("name", ["..", ".", "", "../outside", "/", ".hidden"])
def test_nothing_outside_the_folder_of_runs_is_deleted_or_used(tmp_path, name):
    make_run(tmp_path, "outside")
    make_run(tmp_path / "runs", "mine")
    for action in (delete_run, use_run):
        with pytest.raises(InputError):
            action(tmp_path / "runs", name)
    assert (tmp_path / "outside" / "run.json").exists()
    assert (tmp_path / "runs" / "mine" / "run.json").exists()


def test_the_oldest_unused_runs_make_room(tmp_path):
    for number in range(MAX_RUNS + 1):
        make_run(tmp_path, f"run-{number:02}", started=1_000.0 + number)
    use_run(tmp_path, "run-00")
    assert make_room(tmp_path) == ["run-01", "run-02"]
    assert len(list_runs(tmp_path)) == MAX_RUNS - 1  # and one is about to come
    assert (tmp_path / "run-00").exists()
    assert make_room(tmp_path) == []


def test_large_runs_make_room_too(tmp_path, monkeypatch):
    monkeypatch.setattr("model.runs.store.KEPT_BYTES", 3_000)
    for number in range(4):
        make_run(tmp_path, f"run-{number}", started=1_000.0 + number, model=b"x" * 1_000)
    assert make_room(tmp_path) == ["run-0", "run-1"]


def test_a_history_grows_by_whole_rows(tmp_path):
    assert read_history(tmp_path) == []
    append_history(tmp_path, ROW)
    append_history(tmp_path, ROW | {"epoch": 2, "accuracy": 0.75})
    assert read_history(tmp_path) == [ROW, ROW | {"epoch": 2, "accuracy": 0.75}]
    assert (tmp_path / "history.csv").read_text().splitlines()[0] == "epoch,accuracy,loss,val_accuracy,val_loss,seconds"
    keep_history(tmp_path, 1)
    assert read_history(tmp_path) == [ROW]


@pytest.mark.parametrize(
    "damage",
    [
        "3,0.9,0.1,0.9",  # half a row
        "3,0.9,0.1,0.9,0.1,1.0",  # whole, but without its end it may be longer still
        "three,0.9,0.1,0.9,0.1,1.0\n",
        "3,0.9\n",
        "-1,0.9,0.1,0.9,0.1,1.0\n",
        "99999999999,0.9,0.1,0.9,0.1,1.0\n",
        '3,"0.9\n',
        "x" * 200_000 + "\n",
        "\0\0\0\n",
        ",,,,,,,,,\n",
    ],
)
def test_damage_in_a_history_costs_no_whole_row(tmp_path, damage):
    append_history(tmp_path, ROW)
    append_history(tmp_path, ROW | {"epoch": 2})
    with (tmp_path / "history.csv").open("a") as file:
        file.write(damage)
    assert read_history(tmp_path) == [ROW, ROW | {"epoch": 2}]


def test_what_is_no_history_at_all_is_empty(tmp_path):
    (tmp_path / "history.csv").write_bytes(bytes(range(256)) * 10 + b"\n")
    assert read_history(tmp_path) == []


def test_leftovers_of_a_killed_writer_go_and_nothing_else(tmp_path):
    folder = make_run(tmp_path, "mine")
    (folder / ".model-123-456.keras").write_text("half")
    remove_leftovers(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["model.keras", "run.json"]
    assert json.loads((folder / "run.json").read_text())["status"] == "done"
