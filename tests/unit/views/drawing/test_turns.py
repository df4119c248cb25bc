"""Finished strokes go first."""

import time
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

PATIENCE = 60  # seconds


@pytest.fixture
def turns(drawing_module, monkeypatch):
    """Nobody stops waiting because it took long."""
    turns = drawing_module("turns")
    monkeypatch.setattr(turns, "MAX_WAIT", 10 * PATIENCE)
    monkeypatch.setattr(turns, "MAX_LIVE", 1)
    return turns


class Answer(Thread):
    """An answer in a thread of its own, which takes until it is told to end."""

    def __init__(self, turns, live):
        super().__init__(daemon=True)
        self.turn, self.live, self.begun, self.told = turns.turn, live, Event(), Event()
        self.start()

    def run(self):
        with self.turn(self.live):
            self.begun.set()
            self.told.wait(PATIENCE)

    def end(self):
        self.told.set()
        self.join(PATIENCE)


def wait_for(turns, count):
    """Waits until so many wait for their turn."""
    deadline = time.monotonic() + PATIENCE
    while len(turns._turns.changed._waiters) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_stroke_that_is_still_drawn_waits_for_finished_ones_and_they_for_nobody(turns):
    drawn = Answer(turns, live=True)
    assert drawn.begun.wait(PATIENCE)
    first, second = Answer(turns, live=False), Answer(turns, live=False)
    assert first.begun.wait(PATIENCE)
    assert second.begun.wait(PATIENCE)
    drawn.end()
    another = Answer(turns, live=True)
    wait_for(turns, 1)
    first.end()
    wait_for(turns, 1)
    assert not another.begun.is_set()
    second.end()
    assert another.begun.wait(PATIENCE)
    another.end()


def test_strokes_that_are_still_drawn_take_turns(turns):
    one = Answer(turns, live=True)
    assert one.begun.wait(PATIENCE)
    other = Answer(turns, live=True)
    wait_for(turns, 1)
    assert not other.begun.is_set()
    one.end()
    assert other.begun.wait(PATIENCE)
    other.end()


@pytest.mark.parametrize("reason", ["overtaken", "long"])
def test_nobody_waits_in_vain(turns, monkeypatch, reason):
    """Not with a newer picture of the same drawing behind, nor for so long that the bars would stand still."""
    finished = Answer(turns, live=False)
    assert finished.begun.wait(PATIENCE)
    if reason == "overtaken":
        requests = SimpleNamespace(_state=ScriptRequestType.RERUN)
        monkeypatch.setattr(turns, "get_script_run_ctx", lambda **_: SimpleNamespace(script_requests=requests))
    else:
        monkeypatch.setattr(turns, "MAX_WAIT", 0.01)
    with turns.turn(live=True):
        assert not finished.told.is_set()
    finished.end()


def test_what_is_part_of_an_answer_does_not_wait_for_it(turns):
    with turns.turn(live=False), turns.turn(live=True):
        assert turns._turns.finished == 1
        assert turns._turns.live == 0
    assert (turns._turns.finished, turns._turns.live) == (0, 0)
