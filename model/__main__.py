"""Reads picture files: `python -m model picture.png …` prints a line for each: digit, probability, file name.

`--number` reads whole numbers instead, and prints a line for each line of digits.
"""

import argparse
import sys
from collections.abc import Iterator

import numpy as np

from model import Case, InputError, Recognizer, load_recognizer
from model.preprocessing import open_picture


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 2 if a picture cannot be read or is blank; a line on stderr says which and why."""
    parser = argparse.ArgumentParser(prog="python -m model", description="Reads the digit in each picture file.")
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, WebP, BMP, TIFF or GIF")
    parser.add_argument(
        "--model",
        metavar="PATH",
        help="a .keras or .h5 file to read with instead of the built-in network, also one that somebody else trained",
    )
    parser.add_argument("--number", action="store_true", help="read whole numbers, one for each line of digits")
    given = parser.parse_args(arguments)

    try:
        recognizer = load_recognizer(given.model)
    except InputError as error:
        return _complain(error)
    for note in recognizer.notes:
        print(note, file=sys.stderr)
    status, say = 0, _numbers if given.number else _digit
    for path in given.pictures:  # one at a time, because a photograph takes a lot of memory
        try:
            for line in say(recognizer, path, open_picture(path)):
                print(line, flush=True)
        except InputError as error:
            status = _complain(error)
    return status


def _digit(recognizer: Recognizer, path: str, picture: np.ndarray) -> Iterator[str]:
    """The line for a picture of a digit. Raises InputError if it is blank."""
    reading = recognizer.read(picture)
    if reading.digit is None:
        raise InputError(f"{path}: no digit found in this picture; give one with a digit on it.")
    doubt = "" if reading.case is Case.CERTAIN else f"  {reading.in_words()}"
    yield f"{reading.digit}  {reading.probabilities[reading.digit]:6.1%}  {path}{doubt}"


def _numbers(recognizer: Recognizer, path: str, picture: np.ndarray) -> Iterator[str]:
    """A line for each number in a picture. Raises InputError if there is none."""
    numbers = recognizer.read_number(picture)
    if not numbers:
        raise InputError(f"{path}: no number found in this picture; give one with digits side by side.")
    width = max(len(number.value) for number in numbers)
    for number in numbers:
        doubt = "" if number.is_number else "  Not a number I know"
        yield f"{number.value:>{width}}  {number.probability:6.1%}  {path}{doubt}"


def _complain(message: object) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
