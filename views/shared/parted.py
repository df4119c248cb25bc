"""Trainings of several parts, as the tabs of folds and of sweeps start, show and resume them.

Only one of the two tabs is open at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from model import InputError
from model.runs import Run, Settings
from views.shared.model_choice import name_runs
from views.shared.notes import show_error
from views.shared.state import session
from views.shared.trainings import begin, resume, show_cancel, show_progress
from views.shared.visitor import may_change

Tab = Literal["folds", "sweeps"]  # with which the keys of its widgets begin


@dataclass
class _Requests:
    """What was pressed and has not been dealt with yet."""

    started: bool = False
    """Whether a training was started that the sidebar does not show yet."""
    start_trouble: str | None = None
    resume_trouble: str | None = None


def rerun_once_started() -> None:
    """Reruns the whole page, sidebar included, once a training has been started in the tab."""
    requests = session(_Requests)
    if requests.started:
        requests.started = False
        st.rerun()


def start_parted(tab: Tab, make_settings: Callable[[], Settings]) -> None:
    """Starts a training with these settings: for a callback."""
    requests = session(_Requests)
    try:
        begin(make_settings())
        st.session_state.pop(f"{tab}_run", None)  # so that the new one is shown
        requests.started = True
    except InputError as error:
        requests.start_trouble = str(error)


def show_start_trouble() -> None:
    """Says why the last one could not be started, once."""
    requests = session(_Requests)
    if requests.start_trouble:
        show_error(requests.start_trouble)
        requests.start_trouble = None


def choose_run(tab: Tab, label: str, runs: dict[str, Run]) -> Run:
    """The latest run, or the one chosen in a list; `runs` are by name, the latest first."""
    state, key = st.session_state, f"{tab}_run"
    if len(runs) > 1:
        if state.get(key) not in runs:
            state.pop(key, None)
        names = name_runs(runs.values())
        st.selectbox(label, runs, key=key, format_func=lambda name: names[name], persist_state="session")
    return runs.get(state.get(key) or "") or next(iter(runs.values()))


def show_status(tab: Tab, run: Run, parts: str) -> None:
    """How far a run has come or how it ended, with a button to cancel or resume it; `parts` is what it consists of."""
    resumable = not run.is_unfinished and run.status != "done" and may_change(run.owner)
    if run.status == "running":
        with st.container(key=f"{tab}_progress"):
            show_progress(run)
        show_cancel(run, f"{tab}_cancel")
    elif run.status == "queued":
        st.info("It waits in the queue; the sidebar says for what.", icon=":material/hourglass_top:")
        show_cancel(run, f"{tab}_cancel", "Withdraw")
    elif run.status == "failed":
        show_error(run.error or "The training failed without saying why. Resume it, or train again.")
    elif run.status == "cancelled":
        then = "; press Resume to train the others" if resumable else ""
        st.info(f"Stopped. The finished {parts} are kept{then}.", icon=":material/cancel:")
    if resumable:
        st.button("Resume", key=f"{tab}_resume", icon=":material/play_arrow:", on_click=_resume, args=(run,))
    requests = session(_Requests)
    if requests.resume_trouble:
        show_error(requests.resume_trouble)
        requests.resume_trouble = None


def _resume(run: Run) -> None:
    requests = session(_Requests)
    try:
        resume(run)
        requests.started = True
    except InputError as error:
        requests.resume_trouble = str(error)
