"""Measures what a Ray cluster gains and costs: folds on one and on two workers, one fold, and a sweep with ASHA.

    python -m bench.cluster --data mnist.npz --out FOLDER

Starts a cluster on this machine: a head without cores, and workers of one core each, to which they are held. Without
Ray, too, training is held to one core. A finished run is not trained again.
"""

import argparse
import os
import statistics
import subprocess
import sys
from math import ceil
from pathlib import Path

from bench import machine
from model.paths import TRAIN_SCRIPT
from model.runs import (
    RUN_FILE,
    Outcome,
    Settings,
    epochs_trained,
    in_words,
    rank,
    read_history,
    read_outcomes,
    read_run_file,
    trial_folder,
)
from tests.support.cluster import ENVIRONMENT, serve_ray

FOLDS = (5, 4)  # five, as in the tutorial, cannot be divided evenly between two workers
SWEEP = ("--sweep", "learning_rate=0.0003,0.001,0.003,0.03", "--sweep", "batch_size=64,512", "--seeds", "2")
SWEEP_EPOCHS = 9  # with rungs after 1, 3 and 9


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.cluster", description="Measures folds and a sweep on a Ray cluster of this machine."
    )
    parser.add_argument("--data", required=True, help="the path of an mnist.npz, or digits to try this program")
    parser.add_argument("--out", required=True, type=Path, help="the folder of the runs")
    parser.add_argument("--images", type=int, default=10_000, help="how many of the training images (default: 10,000)")
    parser.add_argument("--epochs", type=int, default=4, help="of each fold (default: 4)")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    cores = sorted(os.sched_getaffinity(0))[:2]
    common = ("--data", given.data, "--images", str(given.images))
    folds = (*common, "--network", "he-cnn", "--epochs", str(given.epochs))
    sweep = (*common, "--network", "dense-128x2", "--epochs", str(SWEEP_EPOCHS), *SWEEP)

    print(machine() + "\n")
    alone = train(given.out / "folds-5-local", cores[:1], *folds, "--folds", "5")
    seconds: dict[tuple[int, int], float] = {}
    with serve_ray() as cluster:
        for workers, core in enumerate(cores, start=1):
            _hold(cluster.add(1).pid, [core])
            for count in FOLDS:
                folder = given.out / f"folds-{count}-{workers}"
                flags = (*folds, "--folds", str(count), "--engine", "ray")
                seconds[count, workers] = train(folder, cores, *flags, address=cluster.address)
        swept = given.out / "sweep-asha"
        train(swept, cores, *sweep, "--engine", "ray", address=cluster.address)
    whole = given.out / "sweep-whole"
    train(whole, cores, *sweep)

    for count in FOLDS:
        one, two = seconds[count, 1], seconds[count, 2]
        most = count / ceil(count / 2)
        gain = f"{one / two:.2f} times as fast (at most {most:.2f})"
        print(f"- {count} folds: {one:.0f} s on 1 worker, {two:.0f} s on 2: {gain}")
    print(f"- one fold: {(seconds[5, 1] - alone) / 5:+.1f} s with Ray (5 folds: {alone:.0f} s without)")
    for name, folder in (("ASHA", swept), ("all to the end", whole)):
        print(f"- sweep, {name}: {in_short(folder)}")
    return 0


def train(folder: Path, cores: list[int], *flags: str, address: str | None = None) -> float:
    """Trains with train.py on these cores, unless the run is there already. Returns its seconds, start included."""
    if not (folder / RUN_FILE).exists():
        environment = os.environ | ENVIRONMENT | {"DIGITS_RUNS": str(folder.parent)}
        if address:
            environment["RAY_ADDRESS"] = address
        else:
            environment["TF_NUM_INTRAOP_THREADS"] = environment["TF_NUM_INTEROP_THREADS"] = "1"
        command = [sys.executable, str(TRAIN_SCRIPT), "--out", str(folder), *flags]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _hold(process.pid, cores)
        if process.wait():
            raise SystemExit(f"train.py has failed: see {folder}.")
    return read_run_file(folder)["seconds"]


def _hold(pid: int, cores: list[int]) -> None:
    """Holds a process and all that it has started to these cores."""
    import psutil

    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        each.cpu_affinity(cores)


def in_short(folder: Path) -> str:
    """What a sweep trained, and what it found."""
    settings = Settings.from_json(read_run_file(folder)["settings"])
    outcomes: list[Outcome] = read_outcomes(folder, settings)
    best = rank(outcomes)[0]
    trained, planned = epochs_trained(outcomes)
    rows = [read_history(trial_folder(folder, each.trial.number)) for each in outcomes]
    spent = sum(row["seconds"] for history in rows for row in history)
    test = read_run_file(folder)["metrics"]["test_accuracy"]
    reached = statistics.fmean(each.accuracy or 0 for each in best.outcomes)
    return (
        f"{trained} of {planned} epochs, {spent:.0f} s in them; best: {in_words(best.values)}, held-out {reached:.2%}, "
        f"test {test:.2%}"
    )


if __name__ == "__main__":
    sys.exit(main())
