"""The trainer: trains a network from the table and saves it in a run folder.

    python train.py --network keras-cnn --data mnist --epochs 10 --out runs/mine
    python train.py --network he-cnn --folds 5

The page's sidebar starts this same program. Its exit status is 0 when it is done, 2 for bad settings or data, 130 when
it was cancelled, and 1 for anything else. Once there is a run folder, run.json in it says which and why.
"""

import argparse
import contextlib
import os
import signal
import sys
import traceback
from dataclasses import fields, replace
from pathlib import Path
from threading import Event
from typing import Any

from model.errors import InputError, first_line
from model.networks import NETWORKS
from model.runs import (
    FILES,
    HISTORY_FILE,
    MODEL_FILE,
    RUN_FILE,
    Record,
    Settings,
    check_data,
    check_settings,
    checksums,
    claim_training,
    duration,
    flag,
    new_run_name,
    remove_leftovers,
    reporting,
    runs_folder,
    split_paths,
    summarise,
    training_lock,
)

DONE, FAILED, BAD_INPUT, CANCELLED = 0, 1, 2, 130  # exit status
# Ctrl-C, a request to terminate, and its Windows counterpart
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
cancel_requested = Event()


def main(arguments: list[str] | None = None) -> int:
    """Trains as the arguments say and returns the exit status."""
    for each in SIGNALS:
        signal.signal(each, _cancel)
    given = parse_arguments(arguments)
    try:
        if given.resume:
            if given.out is None:
                raise InputError("--resume needs --out with the folder of the run to resume.")
            with training_lock(given.out.absolute().parent):
                return supervise(given.out, resume_run(given))
        settings = choose_settings(given)
        folder = given.out or runs_folder() / new_run_name(runs_folder(), settings.network, settings.folds)
        with training_lock(folder.absolute().parent):
            return supervise(_make(folder), Record(settings, checksums(settings)))
    except InputError as error:
        return _complain(error, BAD_INPUT)
    except KeyboardInterrupt:
        return _complain("Stopped before it began; nothing to keep.", CANCELLED)
    except OSError as error:
        return _complain(_explain(error), FAILED)


def _cancel(*_: object) -> None:
    cancel_requested.set()
    raise KeyboardInterrupt


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The flags as a namespace; a setting whose flag is not given is None. Exits with status 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog="train.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Trains a network to read digits, and saves it in a folder with its settings and curves.",
        epilog="networks:\n"
        + "\n".join(f"  {name:<12} {n.parameters:>9,} parameters; {n.source}" for name, n in NETWORKS.items()),
    )
    for setting in fields(Settings):
        options: dict[str, Any]
        if setting.type is bool:
            options = {"action": argparse.BooleanOptionalAction}
        else:
            kind = next(each for each in (int, float, str) if setting.type in (each, each | None))
            options = {"type": kind, "metavar": setting.metadata["metavar"]}
        if setting.name == "network":
            options["choices"] = NETWORKS
        parser.add_argument(flag(setting.name), help=setting.metadata["help"], **options)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="the run folder to create (default: named by date, time and network, in DIGITS_RUNS or else in runs/ "
        "beside this file)",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue the run in --out after its last complete epoch, with its own settings",
    )
    parser.error = lambda message: parser.exit(BAD_INPUT, f"train.py: {message}; see train.py --help\n")
    return parser.parse_args(arguments)


def choose_settings(given: argparse.Namespace) -> Settings:
    """The settings of a new run: as given, otherwise the network's own. Raises InputError if they cannot be used."""
    chosen = {each.name: getattr(given, each.name) for each in fields(Settings)}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    settings = Settings.of(chosen.pop("network", "quick"), chosen.pop("folds", None), **chosen)
    named = {name: getattr(settings, name) for name in ("data", *FILES, "start")}
    absolute = {
        name: os.pathsep.join(str(Path(path).absolute()) for path in split_paths(paths))
        for name, paths in named.items()
        if paths not in (None, "mnist", "digits")
    }
    settings = replace(settings, **absolute)  # because the run may be resumed from another folder
    check_settings(settings)
    check_data(settings)
    return settings


def resume_run(given: argparse.Namespace) -> Record:
    """The record of the run in --out, ready to be resumed. Raises InputError if that is impossible."""
    record = Record.load(given.out)
    for each in fields(Settings):
        if getattr(given, each.name) not in (None, getattr(record.settings, each.name)):
            raise InputError(f"A resumed run keeps its settings: leave {flag(each.name)} out, or start a new run.")
    if record.status == "done":
        raise InputError(f"The run in {given.out} is done: there is nothing to resume.")
    check_data(record.settings)
    before, now = record.checksums, checksums(record.settings)
    if any(before.get(name) not in (None, now[name]) for name in now):
        raise InputError(
            f"The data has changed since the run in {given.out} began: restore the files to resume it, or start a new "
            "run."
        )
    record.checksums = now
    remove_leftovers(given.out)
    return record


def _make(folder: Path) -> Path:
    try:
        folder.mkdir()
    except FileExistsError:
        raise InputError(
            f"{folder} already exists: give another --out, or --resume to continue the run in it."
        ) from None
    return folder


def supervise(folder: Path, record: Record) -> int:
    """Trains, records in run.json how that ended, and returns the exit status."""
    record.start()
    record.write(folder)
    claim_training(folder.absolute().parent, folder.name)
    try:
        with reporting(folder, record):
            record.enter("Starting: loading TensorFlow")
            from model import training

            training.run(folder, record)
        status, error, code = "done", None, DONE
    except BaseException as reason:  # after a signal, an import may raise anything
        status, error, code = _judge(reason)
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # from here on, there is nothing left to cancel
    record.status, record.error = status, error
    with contextlib.suppress(OSError):  # if it still says "running", the lock tells readers that nothing runs
        record.write(folder)
    if error:
        return _complain(error, code)
    print(_result(folder, record))
    return code


def _judge(reason: BaseException) -> tuple[str, str | None, int]:
    """The status, the error and the exit status of a training that did not finish."""
    if cancel_requested.is_set():
        return "cancelled", None, CANCELLED
    if isinstance(reason, InputError):
        return "failed", str(reason), BAD_INPUT
    if not isinstance(reason, OSError | MemoryError):
        traceback.print_exception(reason)
    return "failed", _explain(reason), FAILED


def _explain(reason: BaseException) -> str:
    if isinstance(reason, MemoryError):
        return "There is too little memory: train with a smaller batch size."
    if isinstance(reason, OSError):
        what = reason.strerror or reason
        return f"The run cannot be written ({what}): free some space or check the permissions, then train again."
    return f"{type(reason).__name__}: {first_line(reason)}"


def _result(folder: Path, record: Record) -> str:
    """The result of a training that is done or cancelled, in a sentence."""
    metrics, folds = record.metrics, record.settings.folds
    if record.status == "done" and folds:
        accuracy = summarise(metrics["fold_accuracies"]).in_percent()
        return (
            f"Accuracy {accuracy} (mean ± standard deviation of {folds} folds) after {duration(record.seconds)}; the "
            f"curves are in {folder}."
        )
    if record.status == "done":
        accuracy, drawings = metrics["test_accuracy"], metrics.get("real_drawings")
        read = f" and {drawings['right']} of {drawings['images']} real drawings" if drawings else ""
        return f"Test accuracy {accuracy:.2%}{read} after {duration(record.seconds)}; the network is in {folder}."
    if folds:
        return f"Stopped. {folder} holds the finished folds, and --resume trains the others."
    if not (folder / MODEL_FILE).exists():
        return "Stopped before the first epoch; nothing to keep."
    return f"Stopped. {RUN_FILE}, {HISTORY_FILE} and {MODEL_FILE} in {folder} hold what was learned so far."


def _complain(message: object, status: int) -> int:
    print(f"train.py: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
