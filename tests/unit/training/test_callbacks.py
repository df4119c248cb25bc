from dataclasses import replace

import pytest

from model import InputError
from model.data import load_real_drawings, score_drawings
from model.networks import NETWORKS
from model.runs import Record, Settings, read_history
from model.training.callbacks import RecordEpochs, ShowProgress, measure, stops_early

SETTINGS = Settings.of("dense-128x2", data="digits", epochs=2, batch_size=100)
LOGS = {"accuracy": 0.5, "loss": 1.5, "val_accuracy": 0.6, "val_loss": 1.25}


def progress_of(settings, done=0, fold=None):
    """What is reported of an epoch on 250 images: after its first batch, its last, and its validation on 50."""
    record = Record(settings, {})
    callback = ShowProgress(record, 250, 50, done, fold)
    callback.on_epoch_begin(done)
    for report, batch in (
        (callback.on_train_batch_end, 0),
        (callback.on_train_batch_end, 2),
        (callback.on_test_batch_end, 0),
    ):
        report(batch)
        yield record.progress


def test_the_fraction_counts_training_and_validation_of_all_epochs():
    """Training on an image counts three times as much as validating on it: an epoch takes 800."""
    first, last, validated = progress_of(SETTINGS)
    assert [(each.epoch, each.epochs, each.batches) for each in (first, last, validated)] == [(1, 2, 3)] * 3
    assert [(each.phase, each.batch) for each in (first, last, validated)] == [("", 1), ("", 3), ("validating", 3)]
    assert [each.fraction for each in (first, last, validated)] == [0.1875, 0.4688, 0.5]
    assert first.images_per_second > 0
    *_, end = progress_of(SETTINGS, done=1)
    assert (end.epoch, end.fraction) == (2, 1)


def test_in_cross_validation_the_fraction_is_that_of_all_folds():
    *_, end = progress_of(replace(SETTINGS, folds=4), done=1, fold=2)
    assert (end.fold, end.folds, end.fraction) == (2, 4, 0.5)


@pytest.mark.parametrize("test_images", [20, None])
def test_each_epoch_leaves_a_row_and_a_network(tmp_path, capsys, test_images):
    record, network = Record(SETTINGS, {}), NETWORKS["dense-128x2"].build()
    callback = RecordEpochs(network=network, folder=tmp_path, record=record, test_images=test_images)
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0, LOGS)
    (row,) = read_history(tmp_path)
    assert row == {"epoch": 1, "seconds": row["seconds"], **LOGS}
    assert (tmp_path / "model.keras").is_file()
    if test_images:
        score = record.metrics.pop("real_drawings")
        assert score == score_drawings(lambda images: network.predict(images[..., None], verbose=0))._asdict()
        assert record.metrics == {"test_accuracy": 0.6, "test_loss": 1.25, "test_images": 20}
    else:
        assert record.metrics == {}
    assert capsys.readouterr().out.startswith("epoch 1/2 ")


@pytest.mark.parametrize("name", ["loss", "val_loss"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_loss_that_is_no_longer_a_number_ends_the_training(tmp_path, name, value):
    callback = RecordEpochs(network=None, folder=tmp_path, record=Record(SETTINGS, {}), test_images=None)
    callback.on_epoch_begin(6)
    with pytest.raises(InputError, match="in epoch 7: choose a lower learning rate"):
        callback.on_epoch_end(6, LOGS | {name: value})
    assert list(tmp_path.iterdir()) == []


def test_without_the_real_drawings_a_training_goes_on(monkeypatch, tmp_path):
    load_real_drawings.cache_clear()
    monkeypatch.setattr("model.data.real_drawings.REAL_DRAWINGS", tmp_path / "missing.json")
    assert measure(0.9, 0.5, 20, NETWORKS["dense-128x2"].build()) == {
        "test_accuracy": 0.9,
        "test_loss": 0.5,
        "test_images": 20,
    }


@pytest.mark.parametrize(
    ("losses", "patience", "stops"),
    [
        ([], 1, False),
        ([1.0], 1, False),
        ([1.0, 1.0], 1, True),
        ([2.0, 1.0, 1.5], 2, False),
        ([2.0, 1.0, 3, 1.5], 2, True),
    ],
)
def test_a_training_stops_early_once_the_lowest_loss_is_too_long_ago(losses, patience, stops):
    assert stops_early([{"val_loss": loss} for loss in losses], patience) == stops
