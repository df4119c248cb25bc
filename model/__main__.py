"""Reads picture files: `python -m model picture.png …` prints a line for each: digit, probability, file name."""

import argparse
import sys

from model import Case, InputError, Reading, load_recognizer
from model.preprocessing import open_picture


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 2 if a picture cannot be read or is blank; a line on stderr says which and why."""
    parser = argparse.ArgumentParser(prog="python -m model", description="Reads the digit in each picture file.")
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, WebP, BMP, TIFF or GIF")
    parser.add_argument("--model", metavar="PATH", help="a .keras file to read with instead of the built-in network")
    given = parser.parse_args(arguments)

    try:
        recognizer = load_recognizer(given.model)
    except InputError as error:
        return _complain(error)
    status = 0
    for path in given.pictures:  # one at a time, because a photograph takes a lot of memory
        try:
            reading = recognizer.read(open_picture(path))
        except InputError as error:
            status = _complain(error)
            continue
        if reading.digit is None:
            status = _complain(f"{path}: no digit found in this picture; give one with a digit on it.")
        else:
            print(_line(path, reading), flush=True)
    return status


def _line(path: str, reading: Reading) -> str:
    doubt = "" if reading.case is Case.CERTAIN else f"  {reading.in_words()}"
    return f"{reading.digit}  {reading.probabilities[reading.digit]:6.1%}  {path}{doubt}"


def _complain(message: object) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
