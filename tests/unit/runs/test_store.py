import pytest

from model import InputError
from model.runs import (
    MAX_RUNS,
    delete_run,
    has_network,
    list_runs,
    make_room,
    new_run_name,
    running_run,
    usable_runs,
)
from tests.support.runs import make_run


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


def test_looking_for_runs_makes_no_folder(tmp_path):
    assert list_runs(tmp_path / "nothing") == []
    assert running_run(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


def test_a_file_where_the_folder_of_runs_should_be_is_reported(tmp_path):
    runs = tmp_path / "runs"
    runs.write_text("not a folder")
    with pytest.raises(InputError, match="DIGITS_RUNS"):
        list_runs(runs)
    assert runs.read_text() == "not a folder"


def test_a_run_can_be_used_once_it_left_a_network(tmp_path):
    make_run(tmp_path, "done")
    make_run(tmp_path, "cancelled", status="cancelled")
    make_run(tmp_path, "without", model=None)
    assert usable_runs(tmp_path).keys() == {"done", "cancelled"}


def test_a_new_run_never_takes_the_place_of_another(tmp_path):
    names = set()
    for _ in range(3):  # within a second, or with a clock that was set back
        name = new_run_name(tmp_path, "quick")
        (tmp_path / name).mkdir()
        names.add(name)
    assert len(names) == 3


@pytest.mark.parametrize("name", ["..", ".", "", "../outside", "/", ".hidden"])
def test_nothing_outside_the_folder_of_runs_is_deleted_or_used(tmp_path, name):
    make_run(tmp_path, "outside")
    make_run(tmp_path / "runs", "mine")
    with pytest.raises(InputError):
        delete_run(tmp_path / "runs", name)
    assert not has_network(tmp_path / "runs", name)
    assert (tmp_path / "outside" / "run.json").exists()
    assert (tmp_path / "runs" / "mine" / "run.json").exists()


def test_the_oldest_runs_that_are_not_in_use_make_room(tmp_path):
    for number in range(MAX_RUNS + 1):
        make_run(tmp_path, f"run-{number:02}", started=1_000.0 + number)
    assert make_room(tmp_path, in_use={"run-00"}) == ["run-01", "run-02"]
    assert len(list_runs(tmp_path)) == MAX_RUNS - 1  # and one is about to come
    assert (tmp_path / "run-00").exists()
    assert make_room(tmp_path) == []


def test_whoever_has_most_runs_makes_room(tmp_path, monkeypatch):
    monkeypatch.setattr("model.runs.store.MAX_RUNS", 6)
    for number, owner in enumerate((None, "ann", "ben", "ben", "ben", "ben", "ann")):
        make_run(tmp_path, f"run-{number}", started=1_000.0 + number, owner=owner)
    make_run(tmp_path, "next", started=10.0, owner="ben", status="queued", ticket=1)
    assert make_room(tmp_path) == ["run-2", "run-3", "run-4"]


def test_large_runs_make_room_too(tmp_path, monkeypatch):
    monkeypatch.setattr("model.runs.store.MAX_RUNS_BYTES", 3_000)
    for number in range(4):
        make_run(tmp_path, f"run-{number}", started=1_000.0 + number, model=b"x" * 1_000)
    assert make_room(tmp_path) == ["run-0", "run-1"]
