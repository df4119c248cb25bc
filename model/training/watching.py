"""Keras callbacks for those who watch a training: curves that grow while an epoch runs, and pausing."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.data import Images
from model.runs import PAUSED, Record, append_moment, wished
from model.training.reading import Read
from model.training.snapshots import to_digits

MOMENTS = 300  # of a whole training: more cannot be told apart in its curves
MOMENTS_OF_EPOCH, MIN_MOMENTS = 10, 30  # of an epoch, and of a whole training, unless it has fewer batches
MIN_INTERVAL = 0.15  # seconds between two moments, so that those of a small data set take no time
SAMPLE = 500  # images that are read at some of the moments, a sample of those it is validated on
SAMPLED_EVERY = 3  # moments
POLL_INTERVAL = 0.1  # seconds between two looks at what is wished


class RecordMoments(keras.callbacks.Callback):
    """Several times an epoch, writes a row of moments.csv: the training curve since the last one, and that of a sample.

    The sample is read by the network as it is at that moment; reading it takes some hundredths of the training.
    """

    def __init__(
        self,
        network: keras.Model,
        read: Read,
        folder: Path,
        epochs: int,
        steps: int,
        images: Images,
        targets: np.ndarray,
    ) -> None:
        """`read` is the `network`, traced; `steps` is the number of batches of an epoch.

        `images` and their `targets` are those it is validated on.
        """
        super().__init__()
        self.read, self.folder, self.steps = read, folder, steps
        moments = min(max(MOMENTS_OF_EPOCH, MIN_MOMENTS // epochs), MOMENTS // epochs)
        self.every = -(-steps // max(1, moments))
        places = np.linspace(0, len(images.labels) - 1, min(SAMPLE, len(images.labels))).astype(int)
        self.labels, self.targets = images.labels[places], tf.constant(targets[places])
        self.inputs = tf.constant(images.images[places][..., None], tf.float32) / 255
        self.measure_loss: Callable = keras.losses.get(network.loss)  # pyright: ignore[reportAttributeAccessIssue]
        self.epoch, self.written, self.last = 0, 0, 0.0
        self.before = np.zeros(3)  # batches of this epoch up to the last moment, their losses and accuracies

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch, self.before = epoch, np.zeros(3)

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        now, done = time.monotonic(), batch + 1
        due = done % self.every == 0 and now - self.last > MIN_INTERVAL
        if not due and done < self.steps and self.written:  # the first batch and each epoch's last one are due
            return
        figures = {name: float((logs or {})[name]) for name in ("loss", "accuracy")}
        so_far = np.array([1, figures["loss"], figures["accuracy"]]) * done
        count, loss, accuracy = so_far - self.before
        row = {"accuracy": min(max(accuracy / count, 0.0), 1.0), "loss": max(loss / count, 0.0)}
        if self.written % SAMPLED_EVERY == 0:
            row |= self._read_sample()
        row = {name: round(value, 6) for name, value in row.items()}
        append_moment(self.folder, {"epoch": round(self.epoch + done / self.steps, 4), **row})
        self.before, self.written, self.last = so_far, self.written + 1, now

    def _read_sample(self) -> dict[str, float]:
        answers = self.read(self.inputs)
        digits = to_digits(answers.numpy())
        loss = float(np.mean(self.measure_loss(self.targets, answers)))
        return {"val_accuracy": float(np.mean(digits.argmax(axis=1) == self.labels)), "val_loss": loss}


class TakeWishes(keras.callbacks.Callback):
    """Pauses the training between two batches for as long as somebody wishes, and makes single steps.

    A paused trainer sleeps. The seconds that it was paused are added to `record.paused`.
    """

    def __init__(self, folder: Path, record: Record) -> None:
        """`folder` is that of the run, where the wishes are."""
        super().__init__()
        self.folder, self.record = folder, record
        self.taken = wished(folder)[1]  # the number of the step that was begun last
        self.looked, self.stepping = 0.0, False

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self._obey("epoch")

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        if self.stepping or time.monotonic() - self.looked > POLL_INTERVAL:
            self._obey("batch")

    def _obey(self, over: str) -> None:
        """Returns when the next batch may be trained. `over` is what ends here."""
        began = time.monotonic()
        while self._must_wait(over):
            self.record.progress = replace(self.record.progress, phase=PAUSED, seconds_left=None)
            time.sleep(POLL_INTERVAL)
            self.record.paused += time.monotonic() - began
            began = time.monotonic()
        self.looked = began
        if self.record.progress.phase == PAUSED:
            self.record.progress = replace(self.record.progress, phase="")

    def _must_wait(self, over: str) -> bool:
        what, number = wished(self.folder)
        if what in ("batch", "epoch") and number > self.taken:
            self.taken, self.stepping = number, what == "batch"
            return False
        self.stepping = False
        return what in ("pause", over)
