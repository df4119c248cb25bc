"""Messages of a run that are still on their way when another run is asked for, or begins."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from tests.support.loops import run
from views.shared import reruns

ANSWER = ForwardMsg(hash="the answer")


class Session(AppSession):
    """A session without a script: it notes what it sends, and which reruns reach a new runner."""

    def __init__(self):
        self._state = AppSessionState.APP_IS_RUNNING
        self._event_loop = asyncio.get_running_loop()
        self._client_state = ClientState()
        self._scriptrunner = ended = runner(ScriptRequestType.STOP)
        self.sent, self.started, self.ended = [], [], ended

    def __del__(self):
        pass

    def has_fragment(self, fragment_id):
        return True

    def _enqueue_forward_msg(self, msg):
        self.sent.append(msg)

    def _create_scriptrunner(self, initial_rerun_data):
        self.started.append(initial_rerun_data.fragment_id)
        self._scriptrunner = runner(ScriptRequestType.CONTINUE)

    def _settle_once_delivered(self):
        pass

    def speak_last_words(self):
        """As the thread of the runner does when it ends: from there on, all that it said is in the event loop."""
        self._on_scriptrunner_event(self.ended, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=ANSWER)
        self._on_scriptrunner_event(self.ended, ScriptRunnerEvent.SHUTDOWN, client_state=ClientState())


def runner(state):
    return SimpleNamespace(
        _execing=False,
        _requests=SimpleNamespace(_state=state),
        request_rerun=lambda data: state != ScriptRequestType.STOP,
        request_stop=lambda: None,
    )


@pytest.fixture
def heard_out(monkeypatch):
    for name in ("request_rerun", "_clear_queue"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))  # as it is now, again afterwards
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


def test_requests_keep_their_order(heard_out):
    """The two that wait, and the third one behind them, which would not have to."""
    session = ask("timer", None)
    assert ANSWER in session.sent
    assert session.started == ["timer", None]


def test_the_whole_page_need_not_wait(heard_out):
    """It shows everything again anyway."""
    assert ask(None).started == [None]


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
