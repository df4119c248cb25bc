"""One training at a time in a folder of runs, by a lock that the system frees when its holder dies."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from model.errors import InputError

LOCK_FILE = ".training.lock"
PATIENCE = 0.5  # seconds: whoever looks whether a training runs holds the lock for a moment
_looking = Lock()  # so that two threads that look at a time do not see each other


@contextlib.contextmanager
def training_lock(runs: Path) -> Iterator[None]:
    """Held while a training runs in the folder `runs`. Raises InputError if another training holds it."""
    try:
        runs.mkdir(parents=True, exist_ok=True)
        lock = FileLock(runs / LOCK_FILE)
        lock.acquire(timeout=PATIENCE, poll_interval=0.01)
    except Timeout:
        raise InputError(f"Another training is running in {runs}: wait for its end, or cancel it.") from None
    except OSError as error:
        raise InputError(
            f"The folder {runs} cannot hold runs ({error.strerror or error}): move what is there away, or name another "
            "folder with --out or DIGITS_RUNS."
        ) from None
    try:
        yield
    finally:
        lock.release()


def training_runs(runs: Path) -> bool:
    """Whether a training is alive. A process id would not say: it may be another process by now."""
    path = runs / LOCK_FILE
    with _looking:
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
