"""What is read in a picture file, and the results as a table."""

import csv
import io
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from model import Case, InputError, Reading, Recognizer
from model.preprocessing import WHOLE, Box, Steps, flatten, shrink_to
from model.uploads import decode_upload
from views.shared.figures import to_png
from views.shared.steps import draw_steps

SHOWN_SIZE = 256  # pixels: the longer side of any picture that the tab shows
BLANK = "No digit found in this picture: give one with a digit on it."
USUAL_WAY = "as a drawing on even ground"


class File(NamedTuple):
    name: str  # anybody's text: only ever shown as plain text
    version: str  # different for each file
    content: io.BytesIO


class Wish(NamedTuple):
    """How somebody wants a picture to be understood."""

    part: Box = WHOLE  # what to read of it
    way: str | None = None  # one of `Result.ways`; None for the one in which it looks most like a digit


AS_IT_IS = Wish()


class Result(NamedTuple):
    """The result for one file. A doubtful one has a problem and probabilities, and a digit if one is likely."""

    name: str
    picture: str | None = None  # a small one, as a data URL
    digit: int | None = None
    numbers: tuple[tuple[str, float], ...] = ()  # that of each line, if there are several digits, and its probability
    probabilities: np.ndarray | None = None
    steps: dict[str, str] | None = None  # as `show_steps` takes them
    problem: str = ""
    ways: tuple[str, ...] = ()  # in which the picture can be understood, as it was first

    @property
    def probability(self) -> float | None:
        """0–1, that of the digit, or of all the numbers, that it was read as."""
        if self.numbers:
            return math.prod(share for _, share in self.numbers)
        return None if self.digit is None or self.probabilities is None else float(self.probabilities[self.digit])

    @property
    def read_as(self) -> str:
        """The digit or the numbers that it was read as; empty if it was read as none."""
        if self.numbers:
            return " ".join(value for value, _ in self.numbers)
        return "" if self.digit is None else str(self.digit)


def read_file(recognizer: Recognizer, file: File, wish: Wish = AS_IT_IS) -> Result:
    """Reads the part of a picture that is wished for, in the way that is, or in the way most like a digit."""
    try:
        picture = decode_upload(file.content.getvalue())
        rows, columns = wish.part.slices(picture.shape)
        readings = recognizer.read_ways(np.ascontiguousarray(picture[rows, columns]))
    except InputError as error:
        problem = str(error)
        return Result(file.name, problem=problem[0].upper() + problem[1:])
    small = to_png(shrink_to(flatten(picture), SHOWN_SIZE))
    named = {_name(reading): reading for reading in reversed(readings) if reading.steps is not None}
    ways = tuple(reversed(named))
    reading = named.get(wish.way or "", readings[0])
    if reading.steps is None:
        return Result(file.name, small, problem=BLANK)
    digit = reading.digit if reading.case in (Case.CERTAIN, Case.PROBABLE) else None
    numbers = tuple((number.value, number.probability) for number in reading.numbers)
    doubt = "" if reading.case in (Case.CERTAIN, Case.SEVERAL) else reading.in_words()
    ways = (_name(reading), *(way for way in ways if way != _name(reading)))
    steps = draw_steps(_small(reading.steps))
    return Result(file.name, small, digit, numbers, reading.probabilities, steps, doubt, ways)


def _name(reading: Reading) -> str:
    """The way in which a picture was understood, in words."""
    return (reading.steps.way if reading.steps else "") or USUAL_WAY


def _small(steps: Steps) -> Steps:
    """The steps, with pictures no larger than the tab shows them."""
    return steps._replace(**{name: shrink_to(getattr(steps, name), SHOWN_SIZE) for name in ("threshold", "crop")})


def to_csv(results: Sequence[Result]) -> str:
    """A line for each picture. File names are escaped where a spreadsheet program would take them for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["digit", "numbers", "probability", "file", "problem"])
    for result in results:
        probability = "" if result.probability is None else f"{result.probability:.4f}"
        name = f"'{result.name}" if result.name.startswith(("=", "+", "-", "@")) else result.name
        digit, numbers = ("", result.read_as) if result.numbers else (result.read_as, "")
        writer.writerow([digit, numbers, probability, name, result.problem])
    return text.getvalue()
