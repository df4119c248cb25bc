"""How sure an answer is, and the words for it."""

import numpy as np
import pytest

from model import Case
from model.verdict import in_a_row, judge, say

THRESHOLD = 0.94


def spread(**shares):
    """Ten probabilities: those given by digit ("d7" is a 7), and the rest evenly."""
    given = {int(name[1:]): share for name, share in shares.items()}
    rest = (1 - sum(given.values())) / (10 - len(given))
    return np.array([given.get(digit, rest) for digit in range(10)], np.float32)


@pytest.mark.parametrize(
    ("probabilities", "case", "words"),
    [
        (spread(d7=0.986), Case.CERTAIN, "7, 98.6 %"),
        (spread(d7=0.99999), Case.CERTAIN, "7, > 99.9 %"),
        (spread(d7=0.889), Case.PROBABLE, "Probably a 7 (88 %)"),
        (spread(d8=0.55, d3=0.15), Case.PROBABLE, "Probably an 8 (55 %)"),
        (spread(d7=0.5, d1=0.4), Case.EITHER, "A 7 or a 1?"),
        (spread(d8=0.4, d9=0.35), Case.EITHER, "An 8 or a 9?"),
        (spread(d1=0.45, d8=0.4), Case.EITHER, "A 1 or an 8?"),
        (spread(d7=0.4, d1=0.2), Case.UNKNOWN, "Not a digit I know"),
        (spread(), Case.UNKNOWN, "Not a digit I know"),
    ],
)
def test_each_spread_of_probabilities_is_a_case_with_words(probabilities, case, words):
    assert judge(probabilities, THRESHOLD) is case
    assert say(case, probabilities) == words


def test_the_threshold_of_the_file_decides_what_is_certain():
    assert judge(spread(d7=0.8), 0.75) is Case.CERTAIN
    assert judge(spread(d7=0.8), 0.85) is Case.PROBABLE


def test_a_network_that_has_never_seen_non_digits_knows_every_drawing():
    cases = {judge(row, 0.0) for row in np.random.default_rng(0).dirichlet(np.full(10, 0.3), 500)}
    assert cases == {Case.CERTAIN, Case.PROBABLE, Case.EITHER}


def test_a_list_in_words():
    assert [in_a_row(range(count)) for count in (1, 2, 4)] == ["0", "0 and 1", "0, 1, 2 and 3"]
