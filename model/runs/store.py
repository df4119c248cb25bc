"""The folder of runs: which runs there are, and which one is training."""

import os
import shutil
import time
import zlib
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.files import explaining_os_errors, is_file, read_json, write_json
from model.paths import ROOT
from model.runs.lock import is_training
from model.runs.record import MODEL_FILE, RUN_FILE
from model.runs.run import Run, load_run
from model.runs.values import is_name

CURRENT_FILE = ".current.json"
# Before the page adds a run, it deletes old ones until at most this many are left, the new one included. A run takes up
# to 5 MB (14 MB until it is finished), so the number is what counts; the size is for larger networks.
MAX_RUNS, MAX_RUNS_BYTES = 50, 1_000_000_000


def runs_folder() -> Path:
    """Where runs are kept: DIGITS_RUNS, else `runs` beside train.py."""
    return Path(os.environ.get("DIGITS_RUNS") or ROOT / "runs")


def new_run_name(runs: Path, network: str, folds: int | None = None, sweep: str | None = None) -> str:
    """A name for a new run folder: date, time and network. It is not taken, even if the clock was set back."""
    what = f"-{folds}-folds" if folds else "-sweep" if sweep else ""
    wanted = name = f"{time.strftime('%Y%m%d-%H%M%S')}-{network}{what}"
    number = 1
    while (runs / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def next_number(runs: Path) -> int:
    """The number of the next run. Raises InputError if `runs` cannot be read."""
    return 1 + max((run.number for run in list_runs(runs)), default=0)


def list_runs(runs: Path) -> list[Run]:
    """All runs, the latest first; one that is damaged says so itself. Raises InputError if `runs` cannot be read."""
    running = running_run(runs)
    try:
        folders = [folder for folder in runs.iterdir() if not folder.name.startswith(".") and _is_run(folder)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(
            f"The folder of runs, {runs}, cannot be read ({error.strerror}): move away what is there, or name another "
            "folder with DIGITS_RUNS."
        ) from None
    found = [load_run(folder, running == folder.name) for folder in folders]
    return sorted(found, key=lambda run: run.order, reverse=True)


def find_run(runs: Path, name: str) -> Run | None:
    """The run of this name; None if there is none."""
    return load_run(runs / name, running_run(runs) == name) if is_name(name) and _is_run(runs / name) else None


def latest_run(runs: Path) -> Run | None:
    """The run that is training or trained last; None if there is none."""
    name = current_training(runs).get("run")
    return None if name is None else find_run(runs, name)


def usable_runs(runs: Path, in_use: str | None = None) -> dict[str, Run]:
    """The runs that left a network to read with, by name; the one in use counts even while it trains on.

    Raises InputError if `runs` cannot be read.
    """
    found = {run.name: run for run in list_runs(runs)}
    return {name: run for name, run in found.items() if run.usable or (name == in_use and is_file(run.model_file))}


def running_run(runs: Path) -> str | None:
    """The name of the run whose trainer is alive; None if there is none."""
    return current_training(runs).get("run") if is_training(runs) else None


def current_training(runs: Path) -> dict[str, Any]:
    """The name of the `run` that is training or trained last, and the `pid` of its trainer; empty if there is none."""
    content = read_json(runs / CURRENT_FILE)
    return content if is_name(content.get("run")) and isinstance(content.get("pid"), int) else {}


def claim_training(runs: Path, name: str) -> None:
    """Notes that this process trains the run `name`. The caller must hold the lock. Raises OSError."""
    write_json(runs / CURRENT_FILE, {"run": name, "pid": os.getpid()})


def has_network(runs: Path, name: str) -> bool:
    """Whether there is a run of this name that holds a network."""
    return is_name(name) and is_file(runs / name / MODEL_FILE)


def delete_run(runs: Path, name: str) -> None:
    """Removes the folder of a run. Raises InputError if it is training, or cannot be deleted."""
    if name == running_run(runs):
        raise InputError(f"The run {name} is still training: cancel it first.")
    folder = next((run.folder for run in list_runs(runs) if run.name == name), None)
    if folder is None:
        raise InputError(f"The run {name} no longer exists: choose another one.")
    grave = runs / f".deleted-{zlib.crc32(name.encode()):08x}"  # renamed first, so that nobody ever sees half of it
    with explaining_os_errors(f"The run {name} cannot be deleted"):
        shutil.rmtree(grave, ignore_errors=True)
        folder.rename(grave)
    shutil.rmtree(grave, ignore_errors=True)


def make_room(runs: Path, in_use: Collection[str] = ()) -> list[str]:
    """Deletes the oldest runs of whoever has most, one after the other, until one more fits. Returns their names.

    So nobody's runs go because somebody else trains a lot. A run that waits, is training or is in use is kept, and so
    is one whose age is unknown, since it may be the latest. Raises InputError if a run cannot be deleted.
    """
    deleted, kept = [], list_runs(runs)
    while len(kept) >= MAX_RUNS or sum(run.size for run in kept) >= MAX_RUNS_BYTES:
        owned = Counter(run.owner for run in kept)
        spare = [run for run in kept if run.is_dated and not run.is_unfinished and run.name not in in_use]
        if not spare:
            break
        oldest = max(reversed(spare), key=lambda run: owned[run.owner])  # of several, the first: the oldest
        delete_run(runs, oldest.name)
        kept.remove(oldest)
        deleted.append(oldest.name)
    return deleted


def _is_run(folder: Path) -> bool:
    """Whether a folder is that of a run, even if nothing in it can be read."""
    try:
        (folder / RUN_FILE).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True
