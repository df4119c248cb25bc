"""How two networks are compared, in words."""

import numpy as np
import pytest

from model.runs import Settings
from views.shared.jobs import Job
from views.tabs.runs import comparison
from views.tabs.runs.comparison import Answer, _difference_of, differences


def answer(digit, share):
    probabilities = np.full(10, 0.001, np.float32)
    probabilities[digit] = share
    return Answer(probabilities, "", True)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ((7, 0.99), (1, 0.9), "They disagree: the left one reads a 7, the right one a 1."),
        ((8, 0.6), (8, 0.9), "Both read an 8; the right one is more certain (90.0 % against 60.0 %)."),
        ((8, 0.9), (8, 0.6), "Both read an 8; the left one is more certain (90.0 % against 60.0 %)."),
        ((8, 0.99999), (8, 0.99998), "Both read an 8, equally sure (> 99.9 %)."),
    ],
)
def test_it_is_said_how_two_answers_differ(left, right, said):
    assert _difference_of([answer(*left), answer(*right)]) == said


def test_it_is_said_what_sets_two_trainings_apart():
    left = Settings.of("quick", data="digits", epochs=3, seed=1)
    assert differences(left, left) == "They were trained with the same settings."
    right = Settings.of("quick", data="/home/ann/mine.npz", epochs=3, seed=2)
    assert differences(left, right) == "They differ in images (Small scans and mine.npz) and seed (1 and 2)."


def test_whose_drawings_a_network_was_taught_is_nobodys_business():
    one, other = (Settings.of("quick", data="digits", start="a.keras", drawings=hand) for hand in ("ann", "ben"))
    assert differences(one, other) == "They differ in drawings taught."


def test_a_network_that_is_loaded_just_after_the_page_looked_is_waited_for(monkeypatch):
    """Else the page would say that it is loading until something else is pressed."""

    class Loading(Job):
        looks = 0

        def done(self):
            self.looks += 1
            return self.looks > 1

    late, watched = Loading(), []
    monkeypatch.setattr(comparison, "_choose", lambda *_: ["one", "other"])
    monkeypatch.setattr(comparison, "load_run", lambda _: late)
    monkeypatch.setattr(comparison, "watch", lambda *jobs: watched.extend(jobs))
    comparison._compare({}, [])
    assert watched[0] is late
