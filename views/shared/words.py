"""How the page says digits, probabilities and data sets."""

from model.verdict import a_digit, in_a_row, percent, probability

__all__ = ["DATA_SETS", "a_digit", "in_a_row", "name_data", "percent", "probability"]

DATA_SETS = {"mnist": "MNIST", "digits": "Embedded digits"}


def name_data(source: str) -> str:
    """A data set as the object of a sentence."""
    return "MNIST" if source == "mnist" else "the embedded digits"
