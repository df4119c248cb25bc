"""Cross-validation on a cluster: each fold is a task, which goes on elsewhere when its node is lost."""

from pathlib import Path
from typing import Any

from model.cluster.connection import MAX_RETRIES, connected, reason_of
from model.cluster.driver import INTERVAL, Driver
from model.cluster.worker import Job, at_work
from model.runs import Parts, Record, finish_fold, fold_folder, fold_metrics, is_finished


def cross_validate(folder: Path, record: Record, folds: int) -> None:
    """Trains as the record's settings say, as many folds at once as there is room for; not those finished already.

    Keeps the record's progress and metrics up to date. Raises InputError if Ray, the data or a fold's folder cannot be
    used.
    """
    settings = record.settings
    unfinished = [each for each in range(1, folds + 1) if not is_finished(folder, each, settings.epochs)]
    if unfinished:
        _train(folder, record, folds, unfinished)
    record.metrics = fold_metrics(folder, folds, settings.epochs, record.metrics.get("training_images", 0))


def _train(folder: Path, record: Record, folds: int, unfinished: list[int]) -> None:
    settings = record.settings
    with connected() as ray:
        folders = {each: fold_folder(folder, each) for each in unfinished}
        driver = Driver(ray, folder, record, Parts("fold", folds, folds - len(unfinished)), folders)
        train = ray.remote(train_fold).options(num_cpus=driver.cores, max_retries=MAX_RETRIES)
        tasks: dict[Any, int] = {train.remote(driver.job(each, settings)): each for each in unfinished}
        try:
            while tasks:
                finished, _ = ray.wait(list(tasks), timeout=INTERVAL)
                driver.collect()
                for task in finished:
                    number = tasks.pop(task)
                    record.metrics = {"training_images": _result(ray, task)}
                    finish_fold(folder, number, folds, settings.epochs)
                    driver.finish(number)
        finally:
            for task in tasks:
                ray.cancel(task, force=True)


def _result(ray: Any, task: Any) -> int:  # noqa: ANN401 - Ray's own
    """What a task has returned. Raises what went wrong in it."""
    try:
        return ray.get(task)
    except ray.exceptions.RayError as error:
        raise reason_of(ray, error) from None


def train_fold(job: Job) -> int:
    """The task: trains a fold, and returns how many images were divided into folds."""
    with at_work(job) as (folder, record, mirror):
        from model import training  # which brings TensorFlow

        images = training.train_fold(folder, record, job.number)
        mirror.send(done=True)
    return images
