import json
import os
import subprocess
import sys
import time

import pytest

from model import InputError
from model.runs import Progress, Record, Settings, read_run_file, remove_leftovers, reporting, write_run_file
from model.runs import record as module
from tests.support.runs import make_run

SETTINGS = Settings.of("quick", data="digits")


def test_a_record_survives_a_round_trip_through_run_json(tmp_path):
    record = Record(SETTINGS, {"data": 7, "strokes": None}, seconds=4.5, metrics={"test_accuracy": 0.9})
    record.write(tmp_path)
    loaded = Record.load(tmp_path)
    assert (loaded.settings, loaded.checksums, loaded.metrics) == (record.settings, record.checksums, record.metrics)
    assert (loaded.status, loaded.started, loaded.seconds) == ("running", record.started, 4.5)
    content = json.loads((tmp_path / "run.json").read_text())
    assert (content["pid"], content["error"], content["progress"]) == (os.getpid(), None, {"phase": "Starting"})


def test_a_record_without_metrics_does_not_mention_them(tmp_path):
    Record(SETTINGS, {}).write(tmp_path)
    assert "metrics" not in read_run_file(tmp_path)


def test_damage_beside_the_settings_does_not_keep_a_record_from_being_loaded(tmp_path):
    damage = {"checksums": [1], "status": None, "started": "yesterday", "seconds": float("nan"), "metrics": 3}
    write_run_file(tmp_path, {"settings": SETTINGS.to_json(), "progress": [1], **damage})
    record = Record.load(tmp_path)
    assert (record.settings, record.checksums, record.seconds, record.metrics) == (SETTINGS, {}, 0.0, {})
    assert record.started == pytest.approx(time.time(), abs=60)


@pytest.mark.parametrize("content", ["", "[]", '{"settings": 3}', '{"status": "done"}', "[" * 100_000])
def test_a_damaged_run_json_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(InputError, match="delete the run, or repair the file") as refused:
        Record.load(tmp_path)
    assert "\n" not in str(refused.value)


def test_a_folder_without_run_json_holds_no_run(tmp_path):
    with pytest.raises(InputError, match="There is no run in"):
        Record.load(tmp_path)


def test_run_json_is_kept_current_while_a_training_lasts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WRITE_INTERVAL", 0.01)
    record = Record(SETTINGS, {}, seconds=100.0)
    with reporting(tmp_path, record):
        assert read_run_file(tmp_path)["progress"] == {"phase": "Starting"}
        record.progress = Progress("validating", epoch=2)
        deadline = time.monotonic() + 10
        while read_run_file(tmp_path)["progress"] != {"phase": "validating", "epoch": 2}:
            assert time.monotonic() < deadline
    assert record.seconds >= 100  # of the trainings before, too


def test_leftovers_of_a_killed_process_are_removed_and_nothing_else(tmp_path):
    folder = make_run(tmp_path, "mine")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (folder / f".model-{ended.pid}-456.keras").write_text("half")
    alive = folder / f".wish-{os.getpid()}-456.json"  # which the page is writing
    alive.write_text("half")
    remove_leftovers(folder)
    assert sorted(path.name for path in folder.iterdir()) == [alive.name, "model.keras", "run.json"]
    assert json.loads((folder / "run.json").read_text())["status"] == "done"
