"""Measures how often pictures of a digit are read correctly, among digits whose plain drawings are read correctly.

    python -m bench.photographs --strokes PATH

Once with a single threshold for the whole picture, as for drawings, and once as pictures are read now
(model/preprocessing/extraction.py). They are synthetic: real strokes on simulated paper, ruled, unevenly lit and
tilted, taken by a simulated camera (tests/support/photographs.py); cropped closely, framed, padded or scratched
(tests/support/pictures.py); and, to be turned away, pictures without a digit (tests/support/empty_pictures.py).
"""

import argparse
import os
import time
from functools import partial

import cv2
import numpy as np

from bench import machine
from model import Recognizer, load_recognizer
from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import (
    SIZE,
    Extraction,
    StrokeDigit,
    difference,
    draw_strokes,
    enlarge,
    flatten,
    ink_of_drawing,
    load_strokes,
    prepare_ink,
    the_border,
)
from tests.support.empty_pictures import EMPTY
from tests.support.photographs import Scene, any_scene, photograph
from tests.support.pictures import KINDS, straight

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
    parser.add_argument("--empty", action="store_true", help="only those without a digit")
    given = parser.parse_args()
    recognizer, rng = load_recognizer(), np.random.default_rng(given.seed)
    print(machine())
    if not given.empty:
        _show_digits(recognizer, given.strokes, given.count, rng)
    _show_empty(recognizer, given.count, rng)


def _show_digits(recognizer: Recognizer, strokes: str | None, count: int, rng: np.random.Generator) -> None:
    digits = readable(recognizer, strokes)
    makers = {
        **{name: partial(_photograph, scene) for name, scene in SCENES.items()},
        **KINDS,
    }
    print(f"{count} pictures of each kind; right, and wrong but sure")
    print("| pictures | one threshold | read now | wrong and sure | median ms |\n| --- | ---: | ---: | ---: | ---: |")
    for name, make in makers.items():
        chosen = [digits[i] for i in rng.integers(len(digits), size=count)]
        show(recognizer, name, [make(entry.strokes, rng) for entry in chosen], [entry.digit for entry in chosen])
    labels = [i % 10 for i in range(count)]
    show(recognizer, "straight lines, 64×100 pixels", [straight(label, rng) for label in labels], labels)
    large = cv2.resize(photograph(digits[0].strokes, Scene(shadow=0.5), rng), (3000, 4000))
    show(recognizer, "12 megapixels", [large] * 5, [digits[0].digit] * 5)
    print()


def _show_empty(recognizer: Recognizer, count: int, rng: np.random.Generator) -> None:
    print("| pictures without a digit | turned away |\n| --- | ---: |")
    turned_away = {}
    for name, make in EMPTY.items():
        readings = [recognizer.read(make(rng)) for _ in range(count)]
        turned_away[name] = np.mean([not reading.is_digit for reading in readings])
        print(f"| {name} | {turned_away[name]:.1%} |", flush=True)
    print(f"| all | {np.mean(list(turned_away.values())):.1%} |")


def _photograph(scene: Scene | None, strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    return photograph(strokes, scene or any_scene(rng), rng)


def show(recognizer: Recognizer, name: str, pictures: list[np.ndarray], labels: list[int]) -> None:
    """Prints a row: how many are right with a single threshold and now, and how long one takes now."""
    plain = np.stack([one_threshold(picture) for picture in pictures])
    before = np.mean(recognizer.predict(plain).argmax(axis=1) == labels)
    readings, times = [], []
    for picture in pictures:
        started = time.perf_counter()
        readings.append(recognizer.read(picture))
        times.append(1000 * (time.perf_counter() - started))
    right = np.array([reading.digit for reading in readings]) == labels
    sure = np.array([reading.is_digit for reading in readings])
    print(
        f"| {name} | {before:.1%} | {right.mean():.1%} | {(sure & ~right).mean():.1%} | {np.median(times):.0f} |",
        flush=True,
    )


def one_threshold(picture: np.ndarray) -> np.ndarray:
    """The image, float32 (28, 28), that a single threshold makes of a picture."""
    colours = flatten(picture)
    border = the_border(colours)
    ink = ink_of_drawing(difference(colours, border), border)
    return np.zeros((SIZE, SIZE), np.float32) if ink is None else prepare_ink(Extraction(ink)).image


def readable(recognizer: Recognizer, strokes: str | None) -> list[StrokeDigit]:
    """The digits of the validation writers that are read correctly as plain drawings; without a file, example drawings.

    The constants in photograph.py, two_tones.py and extraction.py were chosen on digits by the writers of the tablet.
    """
    digits = load_strokes(strokes or EXAMPLE_DRAWINGS)
    digits = [entry for entry in digits if not strokes or entry.decides]
    drawings = [draw_strokes(enlarge(entry.strokes, LONGER_SIDE), PEN) for entry in digits]
    return [
        entry
        for entry, reading in zip(digits, recognizer.read_many(drawings), strict=True)
        if reading.digit == entry.digit
    ]


if __name__ == "__main__":
    main()
