"""Trainings of several parts, as the tabs of folds and of sweeps start, show and resume them.

Only one of the two tabs is open at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from model import InputError
from model.networks import NETWORKS
from model.runs import Run, Settings, list_runs, runs_folder
from views.shared.model_choice import name_run, name_runs
from views.shared.notes import plain, show_error
from views.shared.open_tab import REGIONS
from views.shared.state import session
from views.shared.training_form import choose_data, explain_data
from views.shared.trainings import begin, resume, show_cancel, show_progress, trainings
from views.shared.visitor import may_change, training_allowed
from views.shared.words import epochs_in_words, label_data

Tab = Literal["folds", "sweeps"]  # with which the keys of its widgets begin
PARTS: dict[Tab, str] = {"folds": "folds", "sweeps": "trials"}


@dataclass
class _Requests:
    """What was pressed and has not been dealt with yet."""

    started: bool = False
    """Whether a training was started that the sidebar does not show yet."""
    start_trouble: str | None = None
    resume_trouble: str | None = None


def show_form_and_result(name: str, form: Callable[[], None], result: Callable[[], None]) -> None:
    """A tab of this name: the form that starts a training, and the results, kept current while something trains."""
    if training_allowed():
        st.fragment(form)()
    else:
        st.caption("Training is switched off on this page. Earlier results can still be viewed.")
    st.fragment(result, key=REGIONS[name])()


def choose_subject(tab: Tab, on_change: Callable[[], None]) -> str:
    """Fields for the network and the images. Returns the network's name."""
    left, right = st.columns(2)
    name = left.selectbox(
        "Network",
        NETWORKS,
        key=f"{tab}_network",
        format_func=lambda name: NETWORKS[name].title,
        on_change=on_change,
        persist_state="session",
    )
    with right:
        data = choose_data(f"{tab}_data", on_change=on_change, persist_state="session")
    explain_data(data, path_key=f"{tab}_path")
    return name


def offer_start(tab: Tab, verb: str, what: str, start: Callable[[], None]) -> None:
    """The button that begins the training, or puts it into the queue.

    Its label is `verb`, or "Queue" while something trains, and `what`.
    """
    found = trainings()
    label = f"{'Queue' if found.busy else verb} {what}"
    st.button(label, key=f"{tab}_train", type="primary", disabled=found.is_full, on_click=start)
    _show_start_trouble()


def show_run(tab: Tab, label: str, is_one: Callable[[Run], object], show: Callable[[Run], None]) -> None:
    """A run of this kind: the latest, or the one chosen. How it is going comes first; `show` shows what came of it."""
    rerun_once_started()
    try:
        runs = {run.name: run for run in list_runs(runs_folder()) if is_one(run)}
    except InputError as error:
        show_error(str(error))
        return
    if not runs:
        st.info(f"There has been no {label.lower()} yet. The accuracies will appear here.", icon=":material/info:")
        return
    run = _choose_run(tab, label, runs)
    with st.container(key=f"{tab}_result"):
        epochs = "" if run.epochs is None else f", {epochs_in_words(run.epochs)}"
        st.markdown(f"**{plain(name_run(run))}** · {plain(label_data(run.data))}{epochs}")
        _show_status(tab, run)
        show(run)


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


def _show_start_trouble() -> None:
    """Says why the last one could not be started, once."""
    requests = session(_Requests)
    if requests.start_trouble:
        show_error(requests.start_trouble)
        requests.start_trouble = None


def _choose_run(tab: Tab, label: str, runs: dict[str, Run]) -> Run:
    """The latest run, or the one chosen in a list; `runs` are by name, the latest first."""
    state, key = st.session_state, f"{tab}_run"
    if len(runs) > 1:
        if state.get(key) not in runs:
            state.pop(key, None)
        names = name_runs(runs.values())
        st.selectbox(label, runs, key=key, format_func=lambda name: names[name], persist_state="session")
    return runs.get(state.get(key) or "") or next(iter(runs.values()))


def _show_status(tab: Tab, run: Run) -> None:
    """How far a run has come or how it ended, with a button to cancel or resume it."""
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
        st.info(f"Stopped. The finished {PARTS[tab]} are kept{then}.", icon=":material/cancel:")
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
