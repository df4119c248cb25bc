from dataclasses import replace

import numpy as np
import pytest

from model import BLANK, Case, Number


def digit(value, probability=0.9):
    probabilities = np.full(10, (1 - probability) / 9, np.float32)
    probabilities[value] = probability
    return replace(BLANK, digit=value, probabilities=probabilities, is_digit=True, case=Case.CERTAIN)


def test_a_number_keeps_its_zeros_and_is_as_probable_as_all_its_digits_together():
    number = Number((digit(0), digit(0, 0.8), digit(7)), is_number=True)
    assert number.value == "007"
    assert number.probability == pytest.approx(0.9 * 0.8 * 0.9)


def test_several_digits_and_none_in_words():
    sure = Number((digit(4, 0.99), digit(2, 0.98)), is_number=True)
    doubtful = Number((digit(4, 0.9), digit(2, 0.82)), is_number=True)
    several = replace(BLANK, digit=4, case=Case.SEVERAL)
    assert replace(several, numbers=(sure,)).in_words() == "42, 97.0 %"
    assert replace(several, numbers=(doubtful,)).in_words() == "Probably 42 (73 %)"
    assert replace(several, numbers=(sure, doubtful, sure)).in_words() == "I see 42, 42 and 42."
    assert replace(several, numbers=(sure, doubtful)).several == (4, 2, 4, 2)
    assert BLANK.several == ()
    assert BLANK.in_words() == "No digit found"
