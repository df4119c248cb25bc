"""Messages of a run that are still on their way when another run is asked for, or begins."""

import asyncio
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SessionState

from tests.support.loops import run
from views.shared import reruns

REPLACED = (
    *((AppSession, name) for name in ("request_rerun", "_create_scriptrunner", "_clear_queue")),
    (SessionState, "_call_callbacks"),
)
ANSWER = ForwardMsg(hash="the answer")


class Session(AppSession):
    """A session without a script: it notes what it sends, and which reruns reach a new runner."""

    def __init__(self):
        self._state = AppSessionState.APP_IS_RUNNING
        self._event_loop = asyncio.get_running_loop()
        self._client_state = ClientState()
        self._session_state = SessionState()
        self._fragment_storage = SimpleNamespace(resolve_target=lambda key: [f"the fragment of {key}"])
        self._scriptrunner = ended = runner(ScriptRequestType.STOP)
        self.sent, self.started, self.ended = [], [], ended

    def __del__(self):
        pass

    def has_fragment(self, fragment_id):
        return True

    def _enqueue_forward_msg(self, msg):
        self.sent.append(msg)

    def start(self, initial_rerun_data):
        """In place of what Streamlit does to create a runner."""
        self.started.append(initial_rerun_data.fragment_id)
        self._scriptrunner = runner(ScriptRequestType.CONTINUE)

    def _settle_once_delivered(self):
        pass

    def speak_last_words(self):
        """As the thread of the runner does when it ends: from there on, all that it said is in the event loop."""
        self._on_scriptrunner_event(self.ended, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=ANSWER)
        self._on_scriptrunner_event(self.ended, ScriptRunnerEvent.SHUTDOWN, client_state=ClientState())


def runner(state):
    requests = ScriptRequests()
    requests._state = state
    return SimpleNamespace(
        _execing=False,
        _requests=requests,
        request_rerun=lambda data: state != ScriptRequestType.STOP,
        request_stop=lambda: None,
    )


@pytest.fixture
def heard_out(monkeypatch):
    for kind, name in REPLACED:
        monkeypatch.setattr(kind, name, getattr(kind, name))  # as it is now, again afterwards
    monkeypatch.setattr(reruns, "_create_scriptrunner", Session.start)
    reruns.hear_runners_out()


def ask(*fragments):
    """What becomes of requests for these fragments, None for the whole page, that come in the worst moment."""

    async def meanwhile():
        session = Session()
        session.speak_last_words()
        for fragment in fragments:
            session.request_rerun(ClientState(fragment_id=fragment or ""))
        await asyncio.sleep(0.1)
        return session

    return run(meanwhile())


def test_the_last_messages_of_a_runner_arrive_before_a_fragment_runs_again(heard_out):
    session = ask("timer")
    assert ANSWER in session.sent
    assert session.started == ["timer"]


def test_so_they_do_if_it_ends_just_as_it_is_asked(heard_out):
    """It runs in a thread of its own."""

    async def meanwhile():
        session = Session()
        last = session.ended._requests
        last._state = ScriptRequestType.CONTINUE

        def refuse(data):
            last._state = ScriptRequestType.STOP
            session.speak_last_words()
            return False

        session.ended.request_rerun = refuse
        session.request_rerun(ClientState(fragment_id="timer"))
        await asyncio.sleep(0.1)
        return session

    session = run(meanwhile())
    assert ANSWER in session.sent
    assert session.started == ["timer"]


def test_requests_keep_their_order(heard_out):
    """The two that wait, and the third one behind them, which would not have to."""
    session = ask("timer", None)
    assert ANSWER in session.sent
    assert session.started == ["timer", None]


def test_the_whole_page_need_not_wait(heard_out):
    """It shows everything again anyway."""
    assert ask(None).started == [None]


@pytest.mark.parametrize("waits", [True, False], ids=["waiting", "running"])
def test_what_is_pressed_just_before_the_whole_page_is_asked_for_is_answered_with_it(heard_out, waits):
    """A browser says it only once, and Streamlit ends the runner that was to answer it."""
    button, field = WidgetState(id="button", trigger_value=True), WidgetState(id="field", string_value="new")

    async def meanwhile():
        session = Session()
        asked = []
        session._create_scriptrunner = lambda data: asked.append([each.id for each in data.widget_states.widgets])
        session._scriptrunner = waiting = runner(ScriptRequestType.CONTINUE)
        waiting._requests.request_rerun(RerunData(fragment_id="sidebar", widget_states=WidgetStates(widgets=[button])))
        if not waits:
            waiting._requests.on_scriptrunner_ready()
        session.request_rerun(ClientState(widget_states=WidgetStates(widgets=[field])))
        return asked, waiting._requests._state == ScriptRequestType.STOP

    assert run(meanwhile()) == (([["field", "button"]], True) if waits else ([["field"]], False))


def test_a_request_that_fails_holds_up_no_other(heard_out):
    async def meanwhile():
        session = Session()
        session.speak_last_words()
        session.request_rerun(ClientState(fragment_id="timer"))
        session.request_rerun(None)
        fail = [RuntimeError("can't start new thread")]
        create = session._create_scriptrunner

        def create_at_second_try(data):
            if fail:
                raise fail.pop()
            create(data)

        session._create_scriptrunner = create_at_second_try
        session._event_loop.set_exception_handler(lambda *_: None)
        await asyncio.sleep(0.1)
        return session

    assert run(meanwhile()).started == [None]


@pytest.mark.parametrize(("by_timer", "brought"), [(True, None), (False, 7)])
def test_only_a_timer_brings_no_values(heard_out, monkeypatch, by_timer, brought):
    values = WidgetStates(widgets=[WidgetState(id="epochs", int_value=7)])
    asked = ClientState(fragment_id="timer", is_auto_rerun=by_timer, widget_states=values)

    async def meanwhile():
        session = Session()
        session._scriptrunner = None
        session._create_scriptrunner = session.started.append
        session.request_rerun(asked)
        return session.started

    (data,) = run(meanwhile())
    assert (data.widget_states and data.widget_states.widgets[0].int_value) == brought
    assert data.is_auto_rerun == by_timer


def test_a_timer_that_is_at_rest_runs_nothing(heard_out, monkeypatch):
    resting = []
    monkeypatch.setattr(reruns, "_idle", {"pulse": lambda state: bool(resting), "other": lambda state: True})

    async def meanwhile():
        session = Session()
        session._scriptrunner, started = None, []
        session._create_scriptrunner = lambda data: started.append(data.fragment_id)
        for by_timer in (True, False):
            session.request_rerun(ClientState(fragment_id="the fragment of pulse", is_auto_rerun=by_timer))
        return len(started)

    assert run(meanwhile()) == 2
    resting.append(True)
    assert run(meanwhile()) == 1


def test_to_be_called_twice_changes_nothing(heard_out):
    reruns.hear_runners_out()
    assert ask("timer").started == ["timer"]


@pytest.mark.parametrize(
    ("finished", "begins", "success"),
    [("drawing", ["timer"], True), ("drawing", ["drawing"], False), ("drawing", None, False)],
)
def test_a_success_stands_unless_messages_of_its_run_are_dropped(heard_out, finished, begins, success):
    session = object.__new__(Session)
    session._browser_queue = queue = ForwardMsgQueue()
    answer = ForwardMsg()
    answer.delta.fragment_id = finished
    answer.delta.new_element.markdown.body = "7"
    end = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    queue.enqueue(answer)
    queue.enqueue(end)
    session._clear_queue(begins)
    assert (answer in queue._queue) == success
    assert (end.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY) == success


@pytest.fixture
def run_of(monkeypatch):
    """Pretends that a run of these fragments is under way, and returns what the next one is asked to be."""

    def pretend(*fragments):
        requests = ScriptRequests()
        storage = SimpleNamespace(
            resolve_target=lambda key: [key],
            contains=lambda fragment: True,
            has_ancestor_in=lambda fragment, others: fragment == "bars" and "drawing" in others,
        )
        context = SimpleNamespace(
            fragment_ids_this_run=list(fragments),
            fragment_storage=storage,
            script_requests=requests,
            query_string="",
            page_script_hash="",
            cached_message_hashes=frozenset({"known"}),
            context_info=None,
        )
        monkeypatch.setattr(reruns, "get_script_run_ctx", lambda: context)
        monkeypatch.setattr(reruns.st, "empty", lambda: None)
        return requests

    return pretend


def asked_for(requests):
    """The fragments that are asked for; the empty list stands for the whole page, None for nothing."""
    return requests._rerun_data.fragment_id_queue if requests._state == ScriptRequestType.RERUN else None


def test_a_fragment_that_ends_its_run_leaves_out_none_that_were_to_follow(run_of, monkeypatch):
    requests = run_of("timer", "drawing")
    monkeypatch.setattr(reruns.ThreadState, "get", lambda: SimpleNamespace(fragment_id="timer"))
    reruns.rerun_regions(["progress"])
    assert asked_for(requests) == ["progress", "drawing"]


@pytest.mark.parametrize("this", ["drawing", "bars"])  # which are a part of the drawing
@pytest.mark.parametrize(
    ("running", "key", "runs", "asked"),
    [
        (["drawing"], "strip", ["drawing", "strip"], None),
        (["drawing", "strip"], "strip", ["drawing", "strip"], None),
        (["strip", "drawing"], "strip", ["strip", "drawing"], ["strip"]),  # it has run before
        (["drawing"], "bars", ["drawing"], None),
        ([], "strip", [], None),  # the whole page runs
    ],
)
def test_a_fragment_that_follows_is_a_part_of_the_same_run(run_of, monkeypatch, this, running, key, runs, asked):
    requests = run_of(*running)
    monkeypatch.setattr(reruns.ThreadState, "get", lambda: SimpleNamespace(fragment_id=this))
    reruns.run_along(key)
    assert reruns.get_script_run_ctx().fragment_ids_this_run == runs
    assert asked_for(requests) == asked


class State:
    """The state of a session in which elements of these fragments have changed."""

    def __init__(self, **owners):
        metadata = {name: SimpleNamespace(fragment_id=fragment) for name, fragment in owners.items()}
        self._new_widget_state = MagicMock(widget_metadata=metadata)
        self._new_widget_state.__iter__.side_effect = lambda: iter(owners)

    def _widget_changed(self, name):
        return True


@pytest.mark.parametrize(
    ("running", "changed", "asked"),
    [
        (["drawing"], {"a": "drawing"}, None),
        (["drawing"], {"a": "drawing", "b": "comparison"}, ["comparison"]),
        (["drawing"], {"a": "bars"}, None),  # it is a part of the drawing
        (["drawing"], {"a": "drawing", "b": None}, []),
        ([], {"a": "comparison"}, None),
    ],
)
def test_what_has_changed_besides_runs_next(run_of, monkeypatch, running, changed, asked):
    requests = run_of(*running)
    monkeypatch.setattr(reruns, "_call_callbacks", lambda state: None)
    reruns._call_callbacks_and_run_all(State(**changed))
    assert asked_for(requests) == asked


def test_a_callback_that_asks_for_other_fragments_takes_none_away(run_of, monkeypatch):
    requests = run_of("follower", "drawing")

    def ask(state):
        requests.request_rerun(RerunData(fragment_id_queue=["explained"], is_fragment_scoped_rerun=True))

    monkeypatch.setattr(reruns, "_call_callbacks", ask)
    reruns._call_callbacks_and_run_all(State(a="follower", b="drawing"))
    assert set(asked_for(requests)) == {"explained", "follower", "drawing"}


def test_a_value_that_is_no_news_runs_nothing(heard_out, monkeypatch):
    monkeypatch.setitem(reruns._no_news, "canvas", lambda state, value: value == "as told")

    async def meanwhile(*values, pressed=False):
        session = Session()
        session._scriptrunner, session._session_state = None, SessionState()
        session._create_scriptrunner = session.started.append
        for value in values:
            states = [WidgetState(id="$$ID-1-canvas", json_value=value), WidgetState(id="$$ID-1-epochs", int_value=7)]
            states += [WidgetState(id="$$ID-1-clear", trigger_value=True)] if pressed else []
            session.request_rerun(ClientState(fragment_id="drawing", widget_states=WidgetStates(widgets=states)))
        return len(session.started)

    assert run(meanwhile('"a stroke"', '"as told"')) == 1
    assert run(meanwhile('"a stroke"', '"another"')) == 2
    assert run(meanwhile('"a stroke"', '"a stroke"')) == 2  # something else may have to be shown
    assert run(meanwhile('"a stroke"', "no JSON")) == 2
    assert run(meanwhile('"a stroke"', '"as told"', pressed=True)) == 2  # the same button, once more
