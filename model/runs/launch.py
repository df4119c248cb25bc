"""Runs train.py as a process of its own: starts it, resumes it, and cancels it, whoever started it.

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
from model.files import read_json
from model.paths import TRAIN_SCRIPT
from model.processes import last_complaint, start_yielding
from model.runs.lock import is_training
from model.runs.record import RUN_FILE, read_run_file, remove_leftovers, write_run_file
from model.runs.settings import Settings, check_data, check_settings, to_flags
from model.runs.store import current_training, make_room, new_run_name

GRACE = 1.0  # seconds that a trainer has to end by itself, so that cancelling takes less than two
CANCEL_SIGNAL = signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGINT
ALREADY_RUNNING = "Another training is running: wait for it to end, or cancel it."


@dataclass(frozen=True)
class Launch:
    """A trainer that this process started."""

    folder: Path
    """The folder of its run."""
    process: subprocess.Popen
    stderr: IO[bytes]
    deleted: tuple[str, ...] = ()
    """The names of the oldest runs, deleted to make room for it."""

    def failure(self) -> str | None:
        """Why the trainer ended without leaving a run, in a sentence; None while it runs, or if its run says why."""
        status = self.process.poll()
        if status is None:
            return None
        self.stderr.seek(0)
        complaint = last_complaint(self.stderr.read().decode(errors="replace"), TRAIN_SCRIPT.name)
        left_a_run = read_json(self.folder / RUN_FILE).get("pid") == self.process.pid
        return complaint if status in (1, 2) and not left_a_run else None  # else it is done or cancelled


def start_training(runs: Path, settings: Settings) -> Launch:
    """Starts train.py with these settings, for a new run in `runs`. Raises InputError if that is impossible.

    If `runs` is full, the oldest runs are deleted, but only once the settings and the data have been checked. If two
    trainings start at the same time, the lock lets one through; the other ends at once, and its `failure` says why.
    """
    if is_training(runs):
        raise InputError(ALREADY_RUNNING)
    check_settings(settings)
    check_data(settings)
    deleted = tuple(make_room(runs))
    folder = runs / new_run_name(runs, settings.network, settings.folds)
    return _launch(folder, to_flags(settings), deleted)


def resume_training(runs: Path, name: str) -> Launch:
    """Starts train.py to continue the run `name` in `runs` with its own settings. Raises InputError if impossible."""
    if is_training(runs):
        raise InputError(ALREADY_RUNNING)
    read_run_file(runs / name)
    return _launch(runs / name, ["--resume"])


def _launch(folder: Path, flags: list[str], deleted: tuple[str, ...] = ()) -> Launch:
    command = [sys.executable, str(TRAIN_SCRIPT), "--out", str(folder), *flags]
    try:
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it is deleted when the last process closes it
        process = start_yielding(command, stderr=stderr)
    except OSError as error:
        raise InputError(f"The training cannot be started ({error.strerror or error}): free some memory.") from None
    return Launch(folder, process, stderr, deleted)


def cancel_training(runs: Path, launch: Launch | None = None) -> None:
    """Ends the training in `runs`, or the one just launched, within two seconds, whatever it is doing.

    Its curves and its last complete epoch are kept. Raises InputError if whatever holds the lock is not a trainer.
    """
    if _is_over(runs, launch):
        return
    process = _find_process(runs, launch)
    with contextlib.suppress(psutil.Error, OSError):
        process.send_signal(CANCEL_SIGNAL)
    if not _wait_for_end(runs, launch):
        with contextlib.suppress(psutil.Error):
            process.kill()
        _wait_for_end(runs, launch)
    _note_cancelled(runs, process.pid)


def _is_over(runs: Path, launch: Launch | None) -> bool:
    return not is_training(runs) and (launch is None or launch.process.poll() is not None)


def _wait_for_end(runs: Path, launch: Launch | None) -> bool:
    """Whether the training ends within the grace period."""
    deadline = time.monotonic() + GRACE
    while not (over := _is_over(runs, launch)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return over


def _find_process(runs: Path, launch: Launch | None) -> psutil.Process:
    """The process of the trainer. While the lock is held, the process id noted beside it is the holder's."""
    pid = current_training(runs).get("pid") if is_training(runs) else launch and launch.process.pid
    try:
        process = psutil.Process(pid)
        if any(Path(part).name == TRAIN_SCRIPT.name for part in process.cmdline()):
            return process
    except (psutil.Error, TypeError, ValueError, OverflowError):
        pass
    raise InputError(f"The training in {runs} cannot be cancelled from here: press Ctrl-C where it was started.")


def _note_cancelled(runs: Path, pid: int) -> None:
    """Marks the run as cancelled, on behalf of a trainer that was killed before it could."""
    current = current_training(runs)
    if current.get("pid") != pid:
        return
    with contextlib.suppress(InputError, OSError):
        folder = runs / current["run"]
        run = read_run_file(folder)
        remove_leftovers(folder)
        if run.get("status") == "running":
            write_run_file(folder, run | {"status": "cancelled"})
