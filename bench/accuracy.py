"""Measures a network's accuracy, calibration and rejection of non-digits.

    python -m bench.accuracy --data mnist --strokes PATHS --people PATH --symbols PATH --nondigits PATH

On MNIST's test images, both directly and through the whole preprocessing; on real pen strokes; on non-digits; and on
the digits and symbols of many people.
"""

import argparse
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from sklearn.metrics import roc_auc_score

from bench.people import (
    Answers,
    Row,
    calibration_error,
    contact_sheet,
    deciding_people,
    people,
    per_group,
    read_all,
    turned_away,
    worst_symbols,
    written_forms,
)
from bench.reading import in_turns, keras_predict
from model import Reading, Recognizer, load_recognizer
from model.data import (
    TRAINING_KINDS,
    UNSEEN_KINDS,
    Images,
    distort_strokes,
    draw_nondigits,
    enlarge_image,
    load_data,
    place_strokes,
)
from model.paths import SHIPPED_NETWORK
from model.preprocessing import (
    CANVAS_SIZE,
    PEN_WIDTHS,
    VALIDATION_WRITERS,
    PenStroke,
    StrokeDigit,
    draw_strokes,
    load_strokes,
    load_symbols,
    replay,
    to_bytes,
)
from model.runs import split_paths

THICK_PENS = 28, 40  # pixels: too thick for a small digit
BATCH = 500  # pictures read at a time, because enlarged ones take memory
NONDIGITS = 200  # of each kind
MIN_PEN_WIDTHS = 4.0  # of the varied strokes: how many pen widths the smallest digit is long


def main() -> None:
    given = parse_arguments()
    recognizer, data = load_recognizer(given.model), load_data(given.data)
    print("| measured on | figure |\n| --- | --- |")
    size = Path(given.model or SHIPPED_NETWORK).stat().st_size
    show([("size of the file", f"{size / 1e6:.2f} MB"), time_of_one(recognizer, data.test)])
    show(mnist(recognizer, data.test))
    deciding = [digit for path in split_paths(given.strokes) for digit in load_strokes(path) if digit.decides]
    tablet, hands = ([digit for digit in deciding if bool(digit.source) == named] for named in (False, True))
    digits = show_strokes(recognizer, tablet, given.mistakes) if tablet else None
    if hands:
        show(deciding_people(hands, read_all(recognizer, hands)))
    show(nondigits(recognizer, data.test, digits))
    show(written_forms(recognizer))
    if given.people:
        show_people(recognizer, data.test, given)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prints the accuracy of a network as a table.")
    parser.add_argument("--data", default="mnist", help="mnist or the path of an mnist.npz")
    parser.add_argument(
        "--strokes",
        default=os.environ.get("DIGITS_STROKES"),
        help=f"files of pen strokes, separated by {os.pathsep}; only those of who decides are read",
    )
    parser.add_argument("--people", help="a stroke file of people from whom nothing has learned")
    parser.add_argument("--symbols", help="a file of what the same people drew besides digits")
    parser.add_argument(
        "--nondigits",
        default=os.environ.get("DIGITS_NONDIGITS"),
        help="the file of non-digits for training; only what is held out of it is read",
    )
    parser.add_argument("--model", help="a .keras file, instead of the built-in network")
    parser.add_argument(
        "--mistakes", metavar="FILE", help="a PNG to write, with all strokes that were misread; beside it, people's"
    )
    return parser.parse_args()


def show_people(recognizer: Recognizer, test: Images, given: argparse.Namespace) -> None:
    """Prints how many people's digits are read, and what is turned away of what is no digit."""
    digits = load_strokes(given.people)
    found = read_all(recognizer, digits)
    show(people(recognizer, digits, found))
    others = {}
    if given.symbols:
        symbols = load_symbols(given.symbols)
        symbols_found = read_all(recognizer, symbols)
        others["symbols by the same people"] = symbols_found.highest
        show(worst_symbols(recognizer, symbols, symbols_found))
    if given.nondigits:
        held_out = [symbol for symbol in load_symbols(given.nondigits) if symbol.decides]
        others["characters of scripts held out"] = read_all(recognizer, held_out).highest
    unseen = draw_nondigits(UNSEEN_KINDS, NONDIGITS * len(UNSEEN_KINDS), test, np.random.default_rng(0))
    others["drawings of kinds never trained on"] = _highest(recognizer, unseen)
    show(turned_away(found, others))
    if given.mistakes:
        path = Path(given.mistakes)
        save_sheet(path.with_stem(f"{path.stem}-people"), found, np.array([digit.digit for digit in digits]))


def save_sheet(path: str | Path, found: Answers, labels: np.ndarray) -> None:
    """Writes the mistakes as a picture, if there are any."""
    if (sheet := contact_sheet(found, labels)) is not None:
        cv2.imwrite(str(path), sheet)


def show(rows: Iterable[Row]) -> None:
    """Prints rows of the table as soon as they are measured."""
    for name, figure in rows:
        print(f"| {name} | {figure} |", flush=True)


def time_of_one(recognizer: Recognizer, test: Images) -> Row:
    """The median time that a recognizer takes for one prepared image, compared with Keras's own `model.predict`."""
    images = test.images[:10, None].astype(np.float32) / 255
    calls = {
        "traced": lambda i: recognizer.predict(images[i]),
        "model.predict": lambda i: keras_predict(recognizer, images[i]),
    }
    # One function after the other, not alternating: whatever follows model.predict has to wait for its threads.
    traced, by_keras = (np.median(in_turns({name: call}, len(images))[name]) for name, call in calls.items())
    return "time for one image", f"{traced:.2f} ms; model.predict {by_keras:.1f} ms, {by_keras / traced:.0f} times that"


def mnist(recognizer: Recognizer, test: Images) -> Iterator[Row]:
    """MNIST's test images, read directly, and as enlarged RGBA pictures through the whole preprocessing."""
    answers = recognizer.predict(test.images.astype(np.float32) / 255)
    direct = answers.argmax(axis=1)
    yield "MNIST test images", f"{(direct == test.labels).mean():.2%}"
    yield "calibration error on them", f"{calibration_error(answers, test.labels):.2%}"
    yield "of each digit", per_group(direct == test.labels, test.labels)
    for name, interpolation in (("nearest", cv2.INTER_NEAREST), ("bicubic", cv2.INTER_CUBIC)):
        right = 0
        for start in range(0, len(test.labels), BATCH):
            pictures = [_enlarge(image, interpolation) for image in test.images[start : start + BATCH]]
            found = [reading.digit for reading in recognizer.read_many(pictures)]
            right += sum(a == b for a, b in zip(found, test.labels[start : start + BATCH], strict=True))
        yield f"the same enlarged ten times ({name}), through the whole path", f"{right / len(test.labels):.2%}"


def _enlarge(image: np.ndarray, interpolation: int) -> np.ndarray:
    """The image as an opaque RGBA picture, ten times as large."""
    return cv2.cvtColor(enlarge_image(image, interpolation), cv2.COLOR_GRAY2RGBA)


def show_strokes(recognizer: Recognizer, digits: list[StrokeDigit], mistakes: str | None) -> np.ndarray:
    """Prints how strokes are read. Returns the highest probability of each digit at each pen width."""
    labels, writers = (np.array([getattr(digit, name) for digit in digits]) for name in ("digit", "writer"))
    who = f"strokes of writers {VALIDATION_WRITERS[0]}–{VALIDATION_WRITERS[-1]}"
    readings = {width: recognizer.read_many([replay(digit.strokes, width) for digit in digits]) for width in PEN_WIDTHS}
    for width, found in readings.items():
        show([(f"{who}, {width} px wide", f"{np.mean(_right(found, labels)):.2%}")])
    everything = [reading for found in readings.values() for reading in found]
    answers, truth = np.stack([reading.probabilities for reading in everything]), np.tile(labels, len(PEN_WIDTHS))
    right = _right(everything, truth)
    show(
        [
            ("of each digit", per_group(right, truth)),
            ("of each writer", per_group(right, np.tile(writers, len(PEN_WIDTHS)))),
        ]
    )
    show([("calibration error on them", f"{calibration_error(answers, truth):.2%}")])
    show(varied_strokes(recognizer, digits, labels))
    show(thick_strokes(recognizer, digits, labels))
    if mistakes:
        save_sheet(mistakes, Answers(to_bytes(np.stack([reading.image for reading in everything])), answers), truth)
    return answers.max(axis=1)


def _right(readings: list[Reading], labels: np.ndarray) -> np.ndarray:
    return np.array([reading.digit for reading in readings]) == labels


def varied_strokes(recognizer: Recognizer, digits: list[StrokeDigit], labels: np.ndarray) -> Iterator[Row]:
    """Strokes rotated, sheared, squeezed, and drawn anywhere, from four pen widths to 90 % of the canvas."""
    for width in PEN_WIDTHS:
        rng = np.random.default_rng(width)
        varied = [
            place_strokes(distort_strokes(digit.strokes, rng), width, CANVAS_SIZE, rng, MIN_PEN_WIDTHS)
            for digit in digits
        ]
        found = recognizer.read_many([draw_strokes(strokes, width) for strokes in varied])
        yield (
            f"the same rotated, sheared and squeezed, at any size and place, {width} px",
            f"{np.mean(_right(found, labels)):.2%}",
        )


def thick_strokes(recognizer: Recognizer, digits: list[StrokeDigit], labels: np.ndarray) -> Iterator[Row]:
    """Digits drawn with thick pens, read from the picture alone and with their strokes known."""
    for width in THICK_PENS:
        drawings = [draw_strokes(digit.strokes, width) for digit in digits]
        alone = recognizer.read_many(drawings)
        known = [[PenStroke(stroke * CANVAS_SIZE, width) for stroke in digit.strokes] for digit in digits]
        helped = [recognizer.read(*each) for each in zip(drawings, known, strict=True)]
        yield f"{width} px wide and as small as written", f"{np.mean(_right(alone, labels)):.2%}"
        yield f"{width} px wide and as small as written, the strokes known", f"{np.mean(_right(helped, labels)):.2%}"


def nondigits(recognizer: Recognizer, test: Images, digits: np.ndarray | None) -> Iterator[Row]:
    """The share of non-digits that is rejected, kind by kind, and how well digits and non-digits are told apart.

    `digits` are the highest probabilities of real digits; by default, those of the test images.
    """
    of_digits = _highest(recognizer, test.images) if digits is None else digits
    yield "digits accepted", f"{np.mean(of_digits >= recognizer.threshold):.2%}"
    for title, kinds in (("kinds trained on", TRAINING_KINDS), ("kinds never trained on", UNSEEN_KINDS)):
        parts = []
        for name, maker in kinds.items():
            images = draw_nondigits({name: maker}, NONDIGITS, test, np.random.default_rng(0))
            parts.append(_highest(recognizer, images))
            yield f"rejected: {name}", f"{np.mean(parts[-1] < recognizer.threshold):.1%}"
        of_others = np.concatenate(parts)
        area = roc_auc_score(np.r_[np.ones(len(of_digits)), np.zeros(len(of_others))], np.r_[of_digits, of_others])
        yield f"rejected: all {title}", f"{np.mean(of_others < recognizer.threshold):.1%}, AUROC {area:.4f}"


def _highest(recognizer: Recognizer, images: np.ndarray) -> np.ndarray:
    """The highest probability of each prepared image, uint8 (N, 28, 28) → (N,)."""
    return recognizer.predict(images.astype(np.float32) / 255).max(axis=1)


if __name__ == "__main__":
    main()
