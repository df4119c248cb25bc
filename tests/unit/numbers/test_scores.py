import numpy as np
import pytest

from model.numbers.pieces import Piece
from model.numbers.scores import preference, score, wideness
from model.reading import Reading

HEIGHT = 60  # pixels


def piece(width=40, height=HEIGHT, left=0, cut=0.0):
    return Piece(left, 0, np.full((height, width), 255, np.uint8), cut=cut)


def read_as(digit, probability=0.99):
    probabilities = np.full(10, (1 - probability) / 9, np.float32)
    probabilities[digit] = probability
    return Reading(digit, probabilities, np.zeros((28, 28), np.float32), None, is_digit=True)


def test_a_sure_digit_as_tall_as_the_others_scores_as_the_logarithm_of_its_probability():
    assert score([piece()], None, HEIGHT, read_as(4)) == pytest.approx(np.log(0.99), abs=1e-6)


def test_what_is_unlikely_is_preferred_less():
    usual = preference([piece()], None, HEIGHT, read_as(4))
    for odd in (piece(width=75), piece(height=48, width=32), piece(height=75, width=50)):
        assert preference([odd], None, HEIGHT, read_as(4)) < usual - 0.2
    assert preference([piece()], None, HEIGHT, read_as(4, 0.9)) < usual - 0.5
    assert preference([piece(left=45, cut=1.0)], piece(), HEIGHT, read_as(4)) < usual - 0.5


def test_the_width_that_is_usual_depends_on_the_digit():
    assert wideness(piece(width=50), read_as(0)) < 1 < wideness(piece(width=50), read_as(9))
    assert wideness(piece(width=20), read_as(1)) < 1


def test_two_sure_digits_are_preferred_to_a_doubtful_wide_one():
    first, second = piece(width=30), piece(width=30, left=30, cut=1.0)
    divided = preference([first], None, HEIGHT, read_as(4, 0.999))
    divided += preference([second], first, HEIGHT, read_as(1, 0.999))
    assert divided > preference([first, second], None, HEIGHT, read_as(4, 0.9))
