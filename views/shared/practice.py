"""Practising: each digit is asked for twice, one after the other, and drawn on the page's canvas.

Every drawing is kept at once under the digit that was asked for, so nothing is lost if somebody stops halfway, and the
second round shows what the first has taught.
"""

import random
from dataclasses import dataclass, field
from typing import NamedTuple

from views.shared.state import session
from views.shared.words import in_a_row

ROUNDS = 2
ALL = 10 * ROUNDS


class Drawn(NamedTuple):
    """A digit that was asked for and drawn."""

    round: int  # from 0
    digit: int
    read: bool  # whether the network read it, before it had this drawing as an example


@dataclass
class _Practice:
    turn: int = 0
    """How many practices were begun."""
    asked: list[int] = field(default_factory=list)
    """The digits that are still to be drawn, the next first."""
    drawn: list[Drawn] = field(default_factory=list)
    over: bool = False
    """Whether it has just ended, and nobody has taken note yet."""


def begin() -> None:
    """Asks for all digits, in another order in each round."""
    practice = session(_Practice)
    practice.asked = [digit for _ in range(ROUNDS) for digit in random.sample(range(10), 10)]
    practice.turn, practice.drawn, practice.over = practice.turn + 1, [], False


def note(digit: int, read: bool) -> None:
    """The digit that was asked for has been drawn and kept."""
    practice = session(_Practice)
    practice.drawn.append(Drawn((ALL - len(practice.asked)) // 10, digit, read))
    skip()


def skip() -> None:
    """Asks for the next digit instead."""
    practice = session(_Practice)
    del practice.asked[:1]
    practice.over = not practice.asked


def stop() -> None:
    practice = session(_Practice)
    practice.asked, practice.over = [], True


def take_note() -> None:
    """Somebody has seen that it is over."""
    session(_Practice).over = False


def turn() -> int:
    """The number of this practice, or of the last one; 0 before the first."""
    return session(_Practice).turn


def asked() -> tuple[int, str] | None:
    """The digit that is asked for, and how far the practice has come, such as "3 of 20"; None without a practice."""
    waiting = session(_Practice).asked
    return (waiting[0], f"{ALL - len(waiting) + 1} of {ALL}") if waiting else None


def is_over() -> bool:
    """Whether a practice has just ended."""
    return session(_Practice).over


def result() -> str | None:
    """How many of the digits were read, and which forms are hard; None if nothing was drawn."""
    drawn = session(_Practice).drawn
    if not drawn:
        return None
    rounds = [[each.read for each in drawn if each.round == number] for number in range(ROUNDS)]
    counts = [f"{sum(each)} of {len(each)}" for each in rounds if each]
    read = f"{counts[0]} read" + (f" in the first round, {counts[1]} in the second" if counts[1:] else "")
    missed = sorted({each.digit for each in drawn if not each.read})
    return f"Practised: {read}." + (f" Hard to read: your {in_a_row(missed)}." if missed else "")
