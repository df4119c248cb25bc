import shutil

import numpy as np
import pytest

from model.runs import delete_run, has_network, list_runs, new_run_name, read_folds, summarise
from tests.support.runs import make_folds


def test_the_spread_is_the_standard_deviation_that_the_tutorial_computes():
    accuracies = [0.98, 0.99, 0.985]
    summary = summarise(accuracies)
    assert summary.mean == pytest.approx(np.mean(accuracies))
    assert summary.deviation == pytest.approx(np.std(accuracies))
    assert summary.in_percent() == "98.50 ± 0.408 %"


def test_a_cross_validation_is_listed_measured_and_deleted_with_all_its_folds(tmp_path):
    folder = make_folds(tmp_path)
    (run,) = list_runs(tmp_path)
    assert (run.folds, run.usable, run.test_accuracy) == (2, False, None)
    assert run.size == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert run.size > 2 * (folder / "fold-1" / "history.csv").stat().st_size
    assert run.part_folder == folder / "fold-2"
    assert not has_network(tmp_path, "mine")
    delete_run(tmp_path, "mine")
    assert list(tmp_path.iterdir()) == []
    assert new_run_name(tmp_path, "he-cnn", 5).endswith("-he-cnn-5-folds")


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
