"""Runs train.py as a process of its own, and ends it, whoever started it.

It outlives the page's server and gives way to it, since reading a drawing comes first.
"""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from model.errors import InputError
from model.paths import TRAIN_SCRIPT
from model.processes import last_complaint, start_yielding
from model.runs.record import read_run_file, remove_leftovers, write_run_file
from model.runs.store import current_training, running_run

GRACE = 1.0  # seconds that a trainer has to end by itself, so that cancelling takes less than two
CANCEL_SIGNAL = signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGINT
OCCUPIED = 75  # the exit status of a trainer that found another one at work


@dataclass(frozen=True)
class Launch:
    """A trainer that this process started."""

    folder: Path
    """The folder of its run."""
    process: subprocess.Popen
    stderr: IO[bytes]

    def failure(self) -> str | None:
        """Why the trainer ended as it did, in a sentence; None while it runs, and if another training was running."""
        status = self.process.poll()
        if status in (None, OCCUPIED):
            return None
        self.stderr.seek(0)
        complaint = last_complaint(self.stderr.read().decode(errors="replace"), TRAIN_SCRIPT.name)
        return complaint or f"The trainer ended before it began (status {status}): train again."

    def end(self) -> None:
        """Ends the trainer, which loses nothing as long as it has not begun to train."""
        self.process.kill()
        self.process.wait()


def launch_trainer(folder: Path, flags: list[str]) -> Launch:
    """Starts train.py for the run in a folder. Raises InputError if that is impossible."""
    command = [sys.executable, str(TRAIN_SCRIPT), "--out", str(folder.absolute()), *flags]
    try:
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it is deleted when the last process closes it
        process = start_yielding(command, stderr=stderr)
    except OSError as error:
        raise InputError(f"The training cannot be started ({error.strerror or error}): free some memory.") from None
    return Launch(folder, process, stderr)


def cancel_running(runs: Path, name: str) -> None:
    """Ends the training `name` in `runs` within two seconds, whatever it is doing; does nothing if it is not running.

    Its curves and its last complete epoch are kept. Raises InputError if whatever holds the lock is not a trainer.
    """
    if running_run(runs) != name:
        return
    process = _find_process(runs)
    with contextlib.suppress(psutil.Error, OSError):
        process.send_signal(CANCEL_SIGNAL)
    if not _wait_for_end(runs, name):
        with contextlib.suppress(psutil.Error):
            process.kill()
        _wait_for_end(runs, name)
    note_cancelled(runs / name)


def _wait_for_end(runs: Path, name: str) -> bool:
    """Whether the training ends within the grace period."""
    deadline = time.monotonic() + GRACE
    while not (over := running_run(runs) != name) and time.monotonic() < deadline:
        time.sleep(0.02)
    return over


def _find_process(runs: Path) -> psutil.Process:
    """The process of the trainer. While the lock is held, the process id noted beside it is the holder's."""
    try:
        process = psutil.Process(current_training(runs)["pid"])
        if any(Path(part).name == TRAIN_SCRIPT.name for part in process.cmdline()):
            return process
    except (psutil.Error, KeyError, ValueError, OverflowError):
        pass
    raise InputError(f"The training in {runs} cannot be cancelled from here: press Ctrl-C where it was started.")


def note_cancelled(folder: Path) -> None:
    """Marks the run as cancelled, on behalf of a trainer that was killed before it could."""
    with contextlib.suppress(InputError, OSError):
        run = read_run_file(folder)
        remove_leftovers(folder)
        if run.get("status") == "running":
            write_run_file(folder, run | {"status": "cancelled"})
