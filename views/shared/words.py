"""How the page says digits, probabilities and data sets."""

from collections.abc import Sequence
from pathlib import Path

from model import Reading
from model.runs import Results

DATA_SETS = {"mnist": "MNIST", "digits": "Embedded digits"}
DRAWINGS_HELP = (
    "Of 300 digits drawn by 57 people, none of whom any network has learned from: the same for all networks, so that "
    "they can be compared."
)
MIN_NAMED = 0.3  # the probability from which the best guess is named although the drawing does not look like a digit


def name_data(source: str) -> str:
    """A data set as the object of a sentence. `source` may be the path of a file."""
    return {"mnist": "MNIST", "digits": "the embedded digits"}.get(source) or f"`{Path(source).name}`"


def a_digit(digit: int) -> str:
    """A digit with its article: "a 7", but "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def percent(share: float, decimals: int = 2) -> str:
    return f"{100 * share:.{decimals}f} %"


def score_in_words(results: Results, data: str) -> str | None:
    """What a network reads of the test images of its data: "356 of 359 scans", or "9,970 of 10,000 of MNIST".

    None if it is not known; the share alone if only that is.
    """
    what = {"digits": "scans", "mnist": "of MNIST"}.get(data, "test images")
    if results.tested is not None:
        return f"{results.tested.in_words()} {what}"
    if results.test_accuracy is None:
        return None
    return f"{percent(results.test_accuracy)} {what if data == 'mnist' else f'of the {what}'}"


def results_in_words(results: Results, data: str) -> list[str]:
    """All that is known of them: the score on test images, and that on real drawings."""
    return [each for each in (score_in_words(results, data), drawings_in_words(results)) if each]


def share_in_words(results: Results, data: str) -> str | None:
    """The score on test images where there is little room: "99.7 % MNIST", or "99.2 % of 359 scans"."""
    if results.test_accuracy is None:
        return None
    scans = f"of {results.tested.images:,} scans" if results.tested else "of the scans"
    what = {"digits": scans, "mnist": "MNIST"}.get(data, "of the test images")
    return f"{percent(results.test_accuracy, 1)} {what}"


def drawings_in_words(results: Results) -> str | None:
    """What a network reads of the shared set: "291 of 300 real drawings". None if it has not been scored on it."""
    return None if results.real_drawings is None else f"{results.real_drawings.in_words()} real drawings"


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
