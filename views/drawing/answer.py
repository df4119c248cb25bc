"""The answer beside the canvas: the digit, ten probability bars, and the picture that the network sees."""

from collections.abc import Callable
from typing import Any

import numpy as np

from model import BLANK, Case, Reading
from views.shared.figures import to_png
from views.shared.style import own_element
from views.shared.words import a_digit, probability

KEY = "reading_element"
MIN_NAMED = 0.001  # the probability from which the next guess is named
NOTHING_READ = {Case.BLANK, Case.UNKNOWN, Case.SEVERAL}  # the cases in which no single digit is named

_METERS = "".join(
    f'<div role="meter" data-meter="{digit}" aria-label="Probability of {a_digit(digit)}" aria-valuemin="0" '
    f'aria-valuemax="1"><span class="digit">{digit}</span><div class="track"><div class="bar"></div></div>'
    '<span class="share"></span></div>'
    for digit in range(10)
)
# One element, not one for each part: the page has to work for each anew, twenty times a second.
_reading = own_element(
    "reading",
    f"""
    <div class="st-key-answer"><div class="answer" data-root>
      <h2 data-text="digit"></h2>
      <div class="said">
        <p class="probability" data-text="probability"></p>
        <p class="hint" data-text="hint"></p>
      </div>
      <div data-example></div>
      <p class="announcement" role="status" aria-live="polite"></p>
    </div></div>
    <div class="st-key-network_input"><div class="network-input">
      <img alt="The 28×28 picture that the network reads">
      <p>The network sees</p>
    </div></div>
    <div class="st-key-probabilities"><div class="meters" data-root>{_METERS}</div></div>
    """,
    "reading",
    "sampler",
    "report",
    style="live",
)


def show_answer(reading: Reading | None, sample: int, on_sample: Callable[[], None]) -> None:
    """Shows the answer to a sample, by its number; `reading` is None while the network loads.

    While the pen moves, the browser takes further samples of the drawing: `on_sample` is called for each.
    """
    shown = reading or BLANK
    blank = shown.digit is None
    data: dict[str, Any] = {
        "answer": _in_words(reading),
        "picture": to_png(shown.image * 255),
        "bars": {
            "state": shown.case.value,
            "sample": sample,
            "probabilities": [0.0] * 10 if blank else [round(float(p), 4) for p in shown.probabilities],
            "percentages": ["–"] * 10 if blank else [probability(p) for p in shown.probabilities],
            "named": _named(shown),
        },
    }
    _reading(data=data, key=KEY, on_sample_change=on_sample)


def _named(reading: Reading) -> list[int]:
    """The digits that the answer names."""
    if reading.case in NOTHING_READ:
        return []
    return np.argsort(reading.probabilities)[::-1][: 2 if reading.case is Case.EITHER else 1].tolist()


def _in_words(reading: Reading | None) -> dict[str, str | bool]:
    """The answer as the page says it once the drawing is finished, and the leading digit, for as long as it is not."""
    if reading is None:
        hint = "The network is loading. You can already draw."
        return {"state": "blank", "digit": "", "probability": "", "hint": hint, "leading": "", "example": False}
    if reading.digit is None:
        hint = "Draw a digit in the black box."
        return {"state": "blank", "digit": "", "probability": "", "hint": hint, "leading": "", "example": True}
    second, first = (int(each) for each in np.argsort(reading.probabilities)[-2:])
    words = reading.in_words()
    match reading.case:
        case Case.CERTAIN:
            digit, words, hint = str(first), probability(reading.probabilities[first]), _next(reading, second)
        case Case.PROBABLE:
            digit, hint = str(first), _next(reading, second)
        case Case.EITHER:
            digit, hint = f"{first}/{second}", ""
        case Case.SEVERAL:
            digit, hint = "".join(map(str, reading.several)), ""
        case _:
            digit, hint = "?", f"The closest is {a_digit(first)} ({probability(reading.probabilities[first])})."
    return {
        "state": reading.case.value,
        "digit": digit,
        "probability": words,
        "hint": hint,
        "leading": str(first),
        "announcement": reading.in_words(),
        "example": False,
    }


def _next(reading: Reading, second: int) -> str:
    share = reading.probabilities[second]
    return f"next guess: {second} ({probability(share)})" if share >= MIN_NAMED else ""
