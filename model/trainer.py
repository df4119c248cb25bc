"""train.py as a process of its own: started, found again by whoever looks, and cancelled.

It outlives the server of the page, and yields to it: reading a drawing comes first.
"""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import psutil

from model.errors import InputError
from model.files import read_json
from model.lock import training_runs
from model.runs import RUN_FILE, current_training, make_room, new_name, read_run, remove_leftovers, write_run
from model.settings import check_data, check_settings

TRAIN = Path(__file__).parent.parent / "train.py"
WINDOWS = sys.platform == "win32"
LOWEST_PRIORITY = 19  # as Unix counts
# Linux may share time among sessions first, whatever the priority of their processes. This leaves the trainer a fourth
# of a core that someone else keeps busy; with 19, another program could bring it to a halt.
SESSION_PRIORITY = 5
PATIENCE = 1.0  # seconds for a trainer to end by itself, so that cancelling takes less than two
ALREADY_RUNNING = "A training is running already, and is shown below: wait for its end, or cancel it."


@dataclass(frozen=True)
class Launch:
    """A trainer that was started from here."""

    folder: Path  # of its run
    process: subprocess.Popen
    output: IO[bytes]  # what it writes to stderr
    deleted: tuple[str, ...] = ()  # the oldest runs, which made room for it

    def failure(self) -> str | None:
        """Why it ended without ever leaving a run, in a sentence; None while it runs, or if its run says so."""
        status = self.process.poll()
        if status is None:
            return None
        self.output.seek(0)
        lines = self.output.read().decode(errors="replace").splitlines()
        said = [line.removeprefix("train.py: ") for line in lines if line.strip()]
        left_a_run = read_json(self.folder / RUN_FILE).get("pid") == self.process.pid
        return said[-1] if status in (1, 2) and said and not left_a_run else None  # else it is done or cancelled


def start_training(runs: Path, settings: dict[str, Any]) -> Launch:
    """Starts train.py with these settings, for a new run in `runs`. Raises InputError if it cannot.

    Where `runs` holds as many as are kept, the oldest go, but only for a training that can begin.
    Of two that start at the same time, the lock lets one through; the other ends at once, and `failure` says so.
    """
    if training_runs(runs):
        raise InputError(ALREADY_RUNNING)
    check_settings(settings)
    check_data(settings)
    deleted = tuple(make_room(runs))
    launch = _launch(runs / new_name(runs, settings["network"], settings["folds"]), _flags(settings))
    return replace(launch, deleted=deleted)


def resume_training(runs: Path, name: str) -> Launch:
    """Has train.py go on with the run `name` in `runs`, as it was set. Raises InputError if it cannot."""
    if training_runs(runs):
        raise InputError(ALREADY_RUNNING)
    read_run(runs / name)
    return _launch(runs / name, ["--resume"])


def _launch(folder: Path, flags: list[str]) -> Launch:
    command = [sys.executable, str(TRAIN), "--out", str(folder), *flags]
    try:
        output = tempfile.TemporaryFile()  # noqa: SIM115 - gone once nobody has it open any more
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output, **apart()
        )
    except OSError as error:
        raise InputError(f"The trainer cannot be started ({error.strerror or error}): free some memory.") from None
    yield_to_others(process.pid)
    return Launch(folder, process, output)


def _flags(settings: dict[str, Any]) -> list[str]:
    flags = []
    for key, value in settings.items():
        flag = f"--{key.replace('_', '-')}"
        if isinstance(value, bool):
            flags.append(flag if value else f"--no-{key}")
        elif value is not None:
            flags += [flag, str(value)]
    return flags


def apart() -> dict[str, Any]:
    """Out of reach of the Ctrl-C that ends the server, and sharing time as a session of its own."""
    if WINDOWS:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.IDLE_PRIORITY_CLASS}
    return {"start_new_session": True}


def yield_to_others(pid: int) -> None:
    """Has a process work only where nobody else does: reading a drawing comes first."""
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(psutil.IDLE_PRIORITY_CLASS if WINDOWS else LOWEST_PRIORITY)
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(SESSION_PRIORITY))


def cancel_training(runs: Path, launch: Launch | None = None) -> None:
    """Ends the training in `runs`, or the one just started: within two seconds, whatever it is busy with.

    Its curves and its last whole epoch stay. Raises InputError if it is not a trainer's process that holds the lock.
    """
    if _over(runs, launch):
        return
    process = _find_process(runs, launch)
    with contextlib.suppress(psutil.Error, OSError):
        process.send_signal(signal.CTRL_BREAK_EVENT if WINDOWS else signal.SIGINT)
    if not _wait(runs, launch):
        with contextlib.suppress(psutil.Error):
            process.kill()
        _wait(runs, launch)
    _note_cancelled(runs, process.pid)


def _over(runs: Path, launch: Launch | None) -> bool:
    return not training_runs(runs) and (launch is None or launch.process.poll() is not None)


def _wait(runs: Path, launch: Launch | None) -> bool:
    """Whether the training is over, after a little patience."""
    deadline = time.monotonic() + PATIENCE
    while not (over := _over(runs, launch)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return over


def _find_process(runs: Path, launch: Launch | None) -> psutil.Process:
    """The process that trains. While the lock is held, the process id beside it is that of its holder."""
    pid = current_training(runs).get("pid") if training_runs(runs) else launch and launch.process.pid
    try:
        process = psutil.Process(pid)
        if any(Path(part).name == TRAIN.name for part in process.cmdline()):
            return process
    except (psutil.Error, TypeError, ValueError, OverflowError):
        pass
    raise InputError(f"The training in {runs} cannot be cancelled from here: press Ctrl-C where it was started.")


def _note_cancelled(runs: Path, pid: int) -> None:
    """For a trainer that had no time to say so itself."""
    current = current_training(runs)
    if current.get("pid") != pid:
        return
    with contextlib.suppress(InputError, OSError):
        folder = runs / current["run"]
        run = read_run(folder)
        remove_leftovers(folder)
        if run.get("status") == "running":
            write_run(folder, run | {"status": "cancelled"})
