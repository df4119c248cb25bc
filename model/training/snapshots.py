"""A Keras callback that reads eleven drawings every second, as the network is then, and keeps its first layer."""

import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.data import example_images
from model.networks import CLASSES, ORIGINS
from model.runs import (
    MAX_FILTERS,
    MAX_FRAMES,
    MAX_READINGS,
    Answer,
    Moment,
    Record,
    Thinned,
    append_reading,
    read_drawings,
    read_frames,
    read_readings,
    write_frames,
    write_readings,
)
from model.training.reading import Read

INTERVAL = 1.0  # seconds: reading takes some thousandths of it
WRITE_INTERVAL = 5.0  # seconds between two writes of filters.npz, which holds all frames
MAX_DENSE_FILTERS = 16  # of a dense layer, whose filters have 28×28 weights each


class KeepSnapshots(keras.callbacks.Callback):
    """Writes a row of readings.csv and a frame of filters.npz: before the training, every second, and at its end."""

    def __init__(
        self,
        network: keras.Model,
        read: Read,
        folder: Path,
        record: Record,
        steps: int,
        done: int,
    ) -> None:
        """`read` is the `network`, traced; an epoch has `steps`; `done` epochs are over."""
        super().__init__()
        self.network, self.read, self.folder, self.record, self.steps = network, read, folder, record, steps
        self.others = example_images(record.settings.skipped).astype(np.float32) / 255
        self.own: np.ndarray | None = None
        self.drawing: int | None = None  # the number of that one
        self.begun, self.last, self.written = float(done), 0.0, 0.0
        self.moments = Thinned(MAX_READINGS, read_readings(folder))
        frames = read_frames(folder)
        known = [] if frames is None else [(float(epoch), each) for epoch, each in zip(*frames, strict=True)]
        self.frames = Thinned(MAX_FRAMES, known)

    def on_train_begin(self, logs: dict | None = None) -> None:
        self._keep(self.begun)

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.begun = float(epoch)

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        if time.monotonic() - self.last > INTERVAL:
            self._keep(self.begun + (batch + 1) / self.steps)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.begun = epoch + 1.0

    def on_train_end(self, logs: dict | None = None) -> None:
        self._keep(self.begun, over=True)

    def _keep(self, epoch: float, over: bool = False) -> None:
        """Keeps what the network says now, and its filters, unless they are no longer numbers: it may have diverged."""
        self._look_for_drawing()
        images = self.others if self.own is None else np.concatenate([self.own[None], self.others])
        shares = to_digits(self.read(tf.constant(images[..., None])).numpy())
        if np.isfinite(shares).all():
            self._keep_answers(epoch, shares)
        filters = first_filters(self.network)
        if filters is not None and np.isfinite(filters).all():
            self.frames.add((epoch, filters))
        self.last = time.monotonic()
        if self.frames.values and (over or self.last - self.written > WRITE_INTERVAL):
            write_frames(self.folder, self.frames.values)
            self.written = self.last

    def _keep_answers(self, epoch: float, shares: np.ndarray) -> None:
        answers = [Answer(int(each.argmax()), float(each.max())) for each in shares]
        own = None if self.own is None else answers.pop(0)
        moment = Moment(epoch, tuple(answers), own, self.drawing)
        if self.moments.add(moment):
            write_readings(self.folder, self.moments.values)
        else:
            append_reading(self.folder, moment)

    def _look_for_drawing(self) -> None:
        """Takes the drawing that the page has handed over last."""
        if drawings := read_drawings(self.folder):
            self.own, self.drawing = drawings[-1].astype(np.float32) / 255, len(drawings) - 1


def to_digits(answers: np.ndarray) -> np.ndarray:
    """The probabilities of the ten digits, float32 (N, 10), from the answers of a network in training.

    One that tells origins apart answers for each digit of each origin, and for what is no digit, which is left out.
    """
    digits = answers.astype(np.float32)
    if digits.shape[1] > CLASSES:
        digits = digits[:, : ORIGINS * CLASSES].reshape(-1, ORIGINS, CLASSES).sum(axis=1)
    return digits


def first_filters(network: keras.Model) -> np.ndarray | None:
    """The filters of the first layer that learns, float32 (N, H, W): what each looks for in the image.

    Those of a convolution, or of a dense layer that reads the whole image; None of anything else.
    """
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense):
            weights = np.asarray(layer.kernel, np.float32)
            if weights.ndim == 4 and weights.shape[2] == 1:
                return np.moveaxis(weights[:, :, 0, :MAX_FILTERS], -1, 0)
            if weights.ndim == 2 and weights.shape[0] == 28 * 28:
                return weights[:, :MAX_DENSE_FILTERS].T.reshape(-1, 28, 28)
            return None
    return None
