"""Measures what the tutorials' networks reach here, compared with what their authors claim, and how fast `quick` is.

    python -m bench.networks --data mnist.npz --strokes strokes.json.gz --out FOLDER

Trains the networks with train.py, one after the other, each into a folder of its own. A finished run is not trained
again, and an interrupted one is resumed. Prints a Markdown table, and how `quick` compares with its targets.
Seconds are those of the epochs, including the test images after each, but not the start of the program.
"""

import argparse
import statistics
import subprocess
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from bench import machine
from model import load_recognizer
from model.networks import NETWORKS
from model.paths import TRAIN_SCRIPT
from model.preprocessing import PEN_WIDTHS, StrokeDigit, load_strokes, replay
from model.runs import MODEL_FILE, RUN_FILE, read_history, read_run_file

TUTORIALS = ("cnn-sgd", "he-cnn", "dense-512", "dense-128x2", "keras-cnn")
CLAIMS = {  # in per cent, with the words of each source
    "cnn-sgd": {99.0: "99 %"},
    "he-cnn": {98.96: "98.96 ± 0.097 % in five folds", 99.73: "99.73 % claimed"},
    "dense-512": {98.9: "98.9 % in training"},
    "dense-128x2": {97.7: "97.7 %"},
    "keras-cnn": {99.19: "99.19 %"},
    "quick": {99.0: "99.0 %"},
    "quick-long": {99.4: "99.4 %"},
}
SEEDS = range(5)  # that `quick` is measured with
LONG = ("--epochs", "10")  # flags with which `quick` is to reach 99.4 %
GOAL = 0.99  # the accuracy that the networks race to


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.networks", description="Trains the tutorials' networks and prints what they reach."
    )
    parser.add_argument("--data", required=True, help="the path of an mnist.npz, or digits to try this program")
    parser.add_argument("--strokes", required=True, help="the path of a stroke file")
    parser.add_argument("--out", required=True, type=Path, help="the folder of the runs")
    parser.add_argument("--epochs", type=int, help="instead of each network's own number, to try out this program")
    given = parser.parse_args(arguments)
    digits = [digit for digit in load_strokes(given.strokes) if digit.decides]

    folders = dict(train_all(given.data, given.out, given.epochs))
    print(machine() + "\n")
    widths = ", ".join(map(str, PEN_WIDTHS))
    columns = ("network", "parameters", "claimed", "reached here", "seconds", "seconds to 99.0 %")
    print(f"| {' | '.join(columns)} | writers 25–30 at pen widths {widths} |")
    print("| --- | ---: | --- | ---: | ---: | ---: | --- |")
    for name, folder in folders.items():
        print(row(name, folder, digits))
    print()
    for line in ratios(folders):
        print(f"- {line}")
    return 0


def train_all(data: str, out: Path, epochs: int | None) -> Iterator[tuple[str, Path]]:
    """The names and folders of all runs, once trained: the tutorials', `quick` with each seed, `quick` for longer."""
    for name in TUTORIALS:
        yield name, train(out / name, "--network", name, "--data", data, *_epochs(epochs))
    for seed in SEEDS:
        name = f"quick, seed {seed}"
        flags = ("--network", "quick", "--data", data, "--seed", str(seed))
        yield name, train(out / f"quick-{seed}", *flags, *_epochs(epochs))
    flags = LONG if epochs is None else _epochs(epochs)
    yield "quick-long", train(out / "quick-long", "--network", "quick", "--data", data, *flags)


def _epochs(epochs: int | None) -> tuple[str, ...]:
    return () if epochs is None else ("--epochs", str(epochs))


def train(folder: Path, *flags: str) -> Path:
    """Makes sure that the folder holds a finished run, and returns it. Raises CalledProcessError if training fails."""
    command = [sys.executable, str(TRAIN_SCRIPT), "--out", str(folder)]
    if (folder / RUN_FILE).exists():
        if read_run_file(folder).get("status") == "done":
            return folder
        flags = ("--resume",)
    print(f"train.py --out {folder} {' '.join(flags)}", file=sys.stderr)
    subprocess.run([*command, *flags], check=True, stdout=sys.stderr)
    return folder


def row(name: str, folder: Path, digits: list[StrokeDigit]) -> str:
    """The table's line for one run. `digits` are those it reads as pen strokes."""
    network, short = NETWORKS[read_run_file(folder)["settings"]["network"]], name.split(",")[0]
    last = read_history(folder)[-1]
    claims = []
    for claim, words in CLAIMS[short].items():
        reached = last["accuracy" if "in training" in words else "val_accuracy"]
        claims.append(words if round(100 * reached, 2) >= claim else f"{words} (not reached)")
    first = seconds_to(folder, GOAL)
    strokes = " · ".join(f"{100 * share:.1f} %" for share in read_strokes(folder, digits))
    reached, spent = f"{100 * last['val_accuracy']:.2f} %", f"{seconds(folder):.0f}"
    cells = (
        f"`{name}`",
        f"{network.parameters:,}",
        ", ".join(claims),
        reached,
        spent,
        f"{first:.0f}" if first else "never",
    )
    return f"| {' | '.join(cells)} | {strokes} |"


def seconds(folder: Path) -> float:
    """How long all epochs of a run took."""
    return sum(epoch["seconds"] for epoch in read_history(folder))


def seconds_to(folder: Path, accuracy: float) -> float | None:
    """Seconds until the end of the first epoch with this accuracy on the test images, 0–1; None if there is none."""
    rows = read_history(folder)
    elapsed = accumulate(epoch["seconds"] for epoch in rows)
    return next((end for epoch, end in zip(rows, elapsed, strict=True) if epoch["val_accuracy"] >= accuracy), None)


def read_strokes(folder: Path, digits: list[StrokeDigit]) -> list[float]:
    """The share of digits, 0–1, that are read correctly at each pen width, from pictures alone."""
    recognizer = load_recognizer(folder / MODEL_FILE)
    shares = []
    for width in PEN_WIDTHS:
        readings = recognizer.read_many([replay(entry.strokes, width) for entry in digits])
        right = sum(reading.digit == entry.digit for reading, entry in zip(readings, digits, strict=True))
        shares.append(right / len(digits))
    return shares


def ratios(folders: dict[str, Path]) -> Iterator[str]:
    """Sentences that compare `quick` with its targets. `folders` are the folders of the runs, by name."""
    quick = [folder for name, folder in folders.items() if name.startswith("quick,")]
    reached = [read_history(folder)[-1]["val_accuracy"] for folder in quick]
    whole = statistics.median(map(seconds, quick))
    spent = statistics.median(seconds_to(folder, GOAL) or float("inf") for folder in quick)
    yield (
        f"quick reaches a median of {100 * statistics.median(reached):.2f} % over {len(quick)} seeds "
        f"({100 * min(reached):.2f} to {100 * max(reached):.2f} %; target: at least 99.0 %) in {whole:.1f} s, "
        f"and is past 99.0 % after {spent:.1f} s (medians)."
    )
    first = {name: found for name in TUTORIALS if (found := seconds_to(folders[name], GOAL)) is not None}
    if "keras-cnn" in first:
        there = first["keras-cnn"]
        yield (
            f"That is 1/{there / spent:.1f} of keras-cnn's {there:.0f} s to 99.0 % (target: at most 1/8); its whole "
            f"training, 1/{there / whole:.1f}."
        )
    if first:
        fastest = min(first, key=lambda name: first[name])
        there = first[fastest]
        yield (
            f"And 1/{there / spent:.1f} of the {there:.0f} s of {fastest}, the fastest (target: at most 1/5); its "
            f"whole training, 1/{there / whole:.1f}."
        )
    program = statistics.median(read_run_file(folder)["seconds"] for folder in quick)
    yield (
        f"Of the {program:.1f} s of its trainer, which loads the images and scores the network as well, "
        f"{whole / program:.0%} are in fit."
    )
    three = 3 * statistics.mean(epoch["seconds"] for epoch in read_history(folders["keras-cnn"]))
    long = folders["quick-long"]
    yield (
        f"With {' '.join(LONG)}, quick reaches {100 * read_history(long)[-1]['val_accuracy']:.2f} % "
        f"(target: at least 99.4 %) in {seconds(long):.0f} s; three epochs of keras-cnn take {three:.0f} s."
    )


if __name__ == "__main__":
    sys.exit(main())
