"""The built-in network and its model card."""

import json
import zipfile
from dataclasses import fields

import numpy as np
import pytest

from model.networks import NETWORKS
from model.paths import ASSETS, SHIPPED_NETWORK
from model.preprocessing import draw_strokes, enlarge
from model.runs import Settings
from tests.support.written import HANDS


def test_the_file_is_small_and_holds_no_optimizer():
    assert SHIPPED_NETWORK.stat().st_size <= 5_000_000
    with zipfile.ZipFile(SHIPPED_NETWORK) as archive:
        config = json.loads(archive.read("config.json"))
    assert not config.get("compile_config")


def test_the_model_card_names_a_command_that_the_trainer_takes():
    card = (ASSETS / "model-card.md").read_text(encoding="utf-8")
    lines = card.replace("\\\n", "").splitlines()
    command = next(line.strip() for line in lines if line.strip().startswith("python train.py"))
    flags = [word.removeprefix("--").replace("-", "_") for word in command.split() if word.startswith("--")]
    assert "--network reader" in command
    assert set(flags) <= {"out", *(each.name for each in fields(Settings))}
    assert f"{NETWORKS['reader'].parameters:,} parameters" in card


@pytest.mark.parametrize("hand", HANDS)
def test_digits_of_many_hands_are_read_right(recognizer, hand):
    """Each with thin and thick pens, large and small, upright and slanted."""
    digit, strokes = HANDS[hand]
    slanted = [stroke @ np.array([[1, 0], [-0.2, 1]]) + (0.1, 0) for stroke in strokes]
    drawings = [
        draw_strokes(enlarge(drawn, size), pen)
        for drawn in (strokes, slanted)
        for size in (0.45, 0.8)
        for pen in (8, 20, 28)
    ]
    readings = recognizer.read_many(drawings)
    assert [reading.digit for reading in readings] == [digit] * len(readings)
    assert all(reading.is_digit for reading in readings)


def test_non_digits_are_rejected(recognizer):
    plus = [np.array([[0.2, 0.5], [0.8, 0.5]]), np.array([[0.5, 0.2], [0.5, 0.8]])]
    letter_a = [np.array([[0.2, 0.9], [0.5, 0.1], [0.8, 0.9]]), np.array([[0.32, 0.6], [0.68, 0.6]])]
    hash_mark = [np.array([[x, 0.1], [x, 0.9]]) for x in (0.35, 0.65)] + [
        np.array([[0.1, y], [0.9, y]]) for y in (0.35, 0.65)
    ]
    house = [np.array([[0.2, 0.4], [0.5, 0.1], [0.8, 0.4], [0.8, 0.9], [0.2, 0.9], [0.2, 0.4], [0.8, 0.4]])]
    for strokes in (plus, letter_a, hash_mark, house):
        reading = recognizer.read(draw_strokes(strokes, 16))
        assert not reading.is_digit
        assert not reading.several
        assert reading.digit == reading.probabilities.argmax()


def test_several_digits_are_named(recognizer):
    four, two = (HANDS[hand][1] for hand in ("4, open", "2, a flat foot"))
    row = [stroke * (0.45, 0.8) + (0, 0.1) for stroke in four] + [stroke * (0.45, 0.8) + (0.5, 0.1) for stroke in two]
    reading = recognizer.read(draw_strokes(row, 14))
    assert not reading.is_digit
    assert reading.several == (4, 2)
