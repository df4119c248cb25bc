"""What does not need Ray: what is said without it, what is left to do, and how cores are shared out."""

import pytest

from model.cluster import connection
from model.cluster.connection import cores_of_each
from model.cluster.folds import cross_validate
from model.runs import Record
from tests.support.cluster import require_ray
from tests.support.runs import make_folds
from tests.support.trainer import train_here

FOLDS = ["--network", "dense-128x2", "--data", "digits", "--folds", 2, "--engine", "ray"]


def test_without_ray_a_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(connection, "find_spec", lambda name: None)
    status, _, complaint = train_here(*FOLDS, "--out", tmp_path / "runs" / "mine")
    assert status == 2
    assert "pip install -r requirements-ray.txt" in complaint
    assert len(complaint.splitlines()) == 1


def test_a_trainer_killed_after_its_last_fold_leaves_nothing_to_do_but_to_add_up(tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "find_spec", lambda name: None)  # Ray is not needed for it
    folder = make_folds(tmp_path, accuracies=(0.9, 0.8), metrics={"training_images": 300})
    record = Record.load(folder)
    cross_validate(folder, record, 2)
    assert (record.metrics["mean_accuracy"], record.metrics["training_images"]) == (0.85, 300)


@pytest.mark.services
@pytest.mark.parametrize(
    ("address", "said"),
    [("ray://127.0.0.1:1", "must belong to the cluster"), ("127.0.0.1:1", "There is no Ray cluster")],
)
def test_an_address_without_a_cluster_is_named(monkeypatch, tmp_path, address, said):
    require_ray()
    monkeypatch.setenv("RAY_ADDRESS", address)
    status, _, complaint = train_here(*FOLDS, "--out", tmp_path / "runs" / "mine")
    assert status == 2
    assert said in complaint
    assert address in complaint


@pytest.mark.parametrize(
    ("nodes", "parts", "cores"),
    [
        ([1, 1], 5, 1),
        ([2], 2, 1),
        ([4], 2, 2),
        ([8, 8], 5, 2),  # with 3, there would be room for 4 only
        ([8, 8], 2, 8),
        ([8, 0], 1, 8),
        ([0], 3, 1),
        ([], 3, 1),
    ],
)
def test_each_part_gets_as_many_cores_as_leave_room_for_all(nodes, parts, cores):
    assert cores_of_each(nodes, parts) == cores
