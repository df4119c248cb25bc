"""Runs of pages take turns."""

import time
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from views.shared import turns
from views.shared.turns import Rank, aside

PATIENCE = 60  # seconds
PRESSES = "$$STREAMLIT_INTERNAL_KEY_$$ID-0123-reading__events"


def pressed(presses, *fragments):
    """The request of a browser that says this."""
    states = WidgetStates(widgets=[WidgetState(id=PRESSES, json_trigger_value=presses)])
    return RerunData(fragment_id_queue=list(fragments or ["reading"]), widget_states=states)


DRAWN = '[{"event": "sample", "value": {"pen": "down"}}]'
FINISHED = '[{"event": "sample", "value": {"pen": "up"}}]'
ASKED = RerunData(fragment_id="drawing")
TIMER = RerunData(fragment_id="pulse", is_auto_rerun=True)
LIVE = pressed(DRAWN)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Nobody goes ahead because something took long."""
    monkeypatch.setattr(turns, "LONG", 10 * PATIENCE)
    monkeypatch.setattr(turns, "MAX_WAIT", 10 * PATIENCE)
    monkeypatch.setattr(turns, "_may_wait", {("reading", "sample"): lambda value: value["pen"] == "down"})


class Run(Thread):
    """A run in a thread of its own, which notes itself in `order` and takes until it is told to end.

    `then` is what it does next.
    """

    def __init__(self, data=ASKED, then=lambda: None, order=None):
        super().__init__(daemon=True)
        self.then, self.order = then, [] if order is None else order
        self.begun, self.told, self.requests = Event(), Event(), ScriptRequests()
        self.requests.request_rerun(data)
        self.start()

    def run(self):
        self.request = turns._next_request_in_turn(self.requests)
        self.order.append(self)
        self.begun.set()
        self.told.wait(PATIENCE)
        self.then()
        turns._next_request_in_turn(self.requests)

    def end(self):
        self.told.set()
        self.join(PATIENCE)
        assert not self.is_alive()


@pytest.fixture
def first():
    """A run whose turn it is."""
    run = Run()
    assert run.begun.wait(PATIENCE)
    yield run
    run.end()
    assert turns._head is None
    assert not turns._line


def wait_for_line(*ranks):
    """Waits until runs of these ranks, and no others, stand in line."""
    deadline = time.monotonic() + PATIENCE
    while [place.rank for place in turns._line] != list(ranks):
        assert time.monotonic() < deadline
        time.sleep(0.001)


def end_and_pass(first, waiting):
    """Ends the first run, lets the next one go aside, and returns the run whose turn it is then."""
    first.end()
    assert waiting.begun.wait(PATIENCE)
    waiting.told.set()
    second = Run()
    assert second.begun.wait(PATIENCE)
    return second


def test_there_is_one_run_at_a_time(first):
    second = Run()
    wait_for_line(Rank.ASKED)
    assert not second.begun.is_set()
    first.end()
    second.end()


def test_visitors_who_did_something_go_before_strokes_that_are_drawn_and_those_before_timers(first):
    order = []
    timer = Run(TIMER, order=order)
    wait_for_line(Rank.TIMER)
    live = Run(LIVE, order=order)
    wait_for_line(Rank.LIVE, Rank.TIMER)
    asked = Run(order=order)
    wait_for_line(Rank.ASKED, Rank.LIVE, Rank.TIMER)
    first.end()
    for each in (asked, live, timer):
        each.end()
    assert order == [asked, live, timer]


def test_a_long_run_is_not_waited_for(first, monkeypatch):
    monkeypatch.setattr(turns, "LONG", 0.01)
    second = Run()
    assert second.begun.wait(PATIENCE)
    first.end()
    assert turns._head is not None  # it is the other's turn, still
    second.end()


@pytest.mark.parametrize("error", [None, ValueError])
def test_a_run_that_only_waits_is_not_waited_for_and_finds_its_place_again(first, error):
    ready, order = Event(), []

    def wait():
        try:
            with aside():
                ready.wait(PATIENCE)
                if error:
                    raise error
        except ValueError:
            pass
        order.append(waiting)

    waiting = Run(then=wait)
    wait_for_line(Rank.ASKED)
    second = end_and_pass(first, waiting)
    third = Run(order=order)
    wait_for_line(Rank.ASKED)
    ready.set()
    wait_for_line(Rank.ASKED, Rank.ASKED)
    second.end()
    third.end()
    waiting.end()
    assert order == [waiting, third]


@pytest.mark.parametrize("reason", ["late", "something newer"])
@pytest.mark.parametrize(("data", "rank"), [(TIMER, Rank.TIMER), (LIVE, Rank.LIVE)], ids=["timer", "live"])
def test_nobody_is_kept_behind_for_long_nor_with_something_newer(first, monkeypatch, reason, data, rank):
    if reason == "late":
        monkeypatch.setattr(turns, "MAX_WAIT", 0.01)
    order = []
    kept = Run(data, order=order)
    if reason == "something newer":
        wait_for_line(rank)
        kept.requests.request_rerun(pressed(FINISHED))
    wait_for_line(Rank.ASKED)
    other = Run(order=order)
    wait_for_line(Rank.ASKED, Rank.ASKED)
    first.end()
    kept.end()
    other.end()
    assert order == [kept, other]


def test_what_is_asked_for_meanwhile_is_answered_by_the_same_run(first):
    second = Run()
    wait_for_line(Rank.ASKED)
    second.requests.request_rerun(LIVE)
    first.end()
    second.end()
    assert second.request.rerun_data.fragment_id_queue == ["drawing", "reading"]


def test_who_has_left_waits_no_longer(first, monkeypatch):
    monkeypatch.setattr(turns, "LOOK", 0.01)
    gone = Run(TIMER)
    wait_for_line(Rank.TIMER)
    gone.requests.request_stop()
    gone.end()
    assert gone.request.type == ScriptRequestType.STOP
    assert not first.told.is_set()


@pytest.mark.parametrize("same", [True, False], ids=["same session", "another"])
def test_who_asks_for_the_whole_page_keeps_the_place_in_line(first, monkeypatch, same):
    """Streamlit stops the runner that waits, and puts another in its place."""
    sessions = iter(["one", "another", "one" if same else "third"])
    monkeypatch.setattr(turns, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id=next(sessions)))
    order = []
    stopped = Run()
    wait_for_line(Rank.ASKED)
    other = Run(order=order)
    wait_for_line(Rank.ASKED, Rank.ASKED)
    again = Run(RerunData(), order=order)
    wait_for_line(Rank.ASKED, Rank.ASKED, Rank.ASKED)
    stopped.requests.request_stop()
    first.end()
    for each in (stopped, again, other):
        each.told.set()
    for each in (stopped, again, other):
        each.end()
    assert order == ([again, other] if same else [other, again])


def test_a_run_that_is_stopped_while_it_waits_for_something_does_not_stand_in_line_again(first):
    ready = Event()

    def wait():
        with aside():
            ready.wait(PATIENCE)

    stopped = Run(TIMER, then=wait)
    wait_for_line(Rank.TIMER)
    second = end_and_pass(first, stopped)
    stopped.requests.request_stop()
    ready.set()
    stopped.end()
    assert not second.told.is_set()
    second.end()


def test_whoever_is_no_run_of_a_page_waits_for_nobody(first):
    with aside():
        pass
    assert not first.told.is_set()


@pytest.mark.parametrize(
    ("data", "rank"),
    [
        (RerunData(), Rank.ASKED),
        (RerunData(fragment_id_queue=["drawing"]), Rank.ASKED),
        (RerunData(fragment_id_queue=["pulse"], is_auto_rerun=True), Rank.TIMER),
        (RerunData(fragment_id_queue=["drawing", "pulse"], is_auto_rerun=True), Rank.ASKED),
        (RerunData(fragment_id_queue=["pulse"], is_auto_rerun=True, widget_states=WidgetStates()), Rank.ASKED),
        (pressed(DRAWN), Rank.LIVE),
        (pressed(DRAWN, "drawing", "reading"), Rank.ASKED),
        (pressed(FINISHED), Rank.ASKED),
        (pressed(DRAWN.replace("sample", "chosen")), Rank.ASKED),
        (pressed(DRAWN.replace('"down"', "[")), Rank.ASKED),
        (pressed("3"), Rank.ASKED),
        (pressed("[]"), Rank.ASKED),
        (pressed("[" * 100_000), Rank.ASKED),
    ],
)
def test_who_goes_first(data, rank):
    assert turns._rank(data) == rank


def test_the_runs_of_streamlit_take_turns(monkeypatch):
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_ready", ScriptRequests.on_scriptrunner_ready)
    turns.take_turns()
    turns.take_turns()
    requests = ScriptRequests()
    requests.request_rerun(ASKED)
    assert requests.on_scriptrunner_ready().type == ScriptRequestType.RERUN
    assert turns._head is not None
    assert requests.on_scriptrunner_ready().type == ScriptRequestType.STOP
    assert turns._head is None
