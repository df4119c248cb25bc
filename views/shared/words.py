"""How the page says digits, probabilities and data sets."""

from collections.abc import Sequence

from model import Reading

DATA_SETS = {"mnist": "MNIST", "digits": "Embedded digits"}
MIN_NAMED = 0.3  # the probability from which the best guess is named although the drawing does not look like a digit


def name_data(source: str) -> str:
    """A data set as the object of a sentence."""
    return "MNIST" if source == "mnist" else "the embedded digits"


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


def in_a_row(digits: Sequence[int]) -> str:
    """Digits as a list in words: "4 and 2", or "1, 2 and 3"."""
    return ", ".join(map(str, digits[:-1])) + f" and {digits[-1]}"


def doubt(reading: Reading) -> str:
    """Why a drawing may not be a digit, or be several, in a sentence."""
    if reading.several:
        return f"One digit at a time, please: this looks like {in_a_row(reading.several)}."
    words = "This does not look like a digit."
    if reading.digit is None or reading.probabilities.max() < MIN_NAMED:
        return words
    return f"{words} The closest is {a_digit(reading.digit)}."
