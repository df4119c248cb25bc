"""How the page says digits, probabilities, data sets and results."""

from pathlib import Path

from model.runs import Results
from model.verdict import a_digit, in_a_row, percent, probability
from views.shared.notes import code

__all__ = [
    "DATA_SETS",
    "DRAWINGS_HELP",
    "a_digit",
    "drawings_in_words",
    "epochs_in_words",
    "in_a_row",
    "label_data",
    "name_data",
    "percent",
    "probability",
    "results_in_words",
    "score_in_words",
    "share_in_words",
]

DATA_SETS = {"mnist": "MNIST", "digits": "Small scans"}
DRAWINGS_HELP = (
    "Of 300 digits drawn by 57 people, none of whom any network has learned from: the same for all networks, so that "
    "they can be compared."
)


def name_data(source: str) -> str:
    """A data set as the object of a sentence in Markdown. `source` may be the path of a file, whatever its name."""
    return {"mnist": "MNIST", "digits": "the small scans"}.get(source) or code(Path(source).name)


def label_data(source: str) -> str:
    """A data set, or a file that stands for one, by its name."""
    return DATA_SETS.get(source) or Path(source).name


def epochs_in_words(epochs: int) -> str:
    """Such as "1 epoch"."""
    return f"{epochs} epoch{'s' * (epochs != 1)}"


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
