"""Measures how often photographs of a digit are read correctly, among digits whose plain drawings are read correctly.

    python -m bench.photographs --strokes PATH

Once with a single threshold for the whole picture, as for drawings, and once as photographs are read now
(model/preprocessing/photograph.py). The photographs are synthetic (tests/support/photographs.py): real strokes on
simulated paper, ruled, unevenly lit and tilted, taken by a simulated camera.
"""

import argparse
import os
import time
from unittest.mock import patch

import numpy as np

from bench import machine
from model import Recognizer, load_recognizer
from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import StrokeDigit, draw_strokes, enlarge, load_strokes
from tests.support.photographs import Scene, any_scene, photograph

PEN, LONGER_SIDE = 20, 0.7  # of the plain drawing: pixels, and a fraction of the canvas
SCENES = {
    "even light, black on plain paper": Scene(),
    "light from one side": Scene(light=0.5),
    "the edge of a shadow": Scene(shadow=0.5, light=0.2),
    "lined paper, black": Scene(paper="lined", light=0.2, tilt=3),
    "squared paper, blue": Scene("blue", "squared", light=0.2, tilt=3),
    "squared paper, pencil, shadow": Scene("pencil", "squared", light=0.3, shadow=0.4, tilt=3),
    "chalk on a board": Scene("chalk", light=0.4),
    "noise, strong compression": Scene(noise=0.03, quality=50, light=0.3),
    "all of it at random": None,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints how often photographs of a digit are read correctly.")
    parser.add_argument("--strokes", default=os.environ.get("DIGITS_STROKES"), help="a file of pen strokes")
    parser.add_argument("--count", type=int, default=60, help="photographs of each kind")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    recognizer, rng = load_recognizer(), np.random.default_rng(given.seed)
    digits = readable(recognizer, given.strokes)
    print(machine())
    print(f"{given.count} photographs of 800×600 pixels of each kind")
    print("| photographs | one threshold | read now | median ms |\n| --- | --- | --- | --- |")
    for name, scene in SCENES.items():
        chosen = [digits[i] for i in rng.integers(len(digits), size=given.count)]
        pictures = [photograph(entry.strokes, scene or any_scene(rng), rng) for entry in chosen]
        labels = [entry.digit for entry in chosen]
        with patch("model.preprocessing.ink.examine", return_value=None):
            before, _ = accuracy(recognizer, pictures, labels)
        after, milliseconds = accuracy(recognizer, pictures, labels)
        print(f"| {name} | {before:.1%} | {after:.1%} | {milliseconds:.0f} |", flush=True)


def readable(recognizer: Recognizer, strokes: str | None) -> list[StrokeDigit]:
    """The digits of the validation writers that are read correctly as plain drawings; without a file, example drawings.

    The constants in model/preprocessing/photograph.py were chosen on digits by the same writers.
    """
    digits = load_strokes(strokes or EXAMPLE_DRAWINGS)
    digits = [entry for entry in digits if not strokes or entry.decides]
    drawings = [draw_strokes(enlarge(entry.strokes, LONGER_SIDE), PEN) for entry in digits]
    return [
        entry
        for entry, reading in zip(digits, recognizer.read_many(drawings), strict=True)
        if reading.digit == entry.digit
    ]


def accuracy(recognizer: Recognizer, pictures: list[np.ndarray], labels: list[int]) -> tuple[float, float]:
    """The share that is read correctly, 0–1, and the median time of one reading in milliseconds."""
    right, times = [], []
    for picture, label in zip(pictures, labels, strict=True):
        started = time.perf_counter()
        right.append(recognizer.read(picture).digit == label)
        times.append(1000 * (time.perf_counter() - started))
    return float(np.mean(right)), float(np.median(times))


if __name__ == "__main__":
    main()
