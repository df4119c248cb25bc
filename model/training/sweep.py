"""A sweep without a cluster: one trial after the other, each to its end.

python train.py --network quick --sweep learning_rate=0.003,0.01 --seeds 3
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import keras

from model.errors import DivergedError
from model.runs import (
    Parts,
    Record,
    finish_sweep,
    is_over,
    list_trials,
    read_outcomes,
    reporting,
    tell_outcome,
    trial_folder,
)
from model.training.fit import train


def sweep(folder: Path, record: Record) -> None:
    """Trains all trials of a sweep, except for those that are over already, and keeps the best network.

    Keeps the record's progress and metrics up to date. Raises InputError if the data cannot be used, or if no trial
    comes to its end.
    """
    outcomes = read_outcomes(folder, record.settings)
    parts = Parts("trial", len(outcomes), sum(map(is_over, outcomes)))
    for trial in list_trials(record.settings):
        if is_over(outcomes[trial.number - 1]):
            continue
        part = trial_folder(folder, trial.number)
        part.mkdir(exist_ok=True)
        own, paused = Record(trial.settings, record.checksums, number=trial.number), record.paused

        def tell(number: int = trial.number, own: Record = own, paused: float = paused) -> None:
            record.paused = paused + own.paused
            record.progress = parts.combine({number: own.progress}, record.paused)

        run_trial(part, own, folder, tell)
        tell()
        parts.done += 1
        tell_outcome(folder, record.settings, trial.number)
    finish_sweep(folder, record)


def run_trial(
    folder: Path,
    record: Record,
    wishes: Path,
    tell: Callable[[], None],
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> None:
    """Trains a trial in `folder`, which ends as a complete run; one whose loss is no longer a number has failed.

    It pauses as wished in the folder `wishes`; `tell` is called whenever its progress has been written. Raises
    InputError if the data cannot be used.
    """
    keras.backend.clear_session()  # frees the memory of the previous trial
    with reporting(folder, record, tell):
        try:
            train(folder, record, wishes, callbacks)
            record.status = "done"
        except DivergedError as error:
            record.status, record.error = "failed", str(error)
    record.progress = replace(record.progress, phase="")
    record.write(folder)
