"""Keras callbacks: they report the progress of a training, keep each epoch, and stop early."""

import contextlib
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from model.data import Score, score_drawings
from model.errors import DivergedError, InputError
from model.networks import save_network
from model.runs import MODEL_FILE, Progress, Record, append_history, read_history

TRAINING_WORK = 3  # training on an image takes about three times as long as validating on it
VALIDATION_BATCH_SIZE = 500


class ShowProgress(keras.callbacks.Callback):
    """Keeps `record.progress` up to date. In cross-validation, fraction and time left are those of all folds."""

    def __init__(self, record: Record, images: int, validated: int, done: int, fold: int | None = None) -> None:
        """For a training on `images` images, validated on `validated` after each epoch; `done` epochs are behind it."""
        super().__init__()
        self.record, self.images, self.validated, self.fold = record, images, validated, fold
        settings = record.settings
        self.folds = settings.folds if fold else None
        self.batch_size, self.epochs = settings.batch_size, settings.epochs
        self.epoch_work = TRAINING_WORK * images + validated
        self.epochs_before = self.epochs * (fold - 1 if fold else 0)
        self.total_work = self.epochs * (self.folds or 1) * self.epoch_work
        self.epoch, self.batch, self.trained, self.checked = done, 0, 0, 0
        self.first_batch = self.epoch_started = self.images_per_second = self.work_before = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch, self.batch, self.trained, self.checked = epoch, 0, 0, 0
        self.epoch_started = self._now()

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        self.batch, self.trained = batch + 1, min(self.images, (batch + 1) * self.batch_size)
        if not self.first_batch:  # it also builds the graph, so it says nothing about the rate
            self.first_batch = self._now()
            self.work_before = self._work()
        self._update("")

    def on_test_batch_end(self, batch: int, logs: dict | None = None) -> None:
        self.checked = min(self.validated, (batch + 1) * VALIDATION_BATCH_SIZE)
        self._update("validating")

    def _now(self) -> float:
        """Seconds by a clock that stands still while the training is paused."""
        return time.perf_counter() - self.record.paused

    def _work(self) -> float:
        """The work done so far, in images validated."""
        epochs = self.epochs_before + self.epoch
        return epochs * self.epoch_work + TRAINING_WORK * self.trained + self.checked

    def _update(self, phase: str) -> None:
        now, work = self._now(), self._work()
        if not phase:
            self.images_per_second = round(self.trained / (now - self.epoch_started))
        progress = Progress(
            phase=phase,
            epoch=self.epoch + 1,
            epochs=self.epochs,
            batch=self.batch,
            batches=-(-self.images // self.batch_size),
            fraction=round(work / self.total_work, 4),
            fold=self.fold,
            folds=self.folds,
            images_per_second=self.images_per_second,
        )
        if now - self.first_batch > 1:
            rate = (work - self.work_before) / (now - self.first_batch)
            progress = replace(progress, seconds_left=round((self.total_work - work) / rate, 1))
        self.record.progress = progress


class RecordEpochs(keras.callbacks.Callback):
    """After each epoch, writes a row of history.csv, then the network with its optimizer, to resume from.

    In this order, because being killed between the two then costs an epoch but never a row of the curve. Raises
    InputError when the loss is no longer a number.
    """

    def __init__(self, network: keras.Model, folder: Path, record: Record, test_images: int | None) -> None:
        """`test_images`: how many test images it is validated on, so that each epoch gives the run's metrics.

        None if it is validated on others.
        """
        super().__init__()
        self.network, self.folder, self.record, self.test_images = network, folder, record, test_images
        self.started = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.started = time.perf_counter() - self.record.paused

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = logs or {}
        row = {name: round(figures[name], 6) for name in ("accuracy", "loss", "val_accuracy", "val_loss")}
        if not math.isfinite(row["loss"] + row["val_loss"]):
            raise DivergedError(f"The loss is no longer a number in epoch {epoch + 1}: choose a lower learning rate.")
        seconds = round(time.perf_counter() - self.record.paused - self.started, 3)
        append_history(self.folder, {"epoch": epoch + 1, **row, "seconds": seconds})
        if self.test_images:
            skipped = self.record.settings.skipped
            self.record.metrics = measure(row["val_accuracy"], row["val_loss"], self.test_images, self.network, skipped)
        save_network(self.network, self.folder / MODEL_FILE)
        if not sys.stdout.isatty():
            print(_in_words(row, epoch + 1, self.record.settings.epochs), flush=True)


class StopEarly(keras.callbacks.Callback):
    """Ends the training once the loss on validation images has not fallen for so many epochs.

    Keras's own forgets what came before when a run is resumed; this one looks it up, after `RecordEpochs` wrote it.
    """

    def __init__(self, folder: Path, patience: int) -> None:
        """`folder` is where the history is."""
        super().__init__()
        self.folder, self.patience = folder, patience

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        if stops_early(read_history(self.folder), self.patience):
            self.model.stop_training = True  # pyright: ignore[reportOptionalMemberAccess] - set before it is called


def stops_early(rows: Sequence[dict[str, float]], patience: int) -> bool:
    """Whether the loss on validation images was lowest so many epochs ago, or longer."""
    losses = [row["val_loss"] for row in rows]
    return bool(losses) and len(losses) - 1 - losses.index(min(losses)) >= patience


def measure(
    accuracy: float, loss: float, test_images: int, network: keras.Model, skipped: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The metrics of a run: accuracy and loss on so many test images, and the network's score on real drawings.

    These are prepared without the `skipped` steps.
    """
    metrics = {"test_accuracy": round(accuracy, 6), "test_loss": round(loss, 6), "test_images": test_images}
    if (drawings := score(network, skipped)) is not None:
        metrics["real_drawings"] = drawings._asdict()
    return metrics


def score(network: keras.Model, skipped: tuple[str, ...] = ()) -> Score | None:
    """The network's score on real drawings, prepared without the `skipped` steps; None if they are missing."""
    with contextlib.suppress(InputError):
        return score_drawings(lambda images: np.asarray(network(images[..., None], training=False)), skipped)
    return None


def _in_words(row: dict[str, float], epoch: int, epochs: int) -> str:
    return (
        f"epoch {epoch}/{epochs}  accuracy {row['accuracy']:.4f}  loss {row['loss']:.4f}  "
        f"validation accuracy {row['val_accuracy']:.4f}  loss {row['val_loss']:.4f}"
    )
