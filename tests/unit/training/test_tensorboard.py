"""The log for TensorBoard, read back with TensorFlow's own reader."""

import pytest
import tensorflow as tf

from model.training.tensorboard import LogForTensorBoard


def events(folder):
    """The values of each curve by the number of its epoch, from the one file in a folder."""
    (path,) = folder.iterdir()
    found = {}
    for record in tf.data.TFRecordDataset(str(path)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            assert value.metadata.plugin_data.plugin_name == "scalars"
            found.setdefault(value.tag, {})[event.step] = float(tf.make_ndarray(value.tensor))
    return found


def test_the_log_holds_the_curves_of_both_parts(tmp_path):
    log = LogForTensorBoard(tmp_path)
    for epoch in (0, 1):
        rows = {"accuracy": 0.5, "loss": 2.0, "val_accuracy": 0.25, "val_loss": 3.0}
        log.on_epoch_end(epoch, {name: value + epoch for name, value in rows.items()})
    log.on_train_end()
    train, validation = (events(tmp_path / "log" / part) for part in ("train", "validation"))
    assert train == {"epoch_accuracy": {0: 0.5, 1: 1.5}, "epoch_loss": {0: 2.0, 1: 3.0}}
    assert validation["epoch_loss"] == pytest.approx({0: 3.0, 1: 4.0})
