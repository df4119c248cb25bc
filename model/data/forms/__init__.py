"""Written forms that schools teach but stroke files seldom hold: a slashed 0, a 1 with flag and foot, a 9 like a g.

Each form is a rule with random parts: every call returns different strokes, in fractions of a box, y downwards.
"""

import numpy as np

from model.data.curves import Form
from model.data.forms import five_to_nine, straight, zero_to_four
from model.preprocessing import StrokeDigit

RULE = 0  # their writer's number; no person has it

FORMS: tuple[tuple[int, Form], ...] = (
    (0, zero_to_four.slashed_zero),
    (0, zero_to_four.looped_zero),
    (0, zero_to_four.open_zero),
    (0, zero_to_four.angular_zero),
    (1, zero_to_four.one_with_flag),
    (1, zero_to_four.one_with_level_flag),
    (1, zero_to_four.one_with_upstroke),
    (1, zero_to_four.hollow_one),
    (1, zero_to_four.one_with_foot),
    (2, zero_to_four.two),
    (2, zero_to_four.looped_two),
    (2, zero_to_four.angular_two),
    (2, zero_to_four.upright_two),
    (2, zero_to_four.footless_two),
    (3, zero_to_four.three),
    (4, zero_to_four.four),
    (4, zero_to_four.closed_four),
    (4, zero_to_four.zigzag_four),
    (5, five_to_nine.five),
    (6, five_to_nine.six),
    (7, five_to_nine.seven),
    (7, five_to_nine.curved_seven),
    (7, five_to_nine.arched_seven),
    (8, five_to_nine.eight),
    (8, five_to_nine.eight_of_rings),
    (9, five_to_nine.nine),
    (9, five_to_nine.nine_like_g),
    *straight.FORMS,
)
# One picture for two digits, with the share of those who mean each: a network that learns both cannot be sure of one
SHARED_FORM, SHARES = zero_to_four.one_or_seven, {1: 0.6, 7: 0.4}


def write_forms(copies: int, rng: np.random.Generator) -> list[StrokeDigit]:
    """Each form written `copies` times, each time differently, and the shared one as either digit."""
    forms = [(digit, form) for digit, form in FORMS for _ in range(copies)]
    shared = [(digit, SHARED_FORM) for digit, share in SHARES.items() for _ in range(round(share * copies))]
    return [StrokeDigit(digit, RULE, form(rng)) for digit, form in forms + shared]
