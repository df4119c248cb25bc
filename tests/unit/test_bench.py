"""What the bench counts, on answers whose figures are known. It needs no network: it counts what one answered."""

from types import SimpleNamespace

import numpy as np
import pytest

from bench import hands, load
from bench.people import Answers, calibration_error, contact_sheet, people, turned_away
from model.adaptation import EDGES
from model.preprocessing import StrokeDigit
from tests.support.digits import DIGITS


def answers(guesses, highest):
    """Answers whose best guess is as given and as probable."""
    probabilities = np.repeat((1 - np.asarray(highest, np.float32))[:, None] / 9, 10, axis=1)
    probabilities[range(len(guesses)), guesses] = highest
    return Answers(np.zeros((len(guesses), 28, 28), np.uint8), probabilities)


def test_people_are_counted_one_by_one():
    """One of two people with enough digits is read below the bar; a third wrote too few to count."""
    writers = [1] * 40 + [2] * 40 + [3] * 5
    digits = [StrokeDigit(7, writer, [], "a") for writer in writers]
    guesses = [7] * 39 + [1] + [7] * 30 + [1] * 10 + [1] * 5
    found = answers(guesses, [0.9] * 75 + [0.4] * 10)
    rows = dict(people(SimpleNamespace(threshold=0.8), digits, found))  # pyright: ignore[reportArgumentType]
    assert rows["people with 30 digits or more who are read below 95%"] == "1 of 2"
    assert rows["the worst of them"] == "2: 75.0% of 40 · 1: 97.5% of 40"
    assert rows["85 digits by many people, 14 px wide: read right"] == f"{69 / 85:.2%}"
    assert rows["of them taken for digits"] == f"{75 / 85:.2%}"
    assert rows["wrong and sure: another digit, over the threshold"] == f"{6 / 85:.2%}"


def test_non_digits_are_compared_at_the_threshold_that_nearly_all_digits_reach():
    digits = answers([7] * 100, [0.5] * 2 + [0.9] * 98)
    rows = dict(turned_away(digits, {"scrawls": np.array([0.3, 0.6, 0.95]), "letters": np.array([0.2])}))
    assert rows["turned away there: 3 scrawls"].startswith("66.7%")
    assert rows["turned away there: all of these"] == "75.0%"


def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy():
    found = answers([7] * 100, [0.8] * 100)
    labels = np.array([7] * 60 + [1] * 40)
    assert calibration_error(found.probabilities, labels) == pytest.approx(0.2)


def test_the_sheet_shows_mistakes_alone():
    found = answers([7, 1, 7], [0.9, 0.9, 0.9])
    sheet = contact_sheet(found, np.array([7, 7, 7]))
    assert sheet is not None
    assert sheet[19:, :86].any()
    assert not sheet[:, 90:].any()
    assert contact_sheet(found, np.array([7, 1, 7])) is None


def hands_seen():
    """Two writers, whose 6s the network takes for 5s. Each digit of each has features of its own."""
    labels, writers = np.tile(np.repeat(np.arange(10), 6), 2), np.repeat(["a 1", "a 2"], 60)
    features = np.eye(20 + EDGES, dtype=np.float32)[labels + np.where(writers == "a 1", 0, 10)]
    features += np.roll(features, 20, axis=1)  # its edges
    guesses = np.where(labels == 6, 5, labels)
    probabilities = np.full((120, 10), 0.01, np.float32)
    probabilities[np.arange(120), guesses] = 0.91
    return hands.Seen(np.zeros((120, 28, 28), np.float32), probabilities, features, labels, writers)


def test_what_examples_are_worth_is_counted():
    knower = SimpleNamespace(threshold=0.5, feature_centre=lambda: np.zeros(20 + EDGES, np.float32))
    rows = dict(hands.figures(knower, hands_seen()))  # pyright: ignore[reportArgumentType]
    assert rows["writers with 30 digits or more"] == "2, 120 digits, 12 misread"
    for count in hands.EXAMPLES:
        name = f"{count} of each digit known"
        assert rows[f"{name}: errors left of the writers' other digits"] == "0.00: 10.00% → 0.00% of them misread"
        assert rows[f"{name}: others' digits"] == "+0.000 points read right"
    assert rows["teaching only what is misread of 250 digits in a row"] == "2 corrections instead of 12 errors"
    assert rows["most corrections of one writer"] == "a 1: 1 · a 2: 1"


def test_the_bench_reads_as_a_recognizer_that_knows_the_same_examples(recognizer):
    seen = hands.see(recognizer, [StrokeDigit(digit, 1, strokes) for digit, strokes in DIGITS.items()])
    hand = hands.learn(seen.features[:3], [4, 4, 7], recognizer.feature_centre())
    adapted = recognizer.adapted(list(zip(seen.images[:3], [4, 4, 7], strict=True)))
    found = hands.outcome(seen, np.arange(len(seen.labels)), hand).probabilities
    assert found == pytest.approx(adapted.predict(seen.images), abs=1e-4)


def test_an_answer_that_never_came_is_counted_and_makes_no_wait():
    waits = load.Waits()
    waits.of["stroke"] = [0.02, 0.03, None, 0.04]
    assert waits.row("stroke") == "| from pen-up to the bars | 4 | 1 | 30 | 39 | 40 | 40 |"
    waits.of["clear"] = [None]
    assert waits.row("clear").startswith("| from Clear to the empty bars | 1 | 1 | nan |")
