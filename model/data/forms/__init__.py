"""Written forms that schools teach but stroke files seldom hold: a slashed 0, a 1 with flag and foot, a 9 like a g.

Each form is a rule with random parts: every call returns different strokes, in fractions of a box, y downwards.
"""

from collections.abc import Callable

import numpy as np

from model.data.curves import Strokes
from model.data.forms import five_to_nine, zero_to_four
from model.preprocessing import StrokeDigit

Form = Callable[[np.random.Generator], Strokes]

RULE = 0  # their writer's number; no person has it

FORMS: tuple[tuple[int, Form], ...] = (
    (0, zero_to_four.slashed_zero),
    (0, zero_to_four.looped_zero),
    (0, zero_to_four.open_zero),
    (0, zero_to_four.angular_zero),
    (1, zero_to_four.one_with_flag),
    (1, zero_to_four.one_with_upstroke),
    (1, zero_to_four.hollow_one),
    (1, zero_to_four.one_with_foot),
    (2, zero_to_four.two),
    (2, zero_to_four.looped_two),
    (2, zero_to_four.angular_two),
    (3, zero_to_four.three),
    (4, zero_to_four.four),
    (4, zero_to_four.closed_four),
    (4, zero_to_four.zigzag_four),
    (5, five_to_nine.five),
    (6, five_to_nine.six),
    (7, five_to_nine.seven),
    (7, five_to_nine.curved_seven),
    (8, five_to_nine.eight),
    (8, five_to_nine.eight_of_rings),
    (9, five_to_nine.nine),
    (9, five_to_nine.nine_like_g),
)


def write_forms(copies: int, rng: np.random.Generator) -> list[StrokeDigit]:
    """Each form written `copies` times, each time differently."""
    return [StrokeDigit(digit, RULE, form(rng)) for digit, form in FORMS for _ in range(copies)]
