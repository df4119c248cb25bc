"""Runs of pages take turns."""

import time
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType

from views.shared import turns
from views.shared.turns import Rank, aside, give_way

PATIENCE = 60  # seconds


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Nobody goes ahead because something took long."""
    monkeypatch.setattr(turns, "LONG", 10 * PATIENCE)
    monkeypatch.setattr(turns, "MAX_WAIT", 10 * PATIENCE)


class Run(Thread):
    """A run in a thread of its own, which notes its rank in `order` and takes until it is told to end.

    `then` is what it does next.
    """

    def __init__(self, rank=Rank.ASKED, then=lambda: None, order=None):
        super().__init__(daemon=True)
        self.rank, self.then, self.order = rank, then, [] if order is None else order
        self.begun, self.told = Event(), Event()
        self.start()

    def run(self):
        with turns._turn(self.rank):
            self.begun.set()
            self.order.append(self.rank)
            self.told.wait(PATIENCE)
            self.then()

    def end(self):
        self.told.set()
        self.join(PATIENCE)
        assert not self.is_alive()


def wait_for_line(count):
    """Waits until so many stand in line."""
    deadline = time.monotonic() + PATIENCE
    while len(turns._line) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_there_is_one_run_at_a_time():
    first, second = Run(), Run()
    wait_for_line(1)
    one, other = (first, second) if first.begun.is_set() else (second, first)
    assert not other.begun.is_set()
    one.end()
    assert other.begun.wait(PATIENCE)
    other.end()
    assert turns._front is None


def test_visitors_who_did_something_go_before_strokes_that_are_drawn_and_those_before_timers():
    order = []
    first = Run()
    assert first.begun.wait(PATIENCE)
    others = []
    for number, rank in enumerate((Rank.TIMER, Rank.LIVE, Rank.ASKED), 1):
        others.append(Run(rank, order=order))
        others[-1].told.set()
        wait_for_line(number)
    first.end()
    for each in others:
        each.end()
    assert order == [Rank.ASKED, Rank.LIVE, Rank.TIMER]


def test_a_long_run_is_not_waited_for(monkeypatch):
    first = Run()
    assert first.begun.wait(PATIENCE)
    monkeypatch.setattr(turns, "LONG", 0.01)
    second = Run()
    assert second.begun.wait(PATIENCE)
    first.end()
    assert turns._front is not None  # it is the other's turn, still
    second.end()


def test_a_run_that_only_waits_is_not_waited_for_and_stands_in_line_again():
    ready = Event()

    def wait():
        with aside():
            ready.wait(PATIENCE)

    waiting = Run(then=wait)
    assert waiting.begun.wait(PATIENCE)
    waiting.told.set()
    other = Run()
    assert other.begun.wait(PATIENCE)
    ready.set()
    wait_for_line(1)
    assert waiting.is_alive()
    other.end()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


def test_what_is_still_drawn_gives_way():
    drawn = Run(then=give_way)
    assert drawn.begun.wait(PATIENCE)
    finished = Run()
    wait_for_line(1)
    drawn.told.set()
    assert finished.begun.wait(PATIENCE)
    assert drawn.is_alive()
    finished.end()
    drawn.join(PATIENCE)
    assert not drawn.is_alive()


@pytest.mark.parametrize("reason", ["overtaken", "late"])
def test_nobody_goes_first_for_long_nor_before_something_newer(monkeypatch, reason):
    """A timer that keeps its own session's next stroke waiting goes where that would stand."""
    order = []
    first = Run()
    assert first.begun.wait(PATIENCE)
    if reason == "overtaken":
        requests = SimpleNamespace(_state=ScriptRequestType.RERUN)
        monkeypatch.setattr(turns, "get_script_run_ctx", lambda **_: SimpleNamespace(script_requests=requests))
    else:
        monkeypatch.setattr(turns, "MAX_WAIT", 0.01)
    timer = Run(Rank.TIMER, order=order)
    wait_for_line(1)
    asked = Run(order=order)
    wait_for_line(2)
    deadline = time.monotonic() + PATIENCE
    while turns._line[0].rank != Rank.ASKED or len({each.rank for each in turns._line}) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    for each in (timer, asked):
        each.told.set()
    first.end()
    timer.end()
    asked.end()
    assert order == [Rank.TIMER, Rank.ASKED]


def test_whoever_is_no_run_of_a_page_waits_for_nobody():
    first = Run()
    assert first.begun.wait(PATIENCE)
    give_way()
    with aside():
        pass
    assert not first.told.is_set()
    first.end()


@pytest.mark.parametrize(
    ("wanted", "rank"),
    [
        (RerunData(), Rank.ASKED),
        (RerunData(is_auto_rerun=True), Rank.TIMER),
        (RerunData(is_auto_rerun=True, widget_states=WidgetStates()), Rank.ASKED),
    ],
    ids=["visitor", "timer", "both"],
)
def test_the_runs_of_streamlit_take_turns(monkeypatch, wanted, rank):
    ranks = []
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    monkeypatch.setattr(turns, "_run_script", lambda runner, data: ranks.append(turns._own.place.rank))
    turns.take_turns()
    turns.take_turns()
    ScriptRunner._run_script(None, wanted)
    assert ranks == [rank]
    assert turns._front is None
