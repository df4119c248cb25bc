"""A sweep on a cluster: Ray Tune trains its trials, and ASHA ends those early that fall behind the others.

L. Li et al. (2020), A System for Massively Parallel Hyperparameter Tuning: after 1, 3, 9, … epochs, only a third of the
trials that have come so far go on.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from model.cluster.connection import MAX_RETRIES, connected, reason_of
from model.cluster.driver import Driver
from model.cluster.worker import Job, answer_of, at_work
from model.errors import InputError
from model.files import read_json
from model.networks import import_keras
from model.runs import (
    OVER,
    RUN_FILE,
    Parts,
    Record,
    finish_sweep,
    is_over,
    list_trials,
    read_history,
    read_outcomes,
    stop_trial,
    tell_outcome,
    trial_folder,
)

FIRST_RUNG = 1  # epochs that every trial trains
REDUCTION = 3  # of so many trials, one goes on
QUIET = {  # Ray Tune writes logs that nobody reads, and takes the first Ctrl-C for a wish to wait
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_DISABLE_SIGINT_HANDLER": "1",
    "TUNE_DISABLE_STRICT_METRIC_CHECKING": "1",
    "RAY_AIR_NEW_OUTPUT": "0",
}


def sweep(folder: Path, record: Record) -> None:
    """Trains all trials of a sweep, as many at once as there is room for, and keeps the best network.

    Those that are over already only tell Ray Tune what they had reached, so that the others are compared with them.
    Keeps the record's progress and metrics up to date. Raises InputError if Ray or the data cannot be used, or if no
    trial comes to its end.
    """
    outcomes, trials = read_outcomes(folder, record.settings), list_trials(record.settings)
    over = {each.trial.number for each in outcomes if is_over(each)}
    if len(over) < len(outcomes):
        os.environ.update(QUIET)
        with connected() as ray:
            folders = {each.number: trial_folder(folder, each.number) for each in trials}
            driver = Driver(ray, folder, record, Parts("trial", len(outcomes), len(over)), folders, over)
            _tune(ray, driver, [driver.job(each.number, each.settings) for each in trials])
    finish_sweep(folder, record)


def _tune(ray: Any, driver: Driver, jobs: list[Job]) -> None:  # noqa: ANN401 - Ray's own module
    """Has Ray Tune train all jobs. Raises what went wrong in one of them."""
    from ray import tune  # pyright: ignore[reportMissingImports] - an extra
    from ray.tune.schedulers import ASHAScheduler  # pyright: ignore[reportMissingImports] - an extra

    epochs = max(job.settings.epochs for job in jobs)
    scheduler = ASHAScheduler(
        time_attr="epoch",
        metric="accuracy",
        mode="max",
        max_t=epochs,
        grace_period=FIRST_RUNG,
        reduction_factor=REDUCTION,
        stop_last_trials=False,  # one that has trained to the end has yet to be tested and saved
    )

    class Collect(tune.Callback):
        """Called by Ray Tune while it waits for trials."""

        def on_step_end(self, iteration: int, trials: list, **info: object) -> None:
            driver.collect()

        def on_trial_complete(self, iteration: int, trials: list, trial: Any, **info: object) -> None:  # noqa: ANN401
            driver.collect()
            number = trial.config["number"]
            if number not in driver.finished:
                stop_trial(trial_folder(driver.folder, number))
                driver.finish(number)
                tell_outcome(driver.folder, driver.record.settings, number)

    train = tune.with_parameters(train_trial, jobs={job.number: job for job in jobs})
    with tempfile.TemporaryDirectory() as storage:
        tuner = tune.Tuner(
            tune.with_resources(train, {"cpu": driver.cores}),
            param_space={"number": tune.grid_search([job.number for job in jobs])},
            tune_config=tune.TuneConfig(scheduler=scheduler, reuse_actors=True),
            run_config=tune.RunConfig(
                storage_path=storage,
                verbose=0,
                callbacks=[Collect()],
                failure_config=tune.FailureConfig(max_failures=MAX_RETRIES),
            ),
        )
        errors = tuner.fit().errors
    driver.collect()
    if errors:
        raise reason_of(ray, errors[0])


def train_trial(config: dict[str, int], jobs: dict[int, Job]) -> None:
    """What Ray Tune runs on a node: trains a trial, which it may end after any epoch."""
    from ray import tune  # pyright: ignore[reportMissingImports] - an extra

    job = jobs[config["number"]]
    try:
        with at_work(job) as (folder, record, mirror):
            for row in read_history(folder):
                _report(tune, row, job.settings.epochs)
            if read_json(folder / RUN_FILE).get("status") in OVER:
                return
            keras = import_keras()
            from model import training

            def tell_epoch(*_: object) -> None:
                mirror.send()  # first: what comes next may end this process
                _report(tune, read_history(folder)[-1], job.settings.epochs)

            after_epoch = keras.callbacks.LambdaCallback(on_epoch_end=tell_epoch)
            training.run_trial(folder, record, folder.parent, lambda: None, [after_epoch])
            mirror.send(done=True)
    except InputError as error:  # Ray Tune would try again
        answer_of(job.mailbox.complain.remote(str(error)))


def _report(tune: Any, row: dict[str, float], epochs: int) -> None:  # noqa: ANN401 - a module
    """Tells Ray Tune of an epoch, but not of the last: there is nothing left to be saved by ending it."""
    if row["epoch"] < epochs:
        tune.report({"epoch": row["epoch"], "accuracy": row["val_accuracy"]})
