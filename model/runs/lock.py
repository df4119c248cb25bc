"""Allows one training at a time in a folder of runs: a lock that the system releases when its holder dies."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from model.errors import InputError

LOCK_FILE = ".training.lock"
TIMEOUT = 0.5  # seconds: `is_training` holds the lock for a moment, too
_checking = Lock()  # so that two threads in `is_training` do not take each other for a training


@contextlib.contextmanager
def training_lock(runs: Path) -> Iterator[None]:
    """Holds the lock of the folder `runs`, which is made if it does not exist. Raises InputError if it is taken."""
    try:
        runs.mkdir(parents=True, exist_ok=True)
        lock = FileLock(runs / LOCK_FILE)
        lock.acquire(timeout=TIMEOUT, poll_interval=0.01)
    except Timeout:
        raise InputError(f"Another training is running in {runs}: wait for it to end, or cancel it.") from None
    except OSError as error:
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
