"""A log for TensorBoard in the folder of a run: `pip install tensorboard`, then `tensorboard --logdir runs`.

Keras's own callback needs TensorBoard to write what only TensorBoard reads; TensorFlow alone can write it, too.
"""

from pathlib import Path

import keras
import tensorflow as tf

LOG_FOLDER = "log"
# What the curves of each part are called in the history
CURVES = {
    "train": {"accuracy": "accuracy", "loss": "loss"},
    "validation": {"accuracy": "val_accuracy", "loss": "val_loss"},
}


class LogForTensorBoard(keras.callbacks.Callback):
    """Writes accuracy and loss after each epoch, as `keras.callbacks.TensorBoard` does."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the run; TensorBoard calls its curves by its name."""
        super().__init__()
        self.writers = {part: tf.summary.create_file_writer(str(folder / LOG_FOLDER / part)) for part in CURVES}
        # What tensorboard.plugins.scalar.metadata says of every curve
        self.metadata = tf.compat.v1.SummaryMetadata(data_class=1)  # a scalar
        self.metadata.plugin_data.plugin_name = "scalars"

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        for part, curves in CURVES.items():
            with self.writers[part].as_default():
                for curve, name in curves.items():
                    value = tf.constant((logs or {})[name], tf.float32)
                    tf.summary.write(f"epoch_{curve}", value, epoch, metadata=self.metadata)
            self.writers[part].flush()

    def on_train_end(self, logs: dict | None = None) -> None:
        for writer in self.writers.values():
            writer.close()
