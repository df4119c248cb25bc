"""The drawings of a hand are looked up once, however many hands there are."""

import cv2
import pytest

from model.drawings import open_drawings
from tests.support.digits import on_canvas
from views.shared import hand

HANDS = ("ada", "bob", "cem")


@pytest.fixture
def prepared(monkeypatch, tmp_path):
    """The drawings that are prepared for a network from now on."""
    monkeypatch.setenv("DIGITS_DATABASE", f"sqlite:///{tmp_path}/drawings.db")
    monkeypatch.setattr(hand, "MAX_LOOKS", 2)
    monkeypatch.setattr(hand, "_looks", hand.OrderedDict())
    for name in HANDS:
        open_drawings().add(name, 6, None, cv2.imencode(".png", on_canvas(6, 0.6))[1].tobytes())
    prepared, prepare = [], hand._prepare
    monkeypatch.setattr(hand, "_prepare", lambda kept, skipped: prepared.append(kept) or prepare(kept, skipped))
    return prepared


def test_more_hands_than_are_remembered_are_not_prepared_anew_for_each_stroke(recognizer, prepared):
    last = {name: hand._look(name, recognizer, None) for name in HANDS}
    assert len(prepared) == len(HANDS)
    for _ in range(2):
        again = {name: hand._look(name, recognizer, last[name]) for name in HANDS}
        assert all(again[name] is last[name] for name in HANDS)
    assert len(prepared) == len(HANDS)
    open_drawings().add("ada", 5, None, cv2.imencode(".png", on_canvas(5, 0.6))[1].tobytes())
    assert len(hand._look("ada", recognizer, last["ada"]).examples) == 2
    assert len(prepared) == len(HANDS) + 1
