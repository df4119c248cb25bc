"""Trainings that wait for their turn: one trains at a time, and whoever has waited longest comes next.

A training that waits is a run folder already, whose run.json says `queued` and which place it has. So it survives any
restart, and starting it is nothing but running its trainer. `start_next` does that; the page calls it now and then.
"""

import shutil
from collections.abc import Collection
from pathlib import Path
from threading import Lock

from model.errors import InputError
from model.files import explaining_os_errors, read_json
from model.runs.checks import check_settings
from model.runs.files import check_data, with_absolute_paths
from model.runs.launch import Launch, cancel_running, launch_trainer, note_cancelled
from model.runs.lock import is_training, queue_lock
from model.runs.progress import Progress
from model.runs.record import RUN_FILE, Record, check_clock, read_run_file, write_run_file
from model.runs.run import Run
from model.runs.settings import Settings
from model.runs.store import delete_run, find_run, list_runs, make_room, new_run_name, next_number, running_run
from model.runs.values import is_name

MAX_WAITING, MAX_WAITING_EACH = 20, 3  # trainings that wait, of all visitors and of each
QUEUE_FULL = f"You have {MAX_WAITING_EACH} trainings in the queue: withdraw one, or wait until one begins."

_launches: dict[Path, Launch] = {}  # the trainer that this process started last, by the folder of runs
_starting = Lock()  # held by the thread that looks after `_launches`


def queue_training(
    runs: Path, settings: Settings, owner: str | None = None, in_use: Collection[str] = ()
) -> tuple[str, list[str]]:
    """Adds a training to the queue. Returns the name of its run, and those of old runs deleted to make room for it.

    `owner` stands for the visitor who starts it, and `in_use` names runs that are not deleted. Nothing is deleted
    before the settings and the data have been checked. Raises InputError if it cannot be added.
    """
    check_clock()
    check_settings(settings)
    check_data(settings)
    settings = with_absolute_paths(settings)
    with queue_lock(runs):
        ahead = _check_room(runs, owner)
        if any(run.owner == owner and _settings_of(run) == settings.to_json() for run in (*ahead, *_running(runs))):
            raise InputError("The same training is under way already: change a setting, or the seed, to train another.")
        deleted = make_room(runs, in_use)
        folder = runs / new_run_name(runs, settings.network, settings.folds, settings.sweep)
        record = Record(
            settings,
            {},
            status="queued",
            pid=0,
            progress=Progress("Waiting"),
            number=next_number(runs),
            owner=owner,
            ticket=_next_ticket(ahead),
        )
        with explaining_os_errors("The training cannot be added to the queue"):
            folder.mkdir()
            try:
                record.write(folder)
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    return folder.name, deleted


def queue_again(runs: Path, name: str) -> None:
    """Adds a run that was cancelled or has failed to the queue, to go on. Raises InputError if that is impossible."""
    check_clock()
    with queue_lock(runs):
        run = find_run(runs, name)
        if run is None or run.status not in ("cancelled", "failed"):
            raise InputError(f"There is nothing to resume in the run {name}.")
        ticket = _next_ticket(_check_room(runs, run.owner))
        content = read_run_file(run.folder) | {"status": "queued", "error": None, "ticket": ticket}
        with explaining_os_errors("The training cannot be added to the queue"):
            write_run_file(run.folder, content)


def waiting_runs(runs: Path) -> list[Run]:
    """The trainings that wait, the next one first. Raises InputError if `runs` cannot be read."""
    return sorted((run for run in list_runs(runs) if run.status == "queued"), key=lambda run: (run.ticket, run.order))


def start_next(runs: Path) -> None:
    """Starts the training that has waited longest, if there is one and none is running.

    Any number of processes may call this at once: only one trainer gets the lock, and only while its run still waits.
    Raises InputError if the folder cannot be read, or if no process can be started.
    """
    with _starting:
        launch = _launches.get(runs)
        if launch is not None:
            if launch.process.poll() is None:
                return  # it trains, or is about to
            del _launches[runs]
            _note_failure(runs, launch)
        if is_training(runs):
            return
        first = next(iter(waiting_runs(runs)), None)
        if first is not None:
            _launches[runs] = launch_trainer(first.folder, ["--queued"])


def cancel_training(runs: Path, name: str) -> None:
    """Ends the training `name`, or takes it out of the queue. Does nothing to any other, or once it is over.

    What it has learned is kept; if that is nothing, a run that waits is deleted. Takes two seconds at most. Raises
    InputError if whatever trains is not a trainer.
    """
    if not is_name(name):
        return
    with _starting:  # so that it is not being started meanwhile
        launch = _launches.get(runs)
        if running_run(runs) != name and launch is not None and launch.folder.name == name:
            launch.end()
            del _launches[runs]
            note_cancelled(launch.folder)  # if it has just begun to train
        cancel_running(runs, name)
        with queue_lock(runs):
            _withdraw(runs, name)


def _withdraw(runs: Path, name: str) -> None:
    run = find_run(runs, name)
    if run is None or run.status != "queued":
        return
    if not run.seconds:
        delete_run(runs, name)
        return
    with explaining_os_errors("The training cannot be taken out of the queue"):
        write_run_file(run.folder, read_run_file(run.folder) | {"status": "cancelled", "ticket": 0})


def _note_failure(runs: Path, launch: Launch) -> None:
    """Lets a run whose trainer ended before it could say why say so, in place of waiting for ever."""
    complaint = launch.failure()
    if complaint is None:
        return
    with queue_lock(runs):
        if not (launch.folder / RUN_FILE).is_file():
            return  # it was withdrawn
        content = read_run_file(launch.folder)
        began = content.get("pid") == launch.process.pid  # then it has said itself how it ended, and is to go on
        if content.get("status") == "queued" and not began:
            with explaining_os_errors("The end of the training cannot be noted"):
                write_run_file(launch.folder, content | {"status": "failed", "error": complaint, "ticket": 0})


def _check_room(runs: Path, owner: str | None) -> list[Run]:
    """The trainings that wait already. Raises InputError if they are too many."""
    waiting = waiting_runs(runs)
    if sum(run.owner == owner for run in waiting) >= MAX_WAITING_EACH:
        raise InputError(QUEUE_FULL)
    if len(waiting) >= MAX_WAITING:
        raise InputError(f"There are {MAX_WAITING} trainings in the queue: wait until one begins.")
    return waiting


def _next_ticket(waiting: list[Run]) -> int:
    return 1 + max((run.ticket for run in waiting), default=0)


def _running(runs: Path) -> list[Run]:
    return [run for run in list_runs(runs) if run.status == "running"]


def _settings_of(run: Run) -> object:
    return read_json(run.folder / RUN_FILE).get("settings")
