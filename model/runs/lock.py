"""Locks in a folder of runs, which the system releases when their holder dies: one training at a time, and one change
of the queue."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from model.errors import InputError

LOCK_FILE, QUEUE_LOCK_FILE = ".training.lock", ".queue.lock"
TIMEOUT = 0.5  # seconds: `is_training` holds the lock for a moment, too
QUEUE_TIMEOUT = 10.0  # seconds: whoever changes the queue may delete old runs, but does nothing else that takes long
_checking = Lock()  # so that two threads in `is_training` do not take each other for a training


class AnotherTrainingError(InputError):
    """Another training is running in the same folder."""


@contextlib.contextmanager
def training_lock(runs: Path) -> Iterator[None]:
    """Holds the lock of the folder `runs`, which is made if it does not exist.

    Raises AnotherTrainingError if it is taken, and InputError if the folder cannot be used.
    """
    try:
        with _held(runs, LOCK_FILE, TIMEOUT):
            yield
    except Timeout:
        raise AnotherTrainingError(
            f"Another training is running in {runs}: wait for it to end, or cancel it."
        ) from None


@contextlib.contextmanager
def queue_lock(runs: Path) -> Iterator[None]:
    """Held by whoever changes the queue of trainings in `runs`. Raises InputError if that is impossible."""
    try:
        with _held(runs, QUEUE_LOCK_FILE, QUEUE_TIMEOUT):
            yield
    except Timeout:
        raise InputError("The queue of trainings is busy: try again in a moment.") from None


@contextlib.contextmanager
def _held(runs: Path, name: str, timeout: float) -> Iterator[None]:
    try:
        runs.mkdir(parents=True, exist_ok=True)
        lock = FileLock(runs / name)
        lock.acquire(timeout=timeout, poll_interval=0.01)
    except OSError as error:
        if isinstance(error, Timeout):
            raise
        raise InputError(
            f"The folder {runs} cannot hold runs ({error.strerror or error}): move away what is there, or name another "
            "folder with --out or DIGITS_RUNS."
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_training(runs: Path) -> bool:
    """Whether a training is alive in `runs`. A process id would not tell: another process may have it by now."""
    path = runs / LOCK_FILE
    with _checking:
        if not path.is_file():
            return False
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:
            return False
        lock.release()
        return False
