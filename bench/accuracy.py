"""How often a network is right: on MNIST's test images, directly and through the whole path, and on real pen strokes.

python -m bench.accuracy --data mnist --strokes PATH
"""

import argparse
import os

import cv2
import numpy as np

from model import Recognizer, load_recognizer
from model.data import Images, load_data
from model.redraw import PenStroke
from model.strokes import CANVAS, JUDGE_WRITERS, WIDTHS, StrokeDigit, draw, load_strokes, replay

ENLARGED = 10  # times, through the whole path
THICK_PENS = 28, 40  # pixels: too thick for a small digit
BATCH = 500  # pictures at a time: enlarged ones take memory


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints the accuracy of a network as a table.")
    parser.add_argument("--data", default="mnist", help="mnist or the path of an mnist.npz")
    parser.add_argument("--strokes", default=os.environ.get("DIGITS_STROKES"), help="a file of pen strokes")
    parser.add_argument("--model", help="a .keras file, instead of the shipped network")
    given = parser.parse_args()
    recognizer = load_recognizer(given.model)
    print("| measured on | accuracy |\n| --- | --- |")
    for name, accuracy in mnist(recognizer, load_data(given.data).test):
        print(f"| {name} | {accuracy:.2%} |", flush=True)
    if given.strokes:
        digits = [digit for digit in load_strokes(given.strokes) if digit.writer in JUDGE_WRITERS]
        for name, accuracy in strokes(recognizer, digits):
            print(f"| strokes of writers {JUDGE_WRITERS[0]}–{JUDGE_WRITERS[-1]}, {name} | {accuracy:.2%} |", flush=True)


def mnist(recognizer: Recognizer, test: Images) -> list[tuple[str, float]]:
    """The accuracy straight from the images, and through the whole path from enlarged RGBA pictures of them."""
    direct = recognizer.predict(test.images.astype(np.float32) / 255).argmax(axis=1)
    rows = [("MNIST test images", (direct == test.labels).mean())]
    for name, interpolation in (("nearest", cv2.INTER_NEAREST), ("bicubic", cv2.INTER_CUBIC)):
        right = 0
        for start in range(0, len(test.labels), BATCH):
            pictures = [_enlarge(image, interpolation) for image in test.images[start : start + BATCH]]
            answers = [reading.digit for reading in recognizer.read_many(pictures)]
            right += sum(a == b for a, b in zip(answers, test.labels[start : start + BATCH], strict=True))
        rows.append((f"the same enlarged ten times ({name}), through the whole path", right / len(test.labels)))
    return rows


def _enlarge(image: np.ndarray, interpolation: int) -> np.ndarray:
    """As an opaque RGBA picture."""
    enlarged = cv2.resize(image, None, fx=ENLARGED, fy=ENLARGED, interpolation=interpolation)
    return cv2.cvtColor(enlarged, cv2.COLOR_GRAY2RGBA)


def strokes(recognizer: Recognizer, digits: list[StrokeDigit]) -> list[tuple[str, float]]:
    """The accuracy from the picture alone at each pen width; and for thick pens, what knowing the strokes adds."""
    labels = np.array([digit.digit for digit in digits])
    rows = []
    for width in WIDTHS:
        readings = recognizer.read_many([replay(digit.strokes, width) for digit in digits])
        rows.append((f"{width} px wide", np.mean([reading.digit for reading in readings] == labels)))
    for width in THICK_PENS:
        drawings = [draw(digit.strokes, width) for digit in digits]
        alone = [reading.digit for reading in recognizer.read_many(drawings)]
        known = [[PenStroke(stroke * CANVAS, width) for stroke in digit.strokes] for digit in digits]
        helped = [recognizer.read(*each).digit for each in zip(drawings, known, strict=True)]
        rows.append((f"{width} px wide and as small as written", np.mean(alone == labels)))
        rows.append((f"{width} px wide and as small as written, the strokes known", np.mean(helped == labels)))
    return rows


if __name__ == "__main__":
    main()
