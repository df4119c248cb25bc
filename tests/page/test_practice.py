"""Practising without a browser: what is asked for, what is kept, and what is said of it."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.page import texts


def practise(reads):
    """A practice, in which those of the digits are read that are named, and what is said of it."""
    import streamlit as st

    from views.shared import practice

    practice.begin()
    while (asked := practice.asked()) is not None:
        st.caption(f"{asked[0]}: {asked[1]}")
        practice.note(asked[0], reads(asked[0], int(asked[1].split()[0]) - 1))
    st.markdown(practice.result())


def run(reads):
    page = AppTest.from_function(practise, default_timeout=60, args=(reads,)).run()
    assert not page.exception
    return page


def test_each_digit_is_asked_for_once_in_each_round():
    page = run(lambda digit, count: True)
    asked = [each.value.split(": ") for each in page.caption]
    assert [words for _, words in asked] == [f"{number} of 20" for number in range(1, 21)]
    digits = [int(digit) for digit, _ in asked]
    assert sorted(digits[:10]) == sorted(digits[10:]) == list(range(10))


@pytest.mark.parametrize(
    ("reads", "said"),
    [
        (lambda digit, count: True, "Practised: 10 of 10 read in the first round, 10 of 10 in the second."),
        (
            lambda digit, count: count >= 10 or digit not in (1, 7),
            "Practised: 8 of 10 read in the first round, 10 of 10 in the second. Hard to read: your 1 and 7.",
        ),
    ],
)
def test_what_was_read_is_counted_and_the_hard_forms_are_named(reads, said):
    assert said in texts(run(reads))
