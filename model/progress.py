"""How far a training is: told to Keras' callbacks, and written to run.json and the terminal by a thread of its own.

A thread, because importing TensorFlow, downloading, checking and saving take seconds in which no batch ends.
"""

import contextlib
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from model.backend import import_keras
from model.errors import InputError
from model.history import append_history
from model.runs import write_run

if TYPE_CHECKING:
    import keras

WRITE_EVERY = 0.5  # seconds between two writes of run.json
TRAINING_WORK = 3  # training on an image takes about three times as long as reading it
CHECK_BATCH = 500  # images through the network at a time when it is only checked


@contextlib.contextmanager
def reporting(folder: Path, run: dict[str, Any]) -> Iterator[None]:
    """Keeps run.json current meanwhile, and a line on the terminal if there is one."""
    before, started = run.get("seconds", 0.0), time.perf_counter()
    over = Event()

    def report() -> None:
        run["seconds"] = round(before + time.perf_counter() - started, 1)
        write_run(folder, dict(run))  # the trainer adds to it meanwhile
        if sys.stdout.isatty():
            print(f"\r\033[K{in_words(run['progress'])}", end="", flush=True)

    def keep_reporting() -> None:
        while not over.wait(WRITE_EVERY):
            with contextlib.suppress(OSError):  # a full disk ends the training where it saves, and says so there
                report()

    report()
    thread = Thread(target=keep_reporting, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        run["seconds"] = round(before + time.perf_counter() - started, 1)
        if sys.stdout.isatty():
            print("\r\033[K", end="")


def in_words(progress: dict[str, Any]) -> str:
    """Epoch and batch, images per second and time left, or what is done before the first batch."""
    words = [f"Fold {progress.get('fold', 1):.0f} of {progress['folds']:.0f}"] if progress.get("folds") else []
    if not progress.get("batches"):
        return " · ".join(filter(None, [*words, str(progress.get("phase", ""))]))
    epoch, epochs, batch = (progress.get(name, 0) for name in ("epoch", "epochs", "batch"))
    words.append(f"Epoch {epoch:.0f} of {epochs:.0f}")
    words.append(progress.get("phase") or f"batch {batch:,.0f} of {progress['batches']:,.0f}")
    if rate := progress.get("images_per_second"):
        words.append(f"{rate:,.0f} images/s")
    if (left := progress.get("seconds_left")) is not None:
        words.append(f"{duration(left)} left")
    return " · ".join(words)


def duration(seconds: float) -> str:
    """As a person says it: 8 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def show_progress(
    run: dict[str, Any], images: int, checked: int, done: int, fold: int | None = None
) -> "keras.callbacks.Callback":
    """Keeps run["progress"] current, for a training on `images` that is checked on `checked` after each epoch.

    `done` epochs have been trained before. For one of several folds, counted from 1, the share and the time left are
    those of all. Each progress is a new dictionary, so that the thread that writes it never sees half of one.
    """
    keras = import_keras()
    batch_size, epochs = run["settings"]["batch_size"], run["settings"]["epochs"]
    batches = -(-images // batch_size)
    epoch_work = TRAINING_WORK * images + checked
    folds = run["settings"].get("folds") if fold else None
    all_epochs, epochs_before = epochs * (folds or 1), epochs * (fold - 1 if fold else 0)

    class ShowProgress(keras.callbacks.Callback):
        def on_train_begin(self, logs: dict | None = None) -> None:
            self.first_batch = self.epoch_started = None
            self.epoch, self.batch, self.trained, self.checked = done, 0, 0, 0

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.epoch, self.batch, self.trained, self.checked = epoch, 0, 0, 0
            self.epoch_started = time.perf_counter()

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            self.batch, self.trained = batch + 1, min(images, (batch + 1) * batch_size)
            if self.first_batch is None:  # the first one also builds the graph, which says nothing of the rate
                self.first_batch = time.perf_counter()
                self.work_before = self.work()
            self.update("")

        def on_test_batch_end(self, batch: int, logs: dict | None = None) -> None:
            self.checked = min(checked, (batch + 1) * CHECK_BATCH)
            self.update("checking")

        def work(self) -> int:
            return (epochs_before + self.epoch) * epoch_work + TRAINING_WORK * self.trained + self.checked

        def update(self, phase: str) -> None:
            now, work = time.perf_counter(), self.work()
            progress = {
                "phase": phase,
                "epoch": self.epoch + 1,
                "epochs": epochs,
                "batch": self.batch,
                "batches": batches,
                "fraction": round(work / (all_epochs * epoch_work), 4),
            }
            if folds:
                progress |= {"fold": fold, "folds": folds}
            if not phase:
                self.images_per_second = round(self.trained / (now - self.epoch_started))
            progress["images_per_second"] = self.images_per_second
            if now - self.first_batch > 1:
                rate = (work - self.work_before) / (now - self.first_batch)
                progress["seconds_left"] = round((all_epochs * epoch_work - work) / rate, 1)
            run["progress"] = progress

    return ShowProgress()


def record_epochs(
    folder: Path, run: dict[str, Any], save: Callable[["keras.Model", Path], None], on_test_images: bool
) -> "keras.callbacks.Callback":
    """After each epoch: a row of history.csv, then the network with its optimizer, to resume from.

    In this order, because a kill between the two then costs an epoch, and never a row of the curve. Raises InputError
    if the loss is no number any more.
    """
    keras = import_keras()

    class RecordEpochs(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.started = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            row = {name: round(logs[name], 6) for name in ("accuracy", "loss", "val_accuracy", "val_loss")}
            if not math.isfinite(row["loss"] + row["val_loss"]):
                raise InputError(f"The loss is no number any more in epoch {epoch + 1}: choose a lower learning rate.")
            append_history(folder, {"epoch": epoch + 1, **row, "seconds": round(time.perf_counter() - self.started, 3)})
            if on_test_images:
                run["metrics"] = {"test_accuracy": row["val_accuracy"], "test_loss": row["val_loss"]}
            save(self.model, folder)
            if not sys.stdout.isatty():
                print(_row_in_words(row, epoch + 1, run["settings"]["epochs"]), flush=True)

    return RecordEpochs()


def _row_in_words(row: dict[str, float], epoch: int, epochs: int) -> str:
    return (
        f"epoch {epoch}/{epochs}  accuracy {row['accuracy']:.4f}  loss {row['loss']:.4f}  "
        f"validation accuracy {row['val_accuracy']:.4f}  loss {row['val_loss']:.4f}"
    )
