"""Curves that grow while an epoch runs, and pausing: in the trainer's process and from outside."""

import time

import numpy as np
import pytest

from model.data import Images
from model.networks import NETWORKS
from model.runs import PAUSED, load_run, read_history, read_moments, wish
from model.training.batches import to_target
from model.training.reading import trace_network
from model.training.watching import RecordMoments
from tests.support.trainer import finish, start, train_here, wait_for

EPOCHS = 2
FLAGS = ("--network", "quick", "--data", "digits", "--images", 1_000, "--batch-size", 50, "--seed", 0)


@pytest.mark.parametrize("network", ["dense-128x2", "reader"])
def test_a_moment_tells_the_training_curve_since_the_one_before_and_that_of_a_sample(tmp_path, monkeypatch, network):
    monkeypatch.setattr("model.training.watching.MIN_INTERVAL", -1)
    built, recipe = NETWORKS[network].build(for_training=True), NETWORKS[network].recipe
    rng = np.random.default_rng(0)
    images = Images(rng.integers(0, 256, (40, 28, 28), np.uint8), rng.integers(0, 10, 40).astype(np.uint8))
    targets = to_target(images.labels, recipe.loss == "categorical_crossentropy", False if recipe.origins else None)
    callback = RecordMoments(built, trace_network(built), tmp_path, EPOCHS, 20, images, targets)
    callback.on_epoch_begin(0)
    so_far = [2.0, 2.0, 1.0, 1.0, 0.8, 0.8]
    for batch, loss in enumerate(so_far):
        callback.on_train_batch_end(batch, {"loss": loss, "accuracy": 1 - loss / 4})
    first, second, third, fourth = read_moments(tmp_path)
    assert [row["epoch"] for row in (first, second, third, fourth)] == [0.05, 0.1, 0.2, 0.3]
    assert [row["loss"] for row in (first, second, third, fourth)] == pytest.approx([2.0, 2.0, 0.0, 0.4])
    assert "val_loss" not in second
    expected = built.evaluate(images.images[..., None] / np.float32(255), targets, verbose=0, return_dict=True)
    for row in (first, fourth):
        assert row["val_accuracy"] == pytest.approx(expected["accuracy"], abs=0.01)
        assert row["val_loss"] == pytest.approx(expected["loss"], rel=0.02)


def test_a_training_is_paused_goes_step_by_step_and_ends_as_if_it_had_not_been(tmp_path):
    """Paused before its first batch, then after one batch, and after an epoch."""
    whole, folder = tmp_path / "whole", tmp_path / "paused"
    assert train_here(*FLAGS, "--epochs", EPOCHS, "--out", whole)[0] == 0
    process = start(*FLAGS, "--epochs", EPOCHS, "--out", folder)
    wait_for((folder / "run.json").exists, process)
    wish(folder, "pause")
    place = wait_for(lambda: paused_at(folder), process)
    spent, seconds = process_seconds(process), load_run(folder, training=True).seconds
    time.sleep(1)
    assert paused_at(folder) == place
    assert process_seconds(process) - spent < 0.3  # it only looks whether it may go on
    assert load_run(folder, training=True).seconds - seconds < 0.4  # a pause does not count
    wish(folder, "batch")
    following = wait_for(lambda: (now := paused_at(folder)) and now != place and now, process)
    assert following == (place[0], place[1] + 1)
    wish(folder, "epoch")
    wait_for(lambda: len(read_history(folder)) == place[0] and paused_at(folder), process)
    wish(folder, "go")
    assert finish(process)[0] == 0
    ends = [[row["val_loss"] for row in read_history(each)] for each in (whole, folder)]
    assert ends[0] == ends[1]
    assert load_run(folder, training=False).seconds < time.time() - load_run(folder, training=False).started - 1


def paused_at(folder):
    """Epoch and batch of a paused training; None if it is not paused."""
    progress = load_run(folder, training=True).progress
    return (progress.epoch or 1, progress.batch or 0) if progress.phase == PAUSED else None


def process_seconds(process):
    import psutil

    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def test_a_run_that_was_paused_when_it_was_cancelled_goes_on_when_it_is_resumed(tmp_path):
    folder = tmp_path / "run"
    process = start(*FLAGS, "--epochs", EPOCHS, "--out", folder)
    wait_for((folder / "run.json").exists, process)
    wish(folder, "pause")
    wait_for(lambda: paused_at(folder), process)
    process.terminate()
    assert finish(process)[0] == 130
    status, said, _ = train_here("--resume", "--out", folder)
    assert status == 0, said
