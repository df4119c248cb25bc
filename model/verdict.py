"""How sure an answer is: the case that ten probabilities make, and the words for it."""

import math
from collections.abc import Sequence
from enum import Enum

import numpy as np

# Of the digits below the threshold of the built-in network, nearly all that are called "probably" something, or one of
# two, are then right: assets/model-card.md has the figures (`python -m bench.accuracy`).
CLEAR, CLEAR_LEAD = 0.5, 3  # one clear candidate: its probability, and how many times that of the next it is
PAIR = 0.7  # two candidates: their joint probability
SURE_NUMBER = 0.8  # the joint probability of its digits from which a number is called certain
USUAL_THRESHOLD = 0.9  # from which a network without a threshold of its own is called certain


class Case(Enum):
    """How sure the network is of its answer."""

    BLANK = "blank"
    CERTAIN = "certain"
    PROBABLE = "probable"
    """One clear candidate, below the threshold."""
    EITHER = "either"
    """Two candidates."""
    UNKNOWN = "unknown"
    """Any of several digits, so probably none."""
    SEVERAL = "several"
    """More than one digit."""


def judge(probabilities: np.ndarray, threshold: float) -> Case:
    """The case of a drawing of one digit, from its probabilities (10,) and the network's threshold, 0–1.

    A network whose threshold is 0 has never seen non-digits, so nothing is unknown to it.
    """
    second, first = np.sort(probabilities)[-2:]
    if first >= (threshold or USUAL_THRESHOLD):
        return Case.CERTAIN
    if first >= CLEAR and first >= CLEAR_LEAD * second:
        return Case.PROBABLE
    return Case.EITHER if first + second >= PAIR or not threshold else Case.UNKNOWN


def say(case: Case, probabilities: np.ndarray, numbers: Sequence[tuple[str, float]] = ()) -> str:
    """The answer in words, such as "Probably a 7 (88 %)". `numbers` are those of several digits: text, probability."""
    second, first = (int(each) for each in np.argsort(probabilities)[-2:])
    match case:
        case Case.BLANK:
            return "No digit found"
        case Case.CERTAIN:
            return f"{first}, {probability(probabilities[first])}"
        case Case.PROBABLE:
            return f"Probably {a_digit(first)} ({math.floor(100 * probabilities[first])} %)"
        case Case.EITHER:
            return f"A{a_digit(first)[1:]} or {a_digit(second)}?"
        case Case.UNKNOWN:
            return "Not a digit I know"
        case Case.SEVERAL:
            return say_numbers(numbers)


def say_numbers(numbers: Sequence[tuple[str, float]]) -> str:
    """Numbers in words, such as "2026, 97.0 %" or "Probably 42 (71 %)"; of several lines, "I see 42 and 17."."""
    if len(numbers) > 1:
        return f"I see {in_a_row([value for value, _ in numbers])}."
    value, share = numbers[0]
    if share >= SURE_NUMBER:
        return f"{value}, {probability(share)}"
    return f"Probably {value} ({math.floor(100 * share)} %)"


def a_digit(digit: int) -> str:
    """A digit with its article: "a 7", but "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def percent(share: float, decimals: int = 2) -> str:
    return f"{100 * share:.{decimals}f} %"


def probability(value: float) -> str:
    """In percent with one decimal, and never 0 or 100: the network is never certain."""
    if value < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if value > 0.9995 else percent(value, 1)


def in_a_row(parts: Sequence[object]) -> str:
    """A list in words: "4 and 2", or "1, 2 and 3"."""
    return " and ".join([", ".join(map(str, parts[:-1])), str(parts[-1])][len(parts) < 2 :])
