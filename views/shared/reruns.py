"""Keeps Streamlit (1.67) from dropping on its way to the browser what the run of a fragment said.

First, an answer. A script runner that has nothing left to do ends, while the last messages it sent still wait in the
event loop of its session. If a fragment asks for a rerun at that moment (because of a timer, say), Streamlit puts a new
runner in its place and ignores whatever the old one still has to say: the bars never follow the stroke. A comment in
`AppSession.request_rerun` describes this for full reruns (https://github.com/streamlit/streamlit/issues/9921). Here
such a request waits, a millisecond or so, until the last runner has been heard out.

Second, the end of a run. If another fragment begins before the messages of a finished one are sent, Streamlit turns
its success into an interruption, and the browser keeps what the run left out, such as a button. Here the success stands
unless messages were dropped.

Third, what a callback has put into a field. The rerun that a timer asks for brings along the values of all fields, as
the browser knows them; if it does not know yet what a callback has just changed, it would take that back. Nobody has
entered anything for a timer to tell, so here it brings no values.

Fourth, what has changed in two fragments at the same moment. The browser says both in one message, in the name of one
of them, and Streamlit runs that one alone. Or it says so in two messages, which Streamlit answers in one run; if the
first fragment then asks for others, that run ends before it comes to the second. Here all of them are run.

Fifth, what is pressed just before the whole page is asked for. Streamlit stops the runner that has yet to answer it;
here the run of the page answers it as well.

And what brings no news is not run at all: an element can say which of its values are none, and whoever has a timer,
when there is nothing to look for. What follows from a run can be a part of it.
"""

import contextlib
import functools
import inspect
import json
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequestType,
    _coalesce_widget_states,
)
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, ThreadState
from streamlit.runtime.state import SessionState

RETRY_INTERVAL = 0.001  # seconds
_request_rerun = inspect.unwrap(AppSession.request_rerun)  # also if this module is imported anew
_create_scriptrunner = inspect.unwrap(AppSession._create_scriptrunner)
_clear_queue = inspect.unwrap(AppSession._clear_queue)
_call_callbacks = inspect.unwrap(SessionState._call_callbacks)
_no_news: dict[str, Callable[[SessionState, Any], bool]] = {}  # by the key of an element
_idle: dict[str, Callable[[SessionState], bool]] = {}  # by the key of a fragment with a timer


@dataclass
class _Asked:
    """What the browser of a session has asked for."""

    waiting: deque[Any] = field(default_factory=deque)
    """Requests that have not been passed on."""
    values: dict[str, int] = field(default_factory=dict)
    """The hashes of all values that the last request brought, by the ids of their elements."""


_sessions: WeakKeyDictionary[AppSession, _Asked] = WeakKeyDictionary()


class _NotHeardOut(Exception):  # noqa: N818
    """The last messages of a runner have not been passed on."""


@dataclass
class _WithoutValues:
    """What a browser says, without the values of the page's fields."""

    said: ClientState
    widget_states: None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a ClientState has
        return getattr(self.said, name)


def hear_runners_out() -> None:
    """Call this when the page starts. Calling it again does nothing."""
    AppSession.request_rerun = _request_in_turn  # pyright: ignore[reportAttributeAccessIssue]  # a method, replaced
    AppSession._create_scriptrunner = _create_after_the_last  # pyright: ignore[reportAttributeAccessIssue]
    AppSession._clear_queue = _clear_queue_but_keep_ends  # pyright: ignore[reportAttributeAccessIssue]
    SessionState._call_callbacks = _call_callbacks_and_run_all  # pyright: ignore[reportAttributeAccessIssue]


def pass_over(key: str, is_known: Callable[[SessionState, Any], bool]) -> None:
    """Runs nothing because of a value of this element that `is_known` is true of.

    The value comes again with the next request, as all values do, and the next run finds it.
    """
    _no_news[key] = is_known


def rest_timer(key: str, is_idle: Callable[[SessionState], bool]) -> None:
    """Lets the timer of this fragment run nothing while `is_idle`, which must be found without any waiting."""
    _idle[key] = is_idle


@functools.wraps(_request_rerun)
def _request_in_turn(session: AppSession, client_state: ClientState | None) -> None:
    asked = _sessions.setdefault(session, _Asked())
    if client_state is not None and client_state.is_auto_rerun and client_state.fragment_id:
        if _is_at_rest(session, client_state.fragment_id):
            return
        asked.waiting.append(_WithoutValues(client_state))
    elif client_state is None or _brings_news(session, client_state, asked):
        asked.waiting.append(client_state)
    else:
        return
    if len(asked.waiting) == 1:  # otherwise a retry is scheduled already, and will pass this one on as well
        _go_on(session)


def _brings_news(session: AppSession, said: ClientState, asked: _Asked) -> bool:
    if said.fragment_id and not session.has_fragment(said.fragment_id):
        return True  # Streamlit drops it, and its values come again
    widgets = said.widget_states.widgets
    before, asked.values = asked.values, {each.id: hash(each.SerializeToString()) for each in widgets}
    new = [each for each in widgets if before.get(each.id) != asked.values[each.id]]
    pressed = any("trigger" in (each.WhichOneof("value") or "") for each in widgets)
    if pressed or not said.fragment_id or len(new) != 1 or not new[0].HasField("json_value"):
        return True
    try:
        return not _is_no_news(session.session_state, new[0].id, json.loads(new[0].json_value))
    except (ValueError, RecursionError):  # whoever reads it will say so
        return True


def _is_at_rest(session: AppSession, fragment: str) -> bool:
    for key, is_idle in _idle.items():
        with contextlib.suppress(StreamlitAPIException):  # it is not on the page
            if fragment in session._fragment_storage.resolve_target(key):
                return is_idle(session.session_state)
    return False


def _is_no_news(state: SessionState, name: str, value: Any) -> bool:  # noqa: ANN401 - of any element
    is_known = _no_news.get(name.rsplit("-", 1)[-1])
    return is_known is not None and is_known(state, value)


def _go_on(session: AppSession) -> None:
    """Passes the waiting requests on in order, as many as possible."""
    waiting = _sessions[session].waiting
    while waiting:
        request = waiting.popleft()
        try:
            _request_rerun(session, _with_presses(session, request))
        except _NotHeardOut:
            waiting.appendleft(request)
            session._event_loop.call_later(RETRY_INTERVAL, _go_on, session)
            return
        except Exception:
            if waiting:  # whose turn it is, whatever was wrong with this one
                session._event_loop.call_soon(_go_on, session)
            raise


def _with_presses(session: AppSession, said: Any) -> Any:  # noqa: ANN401 - a ClientState or None, or as good as that
    """What a browser says, with what was pressed before and waits to be answered.

    If the whole page is asked for, Streamlit stops the runner that was to answer that, and a press is said only once.
    """
    runner = session._scriptrunner
    if said is None or said.fragment_id or runner is None:
        return said
    requests, both = runner._requests, ClientState()
    both.CopyFrom(said)
    with requests._lock:
        if requests._state != ScriptRequestType.RERUN:
            return said
        if (before := requests._rerun_data.widget_states) is not None:
            both.widget_states.CopyFrom(_coalesce_widget_states(before, said.widget_states) or before)
        requests._state = ScriptRequestType.STOP
    return both


@functools.wraps(_create_scriptrunner)
def _create_after_the_last(session: AppSession, initial_rerun_data: RerunData) -> None:
    """Puts a runner in the place of the last. For a fragment, raises _NotHeardOut if that one has not been heard out.

    The last runner ends in a thread of its own, perhaps just as it is asked to take the request. So this is the place
    to look: before, it may be too early.
    """
    if initial_rerun_data.fragment_id and _is_ending(session):
        raise _NotHeardOut
    _create_scriptrunner(session, initial_rerun_data)


def _is_ending(session: AppSession) -> bool:
    """Whether the runner is through and takes no more requests, but its last messages have not been passed on."""
    runner = session._scriptrunner
    return runner is not None and not runner._execing and runner._requests._state == ScriptRequestType.STOP


@functools.wraps(_clear_queue)
def _clear_queue_but_keep_ends(session: AppSession, fragment_ids_this_run: list[str] | None = None) -> None:
    """Makes room for what a new run will say."""
    waiting = _messages(session)
    ends = [(each, each.script_finished) for each in waiting if each.WhichOneof("type") == "script_finished"]
    _clear_queue(session, fragment_ids_this_run)
    if fragment_ids_this_run is not None and len(_messages(session)) == len(waiting):
        for end, status in ends:
            end.script_finished = status


def _messages(session: AppSession) -> list[ForwardMsg]:
    return session._browser_queue._queue


@functools.wraps(_call_callbacks)
def _call_callbacks_and_run_all(state: SessionState, **replayed: Any) -> None:  # noqa: ANN401
    """Also sees to it that each fragment is run in which something has changed."""
    context = get_script_run_ctx()
    missed = [] if context is None else _missed(state, context)
    _call_callbacks(state, **replayed)
    if context is None:
        return
    if None in missed:
        _request(context, [])
        return
    if _is_about_to_end(context):  # a callback has asked for other fragments than this run's
        missed += context.fragment_ids_this_run or []
    if missed:
        _request(context, [each for each in missed if each])


def _missed(state: SessionState, context: ScriptRunContext) -> list[str | None]:
    """The fragments in which something has changed and that are not in this run; None for what is in none."""
    running, storage = context.fragment_ids_this_run, context.fragment_storage
    if not running:
        return []
    owners = {state._new_widget_state.widget_metadata[name].fragment_id for name in _changed(state)}
    return [
        each
        for each in owners.difference(running)
        if each is None or (storage.contains(each) and not storage.has_ancestor_in(each, running))
    ]


def _is_about_to_end(context: ScriptRunContext) -> bool:
    requests = context.script_requests
    return (
        requests is not None
        and requests._state == ScriptRequestType.RERUN
        and requests._rerun_data.is_fragment_scoped_rerun
    )


def _changed(state: SessionState) -> list[str]:
    """The elements that have news: whose values the browser has changed."""
    values, known = state._new_widget_state, state._new_widget_state.widget_metadata
    changed = [name for name in values if name in known and state._widget_changed(name)]
    return [name for name in changed if not _is_no_news(state, name, values[name])]


def _request(context: ScriptRunContext, fragments: Collection[str], at_once: bool = False) -> None:
    """Asks for a run of these fragments, or of the whole page if there are none.

    It begins after this run or, if `at_once` or if it is of the whole page, as soon as this can be ended.
    """
    if (requests := context.script_requests) is not None:
        latest = requests._rerun_data if requests._state == ScriptRequestType.RERUN else context
        wanted = RerunData(
            query_string=latest.query_string,
            page_script_hash=latest.page_script_hash,
            fragment_id_queue=list(fragments),
            is_fragment_scoped_rerun=at_once,
            # At the end of this run, the browser may forget some of the messages that it holds.
            cached_message_hashes=context.cached_message_hashes if at_once else frozenset(),
            context_info=latest.context_info,
        )
        requests.request_rerun(wanted)


def run_along(key: str) -> None:
    """Has the fragment of this key run once those of this run are through, as a part of it.

    A run of its own would cost as much again as a small fragment itself. It has one if it has run before this one.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return  # the whole page runs
    running, storage = context.fragment_ids_this_run, context.fragment_storage  # Streamlit goes through this very list
    this = ThreadState.get().fragment_id
    done = set(takewhile(lambda each: each != this and not storage.has_ancestor_in(this or "", {each}), running))
    with contextlib.suppress(StreamlitAPIException):  # it is not on the page
        for each in storage.resolve_target(key):
            if each in done:
                _request(context, [each])
            elif each not in running and not storage.has_ancestor_in(each, running):
                running.append(each)


def rerun_regions(keys: Sequence[str]) -> None:
    """Ends the run of this fragment and runs those of these keys that are on the page.

    `st.rerun` can do that in a callback only. Fragments that this run has yet to come to are run as well.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    regions: list[str] = []
    for key in keys:
        with contextlib.suppress(StreamlitAPIException):  # it is not there, or not any more
            regions += context.fragment_storage.resolve_target(key)
    if regions:
        this = ThreadState.get().fragment_id
        others = [each for each in context.fragment_ids_this_run or [] if each != this]
        _request(context, [*regions, *others], at_once=True)
        st.empty()  # where the run ends, before anything is sent
