"""A training run is a folder: what stands in it, written so that a reader never sees half of it.

runs/20261122-161500-keras-cnn/
  run.json      settings, checksums of the data, status, process id, progress, final metrics, error
  history.csv   one row an epoch, counted from 1
  model.keras   the network after the last whole epoch

A run in folds trains one network a fold, so it has no network of its own; model/folds.py says what it holds instead.

The folder of all runs also says which training runs or ran last, and which run's network the page reads with.
"""

import contextlib
import json
import math
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.errors import InputError
from model.files import read_json, telling, write_json
from model.lock import training_runs
from model.settings import MOST_FOLDS

RUN_FILE, MODEL_FILE = "run.json", "model.keras"
CURRENT_FILE, IN_USE_FILE = ".current.json", "in-use.json"
# Before the page starts a run, the oldest go until so many are left with it. The largest network of the table leaves
# 5 MB (14 MB with what is needed to go on), so that the number usually counts; the size is for networks that someone
# adds.
KEPT_RUNS, KEPT_BYTES = 50, 1_000_000_000
LAST_MOMENT = 4e9  # seconds since 1970: the year 2096; beyond it, not every system can tell the date
STOPPED = (
    "The trainer stopped unexpectedly. Its curves and its last whole epoch are kept: train again, or go on with "
    "train.py --resume."
)


@dataclass(frozen=True)
class Run:
    """What a run folder says, with nothing in it that its files cannot vouch for: they may be damaged or edited."""

    folder: Path
    status: str  # running, done, cancelled or failed
    error: str | None  # why it failed, in words
    settings: dict[str, Any]
    progress: dict[str, Any]  # finite numbers, and `phase`, a word or two
    started: float  # seconds since 1970; 0.0 if unknown
    seconds: float | None  # how long it trained so far
    test_accuracy: float | None  # 0–1
    size: int  # bytes

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def network(self) -> str:
        return str(self.settings.get("network", "?"))[:40]

    @property
    def data(self) -> str:
        return str(self.settings.get("data", "?"))[:400]

    @property
    def epochs(self) -> int | None:
        """How many were wanted."""
        epochs = _number(self.settings.get("epochs"))
        return None if epochs is None else int(epochs)

    @property
    def folds(self) -> int | None:
        """How many are wanted; None for a training that is not divided."""
        folds = _number(self.settings.get("folds"))
        return int(folds) if folds is not None and 2 <= folds <= MOST_FOLDS else None

    @property
    def model_file(self) -> Path:
        return self.folder / MODEL_FILE

    @property
    def usable(self) -> bool:
        """Whether it left a network to read with."""
        return self.status != "running" and self.folds is None and self.model_file.is_file()


def runs_folder() -> Path:
    """Where runs are kept: DIGITS_RUNS, else `runs` beside train.py."""
    return Path(os.environ.get("DIGITS_RUNS") or Path(__file__).parent.parent / "runs")


def new_name(runs: Path, network: str, folds: int | None = None) -> str:
    """A name for a new run folder that is still free, even if the clock was set back."""
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
            f"The folder of runs, {runs}, cannot be read ({error.strerror}): move what is there away, or name another "
            "folder with DIGITS_RUNS."
        ) from None
    found = [load_run(folder, running == folder.name) for folder in folders if not folder.name.startswith(".")]
    return sorted(found, key=lambda run: (run.started, run.name), reverse=True)


def readable_runs(runs: Path) -> dict[str, Run]:
    """By name, those that left a network to read with; the one in use even while it trains on. Raises InputError."""
    in_use = run_in_use(runs)
    found = {run.name: run for run in list_runs(runs)}
    return {name: run for name, run in found.items() if run.usable or (name == in_use and run.model_file.is_file())}


def load_run(folder: Path, training: bool) -> Run:
    """The run in a folder; `training` says whether its trainer is alive, whatever run.json claims."""
    try:
        content, error = read_run(folder), None
        status, error = content.get("status"), content.get("error")
    except InputError as reason:
        content, status, error = {"settings": {}}, "failed", str(reason)
    if status == "running" and not training:
        status, error = "failed", STOPPED
    if status not in ("running", "done", "cancelled", "failed"):
        status, error = "failed", f"{RUN_FILE} says no status that there is: delete the run, or mend the file."
    return Run(
        folder=folder,
        status=status,
        error=error if isinstance(error, str) else None,
        settings=content["settings"],
        progress=_clean_progress(content.get("progress")),
        started=_moment(content.get("started")),
        seconds=_number(content.get("seconds")),
        test_accuracy=_share((_dictionary(content.get("metrics"))).get("test_accuracy")),
        size=folder_size(folder),
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) < 1e12 else None


def _moment(value: object) -> float:
    number = _number(value)
    return number if number is not None and 0 < number < LAST_MOMENT else 0.0


def _share(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None


def _dictionary(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _clean_progress(value: object) -> dict[str, Any]:
    entries = _dictionary(value)
    numbers = {key: number for key, entry in entries.items() if (number := _number(entry)) is not None}
    return numbers | {"phase": str(entries.get("phase", ""))[:80]}


def folder_size(folder: Path) -> int:
    """Bytes of all files in a run folder and its folds; 0 if it goes away meanwhile."""
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
    return total


def running_run(runs: Path) -> str | None:
    """The name of the run whose trainer is alive."""
    return current_training(runs).get("run") if training_runs(runs) else None


def current_training(runs: Path) -> dict[str, Any]:
    """`run`, its name, and `pid`, of the training that runs or ran last; empty if there was none."""
    content = read_json(runs / CURRENT_FILE)
    return content if _is_name(content.get("run")) and isinstance(content.get("pid"), int) else {}


def claim_training(runs: Path, name: str) -> None:
    """Says that this process trains the run `name`. Call with the lock held."""
    write_json(runs / CURRENT_FILE, {"run": name, "pid": os.getpid()})


def run_in_use(runs: Path) -> str | None:
    """The name of the run whose network the page reads with; None for the shipped network."""
    name = read_json(runs / IN_USE_FILE).get("run")
    return name if _is_name(name) else None


def use_run(runs: Path, name: str | None) -> None:
    """Has every page read with this run's network from now on, or with the shipped one. Raises InputError."""
    if name is not None and not (_is_name(name) and (runs / name / MODEL_FILE).is_file()):
        raise InputError(f"The run {name} holds no network: choose another one.")
    if name is None and not runs.exists():
        return
    with telling("The choice of the model cannot be written"):
        write_json(runs / IN_USE_FILE, {"run": name})


def delete_run(runs: Path, name: str) -> None:
    """Removes a run folder. Raises InputError for one that is running or in use."""
    if name == running_run(runs):
        raise InputError(f"The run {name} is still training: cancel it first.")
    if name == run_in_use(runs):
        raise InputError(f"The network of {name} is in use: choose another model first.")
    if not _is_name(name) or not (runs / name / RUN_FILE).is_file():
        raise InputError(f"There is no run {name} any more.")
    grave = runs / f".deleted-{name}"  # by renaming it first, nobody ever sees half of it
    with telling(f"The run {name} cannot be deleted"):
        shutil.rmtree(grave, ignore_errors=True)
        (runs / name).rename(grave)
    shutil.rmtree(grave, ignore_errors=True)


def make_room(runs: Path) -> list[str]:
    """Deletes the oldest runs that are neither training nor in use until one more may come: the names of those."""
    deleted, kept = [], list_runs(runs)
    for run in reversed(list(kept)):
        if len(kept) < KEPT_RUNS and sum(each.size for each in kept) < KEPT_BYTES:
            break
        if run.status != "running" and run.name != run_in_use(runs):
            delete_run(runs, run.name)
            kept.remove(run)
            deleted.append(run.name)
    return deleted


def _is_name(name: object) -> bool:
    """Whether it names a folder inside the folder of runs, and nothing outside it."""
    return isinstance(name, str) and name not in ("", "..") and name[0] != "." and Path(name).name == name


def remove_leftovers(folder: Path) -> None:
    """What a process that was killed while it wrote left beside the files."""
    for path in folder.rglob(".*-*.*"):
        path.unlink(missing_ok=True)


def write_run(folder: Path, run: dict[str, Any]) -> None:
    write_json(folder / RUN_FILE, run)


def read_run(folder: Path) -> dict[str, Any]:
    """What run.json holds. Raises InputError if it is missing or damaged."""
    try:
        run = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no run in {folder}: it holds no {RUN_FILE}.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{folder / RUN_FILE} cannot be read ({error}): delete the run, or mend the file.") from None
    if not isinstance(run, dict) or not isinstance(run.get("settings"), dict):
        raise InputError(f"{folder / RUN_FILE} holds no settings: delete the run, or mend the file.")
    return run
