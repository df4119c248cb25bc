"""Folds on a real Ray cluster of two nodes: a node or the driver is lost, the data is missing, it is cancelled."""

import functools

import pytest

from model.runs import (
    cancel_training,
    fold_folder,
    is_finished,
    read_fold,
    read_history,
    read_readings,
    read_run_file,
    running_run,
    wish,
)
from tests.support import trainer
from tests.support.cluster import PATIENCE, require_ray, serve_ray
from tests.support.runs import write_npz

pytestmark = [pytest.mark.services, pytest.mark.timeout(2 * PATIENCE)]
finish = functools.partial(trainer.finish, patience=PATIENCE)
wait_for = functools.partial(trainer.wait_for, patience=PATIENCE)
FOLDS, EPOCHS = 3, 3
SMALL = ["--network", "dense-128x2", "--epochs", EPOCHS, "--folds", FOLDS, "--engine", "ray"]


@pytest.fixture(scope="module")
def cluster():
    require_ray()
    with serve_ray() as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def _no_nodes_are_left(cluster):
    yield
    for node in list(cluster.nodes):
        cluster.kill(node)


@pytest.fixture
def launch(launch, cluster):
    """Starts a training on the cluster."""
    return functools.partial(launch, RAY_ADDRESS=cluster.address)


@pytest.fixture
def data(tmp_path):
    """Data that needs no preparing."""
    path = tmp_path / "mine.npz"
    write_npz(path, count=300)
    return path


def epochs(folder):
    return [len(read_history(fold_folder(folder, number))) for number in range(1, FOLDS + 1)]


def kept(folder):
    """How many epochs of each fold are kept with their network, to go on from."""
    networks = [(fold_folder(folder, number) / "model.keras").exists() for number in range(1, FOLDS + 1)]
    return [count if network else 0 for count, network in zip(epochs(folder), networks, strict=True)]


def in_steps(folder, process, count):
    """Pauses a training before its first epoch, once so many folds are under way, so that it goes on in steps."""
    wait_for(lambda: (folder / "run.json").exists(), process)
    wish(folder, "pause")
    paused = {"phase": "paused", "at_once": None if count == 1 else count}
    wait_for(lambda: {name: read_run_file(folder)["progress"].get(name) for name in paused} == paused, process)


def test_a_fold_whose_node_is_killed_goes_on_elsewhere_and_so_does_a_run_whose_driver_is_killed(
    cluster, launch, data, tmp_path
):
    _, second = cluster.add(), cluster.add()
    folder = tmp_path / "runs" / "mine"
    process = launch(*SMALL, "--data", data)
    in_steps(folder, process, 2)
    wish(folder, "epoch")
    wait_for(lambda: kept(folder) == [1, 1, 0], process)
    before = [read_history(fold_folder(folder, number)) for number in (1, 2)]

    cluster.kill(second)
    wish(folder, "go")
    wait_for(lambda: any(is_finished(folder, number, EPOCHS) for number in (1, 2)), process)
    process.kill()
    process.communicate()
    assert running_run(folder.parent) is None
    done = [number for number in range(1, FOLDS + 1) if is_finished(folder, number, EPOCHS)]
    files = {number: (fold_folder(folder, number) / "history.csv").read_bytes() for number in done}
    assert 0 < len(done) < FOLDS

    status, said, complaint = finish(launch("--resume"))
    assert (status, complaint) == (0, "")
    assert "mean ± standard deviation of 3 folds" in said
    assert epochs(folder) == [EPOCHS] * FOLDS
    assert not any(f"fold {number}/" in said for number in done)  # finished folds are not redone
    assert {number: (fold_folder(folder, number) / "history.csv").read_bytes() for number in done} == files
    assert [read_history(fold_folder(folder, number))[:1] for number in (1, 2)] == before  # nor are whole epochs
    run = read_run_file(folder)
    assert (run["status"], run["metrics"]["training_images"]) == ("done", 300)
    assert run["metrics"]["fold_accuracies"] == [read_fold(folder, n, EPOCHS).accuracy for n in range(1, FOLDS + 1)]
    assert not list(folder.rglob("model.keras"))
    watched = [bool(read_readings(fold_folder(folder, number))) for number in range(1, FOLDS + 1)]
    assert watched == [False] * (FOLDS - 1) + [True]  # what the page shows


def test_a_run_on_the_cluster_can_be_cancelled_and_resumed_without_it(cluster, launch, data, tmp_path):
    node = cluster.add()
    folder = tmp_path / "runs" / "mine"
    process = launch(*SMALL, "--data", data)
    in_steps(folder, process, 1)
    wish(folder, "epoch")
    wait_for(lambda: kept(folder) == [1, 0, 0], process)
    before = read_history(fold_folder(folder, 1))
    cancel_training(folder.parent, folder.name)
    assert process.wait() != 0
    assert running_run(folder.parent) is None
    assert read_run_file(folder)["status"] == "cancelled"
    cluster.kill(node)

    status, _, complaint = finish(launch("--resume", "--engine", "local"))
    assert (status, complaint) == (0, "")
    assert read_history(fold_folder(folder, 1))[:1] == before
    assert epochs(folder) == [EPOCHS] * FOLDS


@pytest.mark.parametrize(("other", "said"), [(False, "does not have the data"), (True, "has other data")])
def test_a_node_without_the_data_is_named(cluster, launch, data, tmp_path, other, said):
    elsewhere = tmp_path / "elsewhere.npz"
    if other:
        write_npz(elsewhere, count=301)
    cluster.add(DIGITS_MNIST=str(elsewhere))
    status, _, complaint = finish(launch(*SMALL, "--data", "mnist", DIGITS_MNIST=str(data)))
    assert status == 2
    assert said in complaint
    assert len(complaint.splitlines()) == 1
    assert read_run_file(tmp_path / "runs" / "mine")["error"] in complaint
