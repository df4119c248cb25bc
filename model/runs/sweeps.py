"""A sweep trains once for each combination of values and each seed, and keeps the best network.

runs/20261122-161500-quick-sweep/
  run.json          as for every run; `sweep` and `seeds` are among its settings
  trial-1/          a run for each trial, made when the trial begins
  model.keras       the best trial's network, with its curves and snapshots, once all trials are over

The best is chosen by images that are held out of the training images of all trials; test images decide nothing.
"""

import itertools
import math
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from model.errors import InputError
from model.files import atomic_write, read_json
from model.runs.checks import LOCAL, swept_values
from model.runs.history import HISTORY_FILE, MOMENTS_FILE, read_history
from model.runs.progress import duration
from model.runs.record import MODEL_FILE, RUN_FILE, Record, read_run_file, write_run_file
from model.runs.settings import Settings
from model.runs.snapshots import DRAWINGS_FILE, FILTERS_FILE, READINGS_FILE
from model.runs.values import finite

STOPPED = "stopped"  # the status of a trial that was ended early, because others were better
OVER = ("done", STOPPED, "failed")  # the status of a trial of which there is nothing left to train

Status = Literal["waiting", "running", "done", "stopped", "failed"]


class Trial(NamedTuple):
    """One training of a sweep."""

    number: int  # from 1
    values: dict[str, Any]  # of the settings that vary, without the seed
    settings: Settings


class Outcome(NamedTuple):
    """How far a trial has come, and how well its network reads the held-out images."""

    trial: Trial
    status: Status
    epochs: int  # that it has trained
    accuracy: float | None  # 0–1, after the last of these epochs; None before the first
    loss: float | None


class Combination(NamedTuple):
    """The trials that differ in nothing but the seed."""

    values: dict[str, Any]
    outcomes: tuple[Outcome, ...]
    accuracy: float | None  # 0–1, the mean over its trials; one whose training failed counts as 0
    deviation: float | None  # the population standard deviation

    @property
    def best(self) -> Outcome:
        """The trial of it whose network reads most."""
        return max(self.outcomes, key=_order)


def list_trials(settings: Settings) -> list[Trial]:
    """All trials of a sweep: each combination once, then each with the next seed.

    Raises InputError if its values cannot be understood.
    """
    values = swept_values(settings)
    combinations = [dict(zip(values, each, strict=True)) for each in itertools.product(*values.values())]
    base = replace(settings, sweep=None, seeds=None, engine=LOCAL)
    seeds = range(settings.seed, settings.seed + (settings.seeds or 1))
    trials = [(each, replace(base, seed=seed, **each)) for seed in seeds for each in combinations]
    return [Trial(number, *trial) for number, trial in enumerate(trials, start=1)]


def trial_folder(folder: Path, number: int) -> Path:
    """The folder of a trial, counted from 1, in the folder of its sweep."""
    return folder / f"trial-{number}"


def read_outcomes(folder: Path, settings: Settings) -> list[Outcome]:
    """What has come of each trial so far. Raises InputError if the sweep's values cannot be understood."""
    return [_read_outcome(trial_folder(folder, trial.number), trial) for trial in list_trials(settings)]


def _read_outcome(folder: Path, trial: Trial) -> Outcome:
    status = read_json(folder / RUN_FILE).get("status")
    rows = [row for row in read_history(folder) if 0 <= row["val_accuracy"] <= 1 and math.isfinite(row["val_loss"])]
    known: Status = status if status in ("running", *OVER) else "waiting"
    if not rows:
        return Outcome(trial, known, 0, None, None)
    return Outcome(trial, known, int(rows[-1]["epoch"]), rows[-1]["val_accuracy"], rows[-1]["val_loss"])


def is_over(outcome: Outcome) -> bool:
    """Whether there is nothing left to train of a trial."""
    return outcome.status in OVER


def rank(outcomes: Sequence[Outcome]) -> list[Combination]:
    """The combinations, the best by held-out images first. One counts for more if any trial of it was trained to the
    end; trials that were stopped count with what they had reached, since they were stopped for being worse.
    """
    groups: dict[tuple, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(tuple(outcome.trial.values.items()), []).append(outcome)
    found = []
    for values, group in groups.items():
        known = [0.0 if each.status == "failed" else each.accuracy for each in group]
        reached = [each for each in known if each is not None]
        mean, deviation = (statistics.fmean(reached), statistics.pstdev(reached)) if reached else (None, None)
        found.append(Combination(dict(values), tuple(group), mean, deviation))
    return sorted(found, key=lambda each: (each.best.status == "done", each.accuracy or 0.0), reverse=True)


def _order(outcome: Outcome) -> tuple[bool, float, float]:
    """What sorts trials: trained to the end, accuracy, and among equals the loss."""
    loss = math.inf if outcome.loss is None else outcome.loss
    return outcome.status == "done", outcome.accuracy or 0.0, -loss


def stop_trial(folder: Path) -> None:
    """Marks a trial as ended early, unless it has come to its end. Raises InputError, and OSError."""
    content = read_run_file(folder)
    if content.get("status") == "running":
        write_run_file(folder, content | {"status": STOPPED})


def finish_sweep(folder: Path, record: Record) -> None:
    """Takes over the network and the results of the best trial into the sweep's own folder and record.

    Raises InputError if no trial has been trained to the end, and OSError.
    """
    outcomes = read_outcomes(folder, record.settings)
    best = rank(outcomes)[0].best
    if best.status != "done":
        raise InputError("No trial of the sweep has come to its end: choose lower learning rates.")
    part = trial_folder(folder, best.trial.number)
    for name in (HISTORY_FILE, MOMENTS_FILE, DRAWINGS_FILE, READINGS_FILE, FILTERS_FILE, MODEL_FILE):
        if (part / name).exists():
            with atomic_write(folder / name) as new:
                shutil.copyfile(part / name, new)
    trained, planned = epochs_trained(outcomes)
    swept = {"best": best.trial.number, "accuracy": best.accuracy, "epochs": trained, "planned_epochs": planned}
    record.metrics = read_run_file(part).get("metrics", {}) | {"sweep": swept}


def tell_outcome(folder: Path, settings: Settings, number: int) -> None:
    """Prints what has come of a trial."""
    outcome = read_outcomes(folder, settings)[number - 1]
    seed = f", seed {outcome.trial.settings.seed}" if (settings.seeds or 1) > 1 else ""
    reached = "" if outcome.accuracy is None else f"  held-out accuracy {outcome.accuracy:.4f}"
    early = "" if outcome.status == "done" else f"  {outcome.status} after epoch {outcome.epochs}"
    print(f"trial {number}  {in_words(outcome.trial.values)}{seed}{reached}{early}", flush=True)


def what_a_sweep_found(folder: Path, record: Record) -> str:
    """The result of a sweep that is done, in a sentence."""
    outcomes = read_outcomes(folder, record.settings)
    combinations = rank(outcomes)
    best, (trained, planned) = combinations[0], epochs_trained(outcomes)
    stopped = any(each.status == STOPPED for each in outcomes)
    early = f" ({trained} of {planned} epochs were trained: hopeless trials ended early)" if stopped else ""
    return (
        f"Best of {len(combinations)} combinations: {in_words(best.values)}, held-out accuracy "
        f"{best.accuracy or 0:.2%}, test accuracy {record.metrics['test_accuracy']:.2%}, after "
        f"{duration(record.seconds)}{early}; the network is in {folder}."
    )


def epochs_trained(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """How many epochs all trials have trained, and how many they would if none had ended early."""
    return sum(each.epochs for each in outcomes), sum(each.trial.settings.epochs for each in outcomes)


def network_settings(record: Record) -> Settings:
    """The settings that the network of a run was trained with: of a sweep, those of its best trial."""
    swept = record.metrics.get("sweep")
    best = finite(swept.get("best")) if isinstance(swept, dict) else None
    if record.settings.sweep is None or best is None:
        return record.settings
    return next((each.settings for each in list_trials(record.settings) if each.number == best), record.settings)


def in_words(values: dict[str, Any]) -> str:
    """A combination in a line, such as "learning rate 0.003, batch size 128"."""
    shown = {True: "yes", False: "no"}
    return ", ".join(
        f"{name.replace('_', ' ')} {shown[value] if isinstance(value, bool) else f'{value:g}'}"
        for name, value in values.items()
    )
