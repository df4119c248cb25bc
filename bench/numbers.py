"""Measures how whole numbers are read, composed from the digits of one writer each.

python -m bench.numbers --strokes PATHS --people PATHS
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from bench import machine
from model import Reader, load_recognizer
from model.preprocessing import PenStroke, StrokeDigit, bounds, draw_with_pens, load_strokes, replay

NUMBERS = 600  # of each file
MIN_DIGITS, MAX_DIGITS = 2, 6
HEIGHT = 90  # pixels: of a digit
PENS = 5, 14  # pixels: the thinnest and the thickest
# All in fractions of the height:
GAPS = -0.1, 0.8  # between digits; half of the numbers are written densely
DENSE = 0.1  # the largest gap then
TALLER, RAISED = 0.15, 0.1  # how much the height and the baseline vary
MIN_HEIGHT_OF_WIDTH = 0.5  # of a digit's longer side: a lower digit is scaled by its width
MARGIN = 0.3
PEN, BATCH = 14, 200  # pixels: of single digits; how many of them are read at a time


class Written(NamedTuple):
    """A number as somebody writes it."""

    value: str
    picture: np.ndarray  # uint8 (H, W), white on black
    strokes: list[PenStroke]
    touching: bool


def compose(digits: Sequence[StrokeDigit], rng: np.random.Generator) -> Written:
    """A number of these digits, from left to right."""
    pen = rng.uniform(*PENS)
    dense = rng.random() < 0.5
    x, of_each = 0.0, []
    for digit in digits:
        low, high = bounds(digit.strokes)
        height = HEIGHT * rng.uniform(1 - TALLER, 1 + TALLER) - pen
        scale = height / max(high[1] - low[1], MIN_HEIGHT_OF_WIDTH * (high[0] - low[0]), 1e-6)
        up = rng.uniform(-RAISED, RAISED) * HEIGHT
        placed = [(stroke - (low[0], high[1])) * scale + (x, -up) for stroke in digit.strokes]
        of_each.append([PenStroke(stroke, pen) for stroke in placed])
        x += (high[0] - low[0]) * scale + pen + HEIGHT * rng.uniform(GAPS[0], DENSE if dense else GAPS[1])
    corner = np.min([bounds([stroke.points for stroke in each])[0] for each in of_each], axis=0) - MARGIN * HEIGHT
    moved = [[stroke._replace(points=stroke.points - corner) for stroke in each] for each in of_each]
    low, high = bounds([stroke.points for each in moved for stroke in each])
    width, height = np.ceil(high + MARGIN * HEIGHT).astype(int)
    drawn = [draw_with_pens(each, max(width, height))[:height, :width] for each in moved]
    masks = [cv2.dilate((each > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) for each in drawn]
    touching = bool(np.sum(masks, axis=0).max() > 1)
    value = "".join(str(digit.digit) for digit in digits)
    return Written(value, np.max(drawn, axis=0), [stroke for each in moved for stroke in each], touching)


def numbers(written: list[StrokeDigit], count: int, seed: int = 0) -> Iterator[Written]:
    """Numbers of digits that one writer each has written; writers take turns."""
    rng = np.random.default_rng(seed)
    people: dict[tuple[str, int], list[StrokeDigit]] = defaultdict(list)
    for digit in written:
        people[digit.source, digit.writer].append(digit)
    hands = [own for own in people.values() if len(own) >= MAX_DIGITS]
    order = rng.permutation(len(hands))
    for turn in range(count):
        own = hands[order[turn % len(hands)]]
        chosen = rng.choice(len(own), rng.integers(MIN_DIGITS, MAX_DIGITS + 1), replace=False)
        yield compose([own[place] for place in chosen], rng)


class Outcome(NamedTuple):
    """What was read of a number."""

    right: bool
    named: bool  # whether it was said to be a number
    milliseconds: float


def read(reader: Reader, written: Written, with_strokes: bool) -> Outcome:
    """What a reader makes of a number, in all its digits."""
    started = time.perf_counter()
    found = reader.read_number(written.picture, written.strokes if with_strokes else None)
    took = 1000 * (time.perf_counter() - started)
    return Outcome([number.value for number in found] == [written.value], all(each.is_number for each in found), took)


def figures(reader: Reader, digits: list[StrokeDigit], count: int) -> Iterator[tuple[str, str]]:
    """What is read of `count` numbers of these digits."""
    written = list(numbers(digits, count))
    for with_strokes in (False, True):
        how = "strokes known" if with_strokes else "picture alone"
        read(reader, written[0], with_strokes)  # the first call builds what later ones use
        outcomes = [read(reader, each, with_strokes) for each in written]
        for name, touching in (("nothing touches", False), ("digits touch", True)):
            own = [found for found, each in zip(outcomes, written, strict=True) if each.touching == touching]
            right, sure = sum(each.right for each in own), sum(not each.right and each.named for each in own)
            yield f"{how}, {name}: right", f"{right / len(own):.2%} of {len(own)}; wrong and sure {sure / len(own):.2%}"
        long = [found for found, each in zip(outcomes, written, strict=True) if len(each.value) == MAX_DIGITS]
        apart = [
            found.milliseconds
            for found, each in zip(outcomes, written, strict=True)
            if len(each.value) == MAX_DIGITS and not each.touching
        ]
        yield (
            f"{how}, {MAX_DIGITS} digits: milliseconds",
            f"median {np.median(apart):.0f} apart, {np.median([each.milliseconds for each in long]):.0f} of all",
        )


def split(reader: Reader, digits: list[StrokeDigit]) -> tuple[str, str]:
    """How many single digits are taken for several."""
    taken = 0
    for start in range(0, len(digits), BATCH):
        drawings = [replay(digit.strokes, PEN) for digit in digits[start : start + BATCH]]
        taken += sum(bool(reading.several) for reading in reader.read_many(drawings))
    return f"single digits, {PEN} px wide: split", f"{taken / len(digits):.3%} of {len(digits):,}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints how whole numbers are read, as a table.")
    parser.add_argument(
        "--strokes", nargs="+", required=True, help="stroke files; of some, only those who decide count"
    )
    parser.add_argument("--people", nargs="*", default=[], help="stroke files of people who never trained a network")
    parser.add_argument("--model", help="a .keras file, instead of the built-in network")
    parser.add_argument("--count", type=int, default=NUMBERS, help="numbers of each file")
    given = parser.parse_args()
    recognizer = load_recognizer(given.model)
    print(machine())
    print("| digits | measured | figure |\n| --- | --- | --- |")
    deciding = {path: [digit for digit in load_strokes(path) if digit.decides] for path in given.strokes}
    for path, digits in (deciding | {path: load_strokes(path) for path in given.people}).items():
        for name, figure in (*figures(recognizer, digits, given.count), split(recognizer, digits)):
            print(f"| {Path(path).name} | {name} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
