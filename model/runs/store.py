"""The folder of runs: which runs there are, which one is training, and whose network the page reads with."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.files import explaining_os_errors, read_json, write_json
from model.paths import ROOT
from model.runs.lock import is_training
from model.runs.record import MODEL_FILE, RUN_FILE
from model.runs.run import Run, load_run

CURRENT_FILE, IN_USE_FILE = ".current.json", "in-use.json"
# Before the page starts a run, it deletes the oldest ones until at most this many are left, the new one included. A run
# takes up to 5 MB (14 MB until it is finished), so the number is what counts; the size is for larger networks.
MAX_RUNS, MAX_RUNS_BYTES = 50, 1_000_000_000


def runs_folder() -> Path:
    """Where runs are kept: DIGITS_RUNS, else `runs` beside train.py."""
    return Path(os.environ.get("DIGITS_RUNS") or ROOT / "runs")


def new_run_name(runs: Path, network: str, folds: int | None = None) -> str:
    """A name for a new run folder: date, time and network. It is not taken, even if the clock was set back."""
    wanted = name = f"{time.strftime('%Y%m%d-%H%M%S')}-{network}" + (f"-{folds}-folds" if folds else "")
    number = 1
    while (runs / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def list_runs(runs: Path) -> list[Run]:
    """All runs, the latest first. Raises InputError if `runs` cannot be read."""
    running = running_run(runs)
    try:
        folders = [folder for folder in runs.iterdir() if (folder / RUN_FILE).is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(
            f"The folder of runs, {runs}, cannot be read ({error.strerror}): move away what is there, or name another "
            "folder with DIGITS_RUNS."
        ) from None
    found = [load_run(folder, running == folder.name) for folder in folders if not folder.name.startswith(".")]
    return sorted(found, key=lambda run: (run.started, run.name), reverse=True)


def usable_runs(runs: Path) -> dict[str, Run]:
    """The runs that left a network to read with, by name; the one in use counts even while it trains on.

    Raises InputError if `runs` cannot be read.
    """
    in_use = run_in_use(runs)
    found = {run.name: run for run in list_runs(runs)}
    return {name: run for name, run in found.items() if run.usable or (name == in_use and run.model_file.is_file())}


def running_run(runs: Path) -> str | None:
    """The name of the run whose trainer is alive; None if there is none."""
    return current_training(runs).get("run") if is_training(runs) else None


def current_training(runs: Path) -> dict[str, Any]:
    """The name of the `run` that is training or trained last, and the `pid` of its trainer; empty if there is none."""
    content = read_json(runs / CURRENT_FILE)
    return content if _is_name(content.get("run")) and isinstance(content.get("pid"), int) else {}


def claim_training(runs: Path, name: str) -> None:
    """Notes that this process trains the run `name`. The caller must hold the lock. Raises OSError."""
    write_json(runs / CURRENT_FILE, {"run": name, "pid": os.getpid()})


def run_in_use(runs: Path) -> str | None:
    """The name of the run whose network the page reads with; None for the built-in network."""
    name = read_json(runs / IN_USE_FILE).get("run")
    return name if _is_name(name) else None


def use_run(runs: Path, name: str | None) -> None:
    """Makes every page read with this run's network from now on, or with the built-in one for None.

    Raises InputError if the run holds no network, or if the choice cannot be saved.
    """
    if name is not None and not (_is_name(name) and (runs / name / MODEL_FILE).is_file()):
        raise InputError(f"The run {name} holds no network: choose another one.")
    if name is None and not runs.exists():
        return
    with explaining_os_errors("The choice of the network cannot be saved"):
        write_json(runs / IN_USE_FILE, {"run": name})


def delete_run(runs: Path, name: str) -> None:
    """Removes the folder of a run. Raises InputError if it is training or in use, or cannot be deleted."""
    if name == running_run(runs):
        raise InputError(f"The run {name} is still training: cancel it first.")
    if name == run_in_use(runs):
        raise InputError(f"The network of {name} is in use: choose another network first.")
    if not _is_name(name) or not (runs / name / RUN_FILE).is_file():
        raise InputError(f"The run {name} no longer exists: choose another one.")
    grave = runs / f".deleted-{name}"  # renamed first, so that nobody ever sees half of it
    with explaining_os_errors(f"The run {name} cannot be deleted"):
        shutil.rmtree(grave, ignore_errors=True)
        (runs / name).rename(grave)
    shutil.rmtree(grave, ignore_errors=True)


def make_room(runs: Path) -> list[str]:
    """Deletes the oldest runs until one more fits, except those training or in use. Returns their names.

    Raises InputError if a run cannot be deleted.
    """
    deleted, kept = [], list_runs(runs)
    for run in reversed(list(kept)):
        if len(kept) < MAX_RUNS and sum(each.size for each in kept) < MAX_RUNS_BYTES:
            break
        if run.status != "running" and run.name != run_in_use(runs):
            delete_run(runs, run.name)
            kept.remove(run)
            deleted.append(run.name)
    return deleted


def _is_name(name: object) -> bool:
    """Whether it can only be the name of a folder in the folder of runs, and leads nowhere outside it."""
    return isinstance(name, str) and name not in ("", "..") and name[0] != "." and Path(name).name == name
