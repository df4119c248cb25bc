"""Digits and probabilities as a person says them."""

from collections.abc import Sequence


def a_digit(digit: int) -> str:
    """Such as "a 7"; but "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def in_percent(probability: float) -> str:
    """One decimal, and never all or nothing: the network is never certain."""
    if probability < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if probability > 0.9995 else f"{probability * 100:.1f} %"


def in_a_row(digits: Sequence[int]) -> str:
    """Such as "4 and 2", or "1, 2 and 3"."""
    return ", ".join(map(str, digits[:-1])) + f" and {digits[-1]}"
