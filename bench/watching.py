"""Measures what it costs to watch a training: the share of its time that goes into reading and keeping snapshots.

    python -m bench.watching --data mnist.npz

Trains `quick` in this process, in a folder that is deleted. Seconds are those of `fit`, without loading the images.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import machine
from model.networks import INPUT_SHAPE, import_keras
from model.runs import Record, Settings
from model.runs.snapshots import FILTERS_FILE, READINGS_FILE

HOOKS = ("__init__", "on_train_begin", "on_train_batch_end", "on_train_end")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.watching", description="Measures what snapshots cost.")
    parser.add_argument("--data", required=True, help="the path of an mnist.npz, or digits to try this program")
    parser.add_argument("--network", default="quick")
    given = parser.parse_args(arguments)
    from model.training import snapshots, train  # which takes seconds

    spent = {"watching": 0.0, "fit": 0.0}
    for hook in HOOKS:
        _time(snapshots.KeepSnapshots, hook, spent, "watching")
    _read_once_before(snapshots.KeepSnapshots)
    _time(import_keras().Model, "fit", spent, "fit")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        train(folder, Record(Settings.of(given.network, data=given.data), {}))
        kept = sum((folder / name).stat().st_size for name in (FILTERS_FILE, READINGS_FILE))
    print(machine() + "\n")
    print(f"{given.network}: {spent['watching']:.2f} s of {spent['fit']:.1f} s, {spent['watching'] / spent['fit']:.2%}")
    print(f"{kept / 1e3:.0f} kB are kept")
    return 0


def _read_once_before(owner: Any) -> None:  # noqa: ANN401 - a class whose method is replaced
    """Has the network read once untimed: otherwise, the first sample of the test images would pay for that."""
    import tensorflow as tf

    timed = owner.on_train_begin

    def on_train_begin(callback: Any, logs: dict | None = None) -> None:  # noqa: ANN401 - of that class
        callback.read(tf.zeros((1, *INPUT_SHAPE)))
        timed(callback, logs)

    owner.on_train_begin = on_train_begin


def _time(owner: type, name: str, spent: dict[str, float], what: str) -> None:
    """Adds the seconds that a method takes from now on."""
    method: Callable = getattr(owner, name)

    def timed(*args: object, **options: object) -> object:
        began = time.perf_counter()
        try:
            return method(*args, **options)
        finally:
            spent[what] += time.perf_counter() - began

    setattr(owner, name, timed)


if __name__ == "__main__":
    sys.exit(main())
