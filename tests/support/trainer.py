"""Runs train.py as a user would: as a process of its own, or inside the test process."""

import contextlib
import io
import signal
import subprocess
import sys
import time

import train
from model.paths import TRAIN_SCRIPT
from model.runs import cancel_training, list_runs, read_run_file, waiting_runs

PATIENCE = 100  # seconds; on a busy machine, importing TensorFlow takes tens of them


def start(*flags, **options):
    return subprocess.Popen(
        [sys.executable, str(TRAIN_SCRIPT), *map(str, flags)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def end_trainings(runs):
    """Empties the queue, and ends whatever trains."""
    for run in [*reversed(waiting_runs(runs)), *list_runs(runs)]:
        if run.is_unfinished:
            cancel_training(runs, run.name)


def finish(process, patience=PATIENCE):
    """Waits for the process to end, and returns its exit status, stdout and stderr."""
    said, complaint = process.communicate(timeout=patience)
    return process.returncode, said, complaint


def wait_for(condition, process=None, patience=PATIENCE):
    """The first true value of the condition; fails if the process ends before that."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.002)
    return found


def wait_until_it_trains(folder):
    """Waits until the trainer of a run says so itself: what is cancelled any sooner leaves nothing behind."""
    wait_for(lambda: read_run_file(folder)["status"] == "running")


def without_seconds(rows):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


def train_here(*flags):
    """The same as `finish(start(…))`, but in this process, which saves another import of TensorFlow."""
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    handlers = [signal.getsignal(each) for each in signals]
    train.cancel_requested.clear()
    said, complaint = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
            try:
                status = train.main([*map(str, flags)])
            except SystemExit as end:  # of the command line's parser
                status = end.code
    finally:
        for each, handler in zip(signals, handlers, strict=True):
            signal.signal(each, handler)
    return status, said.getvalue(), complaint.getvalue()
