"""The trainer: trains a network from the table and saves it in a run folder.

    python train.py --network keras-cnn --data mnist --epochs 10 --out runs/mine
    python train.py --network he-cnn --folds 5 --engine ray
    python train.py --network quick --sweep learning_rate=0.003,0.01 --sweep batch_size=128,256 --seeds 3
    python train.py --start runs/mine/model.keras --drawings me

The page's sidebar starts this same program. Its exit status is 0 when it is done, 2 for bad settings or data, 75 if
another training is running, 130 when it was cancelled, and 1 for anything else. Once there is a run folder, run.json in
it says which and why.
"""

import argparse
import contextlib
import json
import signal
import sys
import traceback
from dataclasses import fields, replace
from pathlib import Path
from threading import Event
from typing import Any

from model.errors import InputError, first_line
from model.files import read_file, write_json
from model.networks import NETWORKS, OWN, read_recipe
from model.runs import (
    HISTORY_FILE,
    MODEL_FILE,
    OCCUPIED,
    RAY,
    RECIPE_FILE,
    RUN_FILE,
    AnotherTrainingError,
    Record,
    Settings,
    check_clock,
    check_data,
    check_settings,
    check_title,
    checksums,
    claim_training,
    duration,
    flag,
    forget_wishes,
    inherited,
    new_run_name,
    next_number,
    notes_on_data,
    queue_lock,
    read_about,
    read_run_file,
    remove_leftovers,
    reporting,
    runs_folder,
    summarise,
    training_lock,
    what_a_sweep_found,
    what_was_taught,
    with_absolute_paths,
    write_about,
)

MAX_RECIPE = 10_000  # bytes of a recipe
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
        check_clock()
        given.name = None if given.name is None else check_title(given.name)
        if given.resume or given.queued:
            if given.out is None:
                needy = "--queued" if given.queued else "--resume"
                raise InputError(f"{needy} needs --out with the folder of the run to resume.")
            with training_lock(given.out.absolute().parent):
                _claim(given.out)
                record = resume_run(given)
                return supervise(_named(given.out, given.name), record, given.queued)
        settings = choose_settings(given)
        for sentence in notes_on_data(settings):
            print(sentence, flush=True)
        name = new_run_name(runs_folder(), settings.network, settings.folds, settings.sweep)
        folder = given.out or runs_folder() / name
        with training_lock(folder.absolute().parent):
            number = next_number(folder.absolute().parent)
            _claim(_make(folder))
            record = Record(settings, checksums(settings), number=number)
            return supervise(_named(folder, given.name), record)
    except AnotherTrainingError as error:
        return _complain(error, OCCUPIED)
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
        if setting.metadata["choices"]:
            options["choices"] = setting.metadata["choices"]
        if setting.name == "sweep":
            options["action"] = "append"
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
    parser.add_argument(
        "--name", metavar="NAME", help="what the page calls the run; it can be changed there at any time"
    )
    parser.add_argument(
        "--queued",
        action="store_true",
        help="train the run in --out if it still waits in the page's queue, which is how the page starts it",
    )
    parser.error = lambda message: parser.exit(BAD_INPUT, f"train.py: {message}; see train.py --help\n")
    given = parser.parse_args(arguments)
    given.sweep = given.sweep and " ".join(given.sweep)
    return given


def choose_settings(given: argparse.Namespace) -> Settings:
    """The settings of a new run: as given, otherwise the network's own. Raises InputError if they cannot be used."""
    chosen: dict[str, Any] = {each.name: getattr(given, each.name) for each in fields(Settings)}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    if given.recipe is not None:
        chosen = {"network": OWN} | chosen | {"recipe": _load_recipe(given.recipe)}
    if given.drawings and given.start and "network" not in chosen:
        chosen = inherited(given.start) | chosen
    network = chosen.pop("network", None) or "quick"
    settings = Settings.of(network, chosen.pop("folds", None), **chosen)
    settings = with_absolute_paths(settings)
    check_settings(settings)
    check_data(settings)
    return settings


def _load_recipe(given: str) -> str:
    """A recipe in JSON, from what was given: the path of a file, or JSON. Raises InputError if it cannot be used."""
    if given.lstrip().startswith(("{", "[")):
        return read_recipe(given).to_text()
    try:
        text = read_file(Path(given), MAX_RECIPE).decode("utf-8")
        return read_recipe(text).to_text()
    except InputError as error:
        raise InputError(f"{given}: {error}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or first_line(error)
        raise InputError(f"The recipe {given} cannot be read ({why}): check the path.") from None


def resume_run(given: argparse.Namespace) -> Record:
    """The record of the run in --out, ready to be resumed. Raises InputError if that is impossible."""
    record = Record.load(given.out)
    if given.engine:  # where it trains changes nothing in what it learns
        record.settings = replace(record.settings, engine=given.engine)
        check_settings(record.settings)
    for each in fields(Settings):
        if getattr(given, each.name) not in (None, getattr(record.settings, each.name)):
            raise InputError(f"A resumed run keeps its settings: leave {flag(each.name)} out, or start a new run.")
    if record.status == "done":
        raise InputError(f"The run in {given.out} is done: there is nothing to resume.")
    if given.queued:
        _check_queued(given.out, record.status)
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


def _check_queued(folder: Path, status: str | None) -> None:
    if status != "queued":
        raise InputError(f"The run in {folder} no longer waits in the queue: give --resume to continue it.")


def _claim(folder: Path) -> None:
    """Lets the page know which run trains, before anything that takes time."""
    claim_training(folder.absolute().parent, folder.absolute().name)


def _make(folder: Path) -> Path:
    try:
        folder.mkdir()
    except FileExistsError:
        raise InputError(
            f"{folder} already exists: give another --out, or --resume to continue the run in it."
        ) from None
    return folder


def _named(folder: Path, title: str | None) -> Path:
    if title is not None:
        write_about(folder, replace(read_about(folder), title=title))
    return folder


def supervise(folder: Path, record: Record, queued: bool = False) -> int:
    """Trains, records in run.json how that ended, and returns the exit status.

    Raises InputError if the run is `queued`, but somebody has just withdrawn it.
    """
    record.start()
    forget_wishes(folder)
    if record.settings.recipe is not None:
        write_json(folder / RECIPE_FILE, json.loads(record.settings.recipe))
    with queue_lock(folder.absolute().parent):
        if queued:
            _check_queued(folder, read_run_file(folder).get("status"))
        record.write(folder)
    try:
        with reporting(folder, record):
            _train(folder, record)
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


def _train(folder: Path, record: Record) -> None:
    """Trains here, or on a cluster; what is not needed is not imported."""
    if record.settings.engine == RAY:
        record.enter("Starting: looking for the cluster")
        from model import cluster as engine
    else:
        record.enter("Starting: loading TensorFlow")
        from model import training as engine
    engine.run(folder, record)


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
    drawings = metrics.get("real_drawings")
    read = f" and {drawings['right']:,} of {drawings['images']:,} real drawings" if drawings else ""
    if record.status == "done" and folds:
        accuracy = summarise(metrics["fold_accuracies"]).in_percent()
        return (
            f"Accuracy {accuracy} (mean ± standard deviation of {folds} folds){read} after "
            f"{duration(record.seconds)}; the curves are in {folder}."
        )
    if record.status == "done" and record.settings.sweep:
        return what_a_sweep_found(folder, record)
    if record.status == "done":
        accuracy = metrics["test_accuracy"]
        taught = what_was_taught(metrics["taught"], record.settings.data) + " " if "taught" in metrics else ""
        return (
            f"{taught}Test accuracy {accuracy:.2%}{read} after {duration(record.seconds)}; the network is in {folder}."
        )
    if folds or record.settings.sweep:
        what = "folds" if folds else "trials"
        return f"Stopped. {folder} holds the finished {what}, and --resume trains the others."
    if not (folder / MODEL_FILE).exists():
        return "Stopped before the first epoch; nothing to keep."
    return f"Stopped. {RUN_FILE}, {HISTORY_FILE} and {MODEL_FILE} in {folder} hold what was learned so far."


def _complain(message: object, status: int) -> int:
    print(f"train.py: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
