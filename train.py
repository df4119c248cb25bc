"""The one trainer: trains a network from the table and leaves a run folder.

    python train.py --network keras-cnn --data mnist --epochs 10 --out runs/mine
    python train.py --network he-cnn --folds 5

The sidebar of the page starts this same program. Exit status: 0 done, 2 bad settings or data, 130 cancelled, 1
anything else; run.json in the run folder says which and why.
"""

import argparse
import contextlib
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from threading import Event
from typing import Any

from model.errors import InputError
from model.history import HISTORY_FILE
from model.lock import training_lock
from model.networks import NETWORKS
from model.progress import duration, reporting
from model.runs import (
    MODEL_FILE,
    RUN_FILE,
    claim_training,
    new_name,
    read_run,
    remove_leftovers,
    runs_folder,
    write_run,
)
from model.settings import SETTINGS, check_data, check_settings, checksums, default_settings

DONE, FAILED, BAD_INPUT, CANCELLED = 0, 1, 2, 130  # exit status
cancelled = Event()  # whether the person asked to end


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="train.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Trains a network to read digits, and leaves a folder with the network, its settings and curves.",
        epilog="networks:\n"
        + "\n".join(f"  {name:<12} {n.parameters:>9,} parameters; {n.source}" for name, n in NETWORKS.items()),
    )
    parser.add_argument("--network", choices=NETWORKS, metavar="NAME", help="one of those below (default: quick)")
    parser.add_argument(
        "--data",
        help="mnist (the default; downloaded if need be), digits (1,797 small scans, always there), or the path of an "
        "mnist.npz; DIGITS_MNIST names the file that mnist stands for",
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="how often all images are seen (the network's own)")
    parser.add_argument(
        "--batch-size", type=int, metavar="N", help="images between two changes of the weights (its own)"
    )
    parser.add_argument("--learning-rate", type=float, metavar="RATE", help="how far each change goes (its own)")
    parser.add_argument("--images", type=int, metavar="N", help="train on N of the training images only")
    parser.add_argument(
        "--augment",
        action=argparse.BooleanOptionalAction,
        help="vary each image by chance: turned, bent, thicker, thinner (the network's own choice)",
    )
    parser.add_argument(
        "--strokes", metavar="PATH", help="a file of pen strokes to train on as well (reader: else DIGITS_STROKES)"
    )
    parser.add_argument(
        "--start", metavar="FILE", help="begin with what this network has learned, a .keras file (default: by chance)"
    )
    parser.add_argument(
        "--folds",
        type=int,
        metavar="K",
        help="divide the training images into K parts, and for each train a fresh network on all the others and check "
        "it on that one: says how well the network does, and by how much that varies",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same curves (default: 0)")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="the run folder to make (default: date, time and network, in DIGITS_RUNS, else in runs/ beside this file)",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run in --out after its last whole epoch, as it was set"
    )
    parser.error = lambda message: parser.exit(BAD_INPUT, f"train.py: {message}; see train.py --help\n")
    return parser.parse_args(arguments)


def choose_settings(given: argparse.Namespace) -> dict[str, Any]:
    """All settings of a new run: those given, else the network's own. Raises InputError if they cannot be used."""
    chosen = {key: getattr(given, key) for key in SETTINGS if getattr(given, key) is not None}
    settings = default_settings(given.network or "quick", given.folds) | chosen
    for key in ("data", "strokes", "start"):  # whoever goes on with the run may do so from another folder
        if settings[key] not in (None, "mnist", "digits"):
            settings[key] = str(Path(settings[key]).absolute())
    check_settings(settings)
    check_data(settings)
    return settings


def resume_run(given: argparse.Namespace) -> dict[str, Any]:
    """The content of run.json of the run in --out. Raises InputError if it cannot go on."""
    run = read_run(given.out)
    for key in SETTINGS:
        if getattr(given, key) not in (None, run["settings"].get(key)):
            raise InputError(
                f"A resumed run keeps its settings: leave --{key.replace('_', '-')} out, or start a new run."
            )
    if run.get("status") == "done":
        raise InputError(f"The run in {given.out} is done: there is nothing to resume.")
    run["settings"] = {key: run["settings"].get(key) for key in SETTINGS}
    check_settings(run["settings"])
    check_data(run["settings"])
    now, before = checksums(run["settings"]), run.get("checksums")
    if isinstance(before, dict) and any(before.get(key) not in (None, now[key]) for key in now):
        raise InputError(
            f"The data is not what the run in {given.out} began with: put the files back as they were to go on, or "
            "start a new run."
        )
    run["checksums"] = now
    remove_leftovers(given.out)
    return run


def main(arguments: list[str] | None = None) -> int:
    """The exit status."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # Ctrl-C, a request to end, and what the latter is on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _cancel)
    given = parse_arguments(arguments)
    try:
        if given.resume:
            if given.out is None:
                raise InputError("--resume needs --out with the folder of the run to go on with.")
            with training_lock(given.out.absolute().parent):
                return supervise(given.out, resume_run(given))
        settings = choose_settings(given)
        folder = given.out or runs_folder() / new_name(runs_folder(), settings["network"], settings["folds"])
        with training_lock(folder.absolute().parent):
            return supervise(_make(folder), {"settings": settings, "checksums": checksums(settings)})
    except InputError as error:
        return _say(error, BAD_INPUT)
    except KeyboardInterrupt:
        return _say("Cancelled before it began.", CANCELLED)
    except OSError as error:
        return _say(_explain(error), FAILED)


def _cancel(*_: object) -> None:
    cancelled.set()
    raise KeyboardInterrupt


def _make(folder: Path) -> Path:
    try:
        folder.mkdir()
    except FileExistsError:
        raise InputError(
            f"{folder} exists already: give another --out, or --resume to go on with the run in it."
        ) from None
    return folder


def _say(message: object, status: int) -> int:
    print(f"train.py: {message}", file=sys.stderr)
    return status


def supervise(folder: Path, run: dict[str, Any]) -> int:
    """Trains, and has run.json say how it ended. The exit status."""
    run.update(status="running", pid=os.getpid(), error=None, progress={"phase": "Starting"})
    run.setdefault("started", time.time())
    write_run(folder, run)
    claim_training(folder.absolute().parent, folder.name)
    try:
        with reporting(folder, run):
            _train(folder, run)
        status, error, code = "done", None, DONE
    except BaseException as reason:  # after a signal, an import may raise anything
        status, error, code = _judge(reason)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # from here on there is nothing left to cancel
    run.update(status=status, error=error)
    with contextlib.suppress(OSError):  # then it still says "running", and whoever looks finds that nothing runs
        write_run(folder, run)
    if status == "done":
        print(_result(folder, run))
    elif status == "cancelled" and run["settings"]["folds"]:
        print(f"Cancelled. {folder} holds the folds that there are, and --resume goes on with the others.")
    elif status == "cancelled" and not (folder / MODEL_FILE).exists():
        print(f"Cancelled before the first epoch was through: {folder} holds no network.")
    elif status == "cancelled":
        print(f"Cancelled. {RUN_FILE}, {HISTORY_FILE} and {MODEL_FILE} in {folder} hold what there is.")
    else:
        _say(error, code)
    return code


def _train(folder: Path, run: dict[str, Any]) -> None:
    if run["settings"]["folds"]:
        from model.folds import train_folds

        train_folds(folder, run)
    else:
        from model.training import train

        train(folder, run)


def _result(folder: Path, run: dict[str, Any]) -> str:
    metrics, after = run["metrics"], f"after {duration(run['seconds'])}"
    if folds := run["settings"]["folds"]:
        from model.folds import in_percent, summarise

        found = in_percent(summarise(metrics["fold_accuracies"]))
        return f"Accuracy {found} (mean ± standard deviation of {folds} folds) {after}; the curves are in {folder}."
    return f"Test accuracy {metrics['test_accuracy']:.2%} {after}; the network is in {folder}."


def _judge(reason: BaseException) -> tuple[str, str | None, int]:
    """What to call the end of a training that did not get through: status, error and exit status."""
    if cancelled.is_set():
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
        return f"The run cannot be written ({what}): free some space, or check who may write there; then train again."
    return (
        f"{type(reason).__name__}: {str(reason).strip().splitlines()[0] if str(reason).strip() else 'no reason given'}"
    )


if __name__ == "__main__":
    sys.exit(main())
