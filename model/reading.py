"""What is read in a picture: a digit, or the digits of whole numbers."""

import math
from dataclasses import dataclass

import numpy as np

from model.networks import CLASSES
from model.preprocessing import SIZE, Steps
from model.verdict import Case, say

PixelBox = tuple[int, int, int, int]  # x, y, width and height, in pixels of the picture


@dataclass(frozen=True)
class Reading:
    """What the network reads in one picture."""

    digit: int | None  # the best guess, 0–9; None for a blank picture
    probabilities: np.ndarray  # float32 (10,), sums to 1; 0.1 each for a blank picture
    image: np.ndarray  # float32 (28, 28) in 0–1, white ink on black: what the network saw; zeros if blank
    steps: Steps | None  # how the picture was prepared; None if blank
    is_digit: bool = False  # False if it does not look like a digit; `digit` stays the best guess
    case: Case = Case.BLANK  # how sure the answer is
    share: float = 0.0  # 0–1: how much of the answer comes from examples of the hand; see `Recognizer.adapted`
    box: PixelBox | None = None  # where the digit of a number stands in the picture; None for a picture of its own
    numbers: tuple["Number", ...] = ()  # those of a picture that holds several digits, one for each line

    @property
    def several(self) -> tuple[int, ...]:
        """The digits of a picture that holds several, line by line from left to right; none for a single digit."""
        return tuple(int(digit) for number in self.numbers for digit in number.value)

    def in_words(self) -> str:
        """The answer as people would say it, such as "Probably a 7 (88 %)"."""
        return say(self.case, self.probabilities, [(number.value, number.probability) for number in self.numbers])


@dataclass(frozen=True)
class Number:
    """A whole number: one line of digits."""

    digits: tuple[Reading, ...]  # from left to right, each with its box; at least one
    is_number: bool  # False if it does not look like a number; the digits stay the best guess

    @property
    def value(self) -> str:
        """The digits as a text, such as "2026" or "007"."""
        return "".join(str(reading.digit) for reading in self.digits)

    @property
    def probability(self) -> float:
        """0–1: that all the digits are right."""
        return math.prod(float(reading.probabilities.max()) for reading in self.digits)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


# All blank pictures share this reading, so its arrays are read-only.
BLANK = Reading(
    digit=None,
    probabilities=_read_only(np.full(CLASSES, 1 / CLASSES, np.float32)),
    image=_read_only(np.zeros((SIZE, SIZE), np.float32)),
    steps=None,
)
