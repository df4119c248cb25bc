"""The answer beside the canvas: the digit, ten probability bars, and the picture that the network sees."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from model import BLANK, Case, Reading
from model.preprocessing import CANVAS_SIZE
from model.verdict import SURE_NUMBER
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
    "boxes",
    "sampler",
    "report",
    style="live",
)


class Follows(NamedTuple):
    """What an answer follows, so that the browser can tell one that is missing."""

    sample: int
    """The number of the last picture that was sent while drawing."""
    used: int
    """The number of the last use of a tool."""
    settled: bool
    """Whether the outcome of that has been read."""


def show_answer(
    reading: Reading | None,
    follows: Follows,
    on_sample: Callable[[], None],
    pen: tuple[float, float] | None = None,
    width: int = CANVAS_SIZE,
) -> None:
    """Shows an answer and says what it follows; `reading` is None while the network loads.

    `pen` is where the last stroke was drawn, x and y in pixels of the picture that was read. Of a number, the bars are
    those of the digit there, or of the one that is pointed at. That picture is `width` pixels wide.
    While the pen moves, the browser takes further samples of the drawing: `on_sample` is called for each.
    """
    shown = reading or BLANK
    digits = [digit for number in shown.numbers for digit in number.digits]
    data: dict[str, Any] = {
        "answer": _in_words(reading),
        "picture": to_png(shown.image * 255),
        "bars": _bars(shown) | follows._asdict(),
        "digits": [_digit(digit, width) for digit in digits],
        "last": _nearest(digits, pen),
    }
    _reading(data=data, key=KEY, on_sample_change=on_sample)


def _bars(reading: Reading) -> dict[str, Any]:
    blank = reading.digit is None
    return {
        "state": reading.case.value,
        "probabilities": [0.0] * 10 if blank else [round(float(p), 4) for p in reading.probabilities],
        "percentages": ["–"] * 10 if blank else [probability(p) for p in reading.probabilities],
        "named": _named(reading),
    }


def _digit(reading: Reading, width: int) -> dict[str, Any]:
    """One digit of a number, and its box in fractions of the canvas."""
    assert reading.box is not None
    box = [round(side / whole, 4) for side, whole in zip(reading.box, 2 * (width, CANVAS_SIZE), strict=True)]
    return {"box": box, "bars": _bars(reading), "picture": to_png(reading.image * 255)}


def _nearest(digits: list[Reading], pen: tuple[float, float] | None) -> int:
    """Which of the digits of a number is nearest to the pen; the last one if that is not known."""
    if pen is None:
        return len(digits) - 1
    away = []
    for digit in digits:
        x, y, width, height = digit.box or (0, 0, 0, 0)
        away.append((x + width / 2 - pen[0]) ** 2 + (y + height / 2 - pen[1]) ** 2)
    return away.index(min(away)) if away else -1


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
            digit, words, hint = _number(reading)
        case _:
            digit, hint = "?", f"The closest is {a_digit(first)} ({probability(reading.probabilities[first])})."
    return {
        "state": reading.case.value,
        "digit": digit,
        "probability": words,
        "hint": hint,
        "leading": digit if reading.case is Case.SEVERAL else str(first),
        "announcement": reading.in_words(),
        "example": False,
    }


def _number(reading: Reading) -> tuple[str, str, str]:
    """The numbers of a drawing, and the words and the hint beside them."""
    numbers = reading.numbers
    digits, hint = " ".join(number.value for number in numbers), "Point at a digit to see its bars."
    sure = len(numbers) == 1 and numbers[0].probability >= SURE_NUMBER
    return digits, probability(numbers[0].probability) if sure else reading.in_words(), hint


def _next(reading: Reading, second: int) -> str:
    share = reading.probabilities[second]
    return f"next guess: {second} ({probability(share)})" if share >= MIN_NAMED else ""
