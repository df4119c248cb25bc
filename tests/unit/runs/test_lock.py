import pytest

from model import InputError
from model.runs import claim_training, delete_run, is_training, list_runs, running_run, training_lock
from tests.support.runs import make_run


def test_only_the_run_of_the_holder_of_the_lock_is_running(tmp_path):
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


def test_a_file_where_the_folder_of_runs_should_be_cannot_be_locked(tmp_path):
    runs = tmp_path / "runs"
    runs.write_text("not a folder")
    with pytest.raises(InputError, match="cannot hold runs"), training_lock(runs):
        pass
    assert runs.read_text() == "not a folder"
