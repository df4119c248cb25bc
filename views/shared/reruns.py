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
"""

import contextlib
import functools
import inspect
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType

RETRY_INTERVAL = 0.001  # seconds
_request_rerun = inspect.unwrap(AppSession.request_rerun)  # also if this module is imported anew
_clear_queue = inspect.unwrap(AppSession._clear_queue)
_waiting: WeakKeyDictionary[AppSession, deque[Any]] = WeakKeyDictionary()


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
    AppSession._clear_queue = _clear_queue_but_keep_ends  # pyright: ignore[reportAttributeAccessIssue]


@functools.wraps(_request_rerun)
def _request_in_turn(session: AppSession, client_state: ClientState | None) -> None:
    waiting = _waiting.setdefault(session, deque())
    if client_state is not None and client_state.is_auto_rerun:
        waiting.append(_WithoutValues(client_state))
    else:
        waiting.append(client_state)
    if len(waiting) == 1:  # otherwise a retry is scheduled already, and will pass this one on as well
        _go_on(session)


def _go_on(session: AppSession) -> None:
    """Passes the waiting requests on in order, as many as possible."""
    waiting = _waiting[session]
    while waiting:
        if _is_ending(session) and waiting[0] is not None and waiting[0].fragment_id:
            session._event_loop.call_later(RETRY_INTERVAL, _go_on, session)
            return
        try:
            _request_rerun(session, waiting.popleft())
        except Exception:
            if waiting:  # whose turn it is, whatever was wrong with this one
                session._event_loop.call_soon(_go_on, session)
            raise


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


def rerun_regions(keys: Sequence[str]) -> None:
    """Ends the run of this fragment and runs those of these keys that are on the page.

    `st.rerun` can do that in a callback only.
    """
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    regions: list[str] = []
    for key in keys:
        with contextlib.suppress(StreamlitAPIException):  # it is not there, or not any more
            regions += context.fragment_storage.resolve_target(key)
    if not regions:
        return
    wanted = RerunData(
        query_string=context.query_string,
        page_script_hash=context.page_script_hash,
        fragment_id_queue=regions,
        is_fragment_scoped_rerun=True,
        cached_message_hashes=context.cached_message_hashes,
        context_info=context.context_info,
    )
    context.script_requests.request_rerun(wanted)
    st.empty()  # where the run ends, before anything is sent
