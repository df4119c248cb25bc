"""The Folds tab: cross-validation of a network, started and watched here, and what came of it."""

import streamlit as st

from model import InputError
from model.data.datasets import mnist_at_hand
from model.training.cross_validation import Fold, fold_folder, in_percent, read_folds, summarise
from model.runs.history import read_history
from model.networks.table import NETWORKS
from model.runs.store import Run, list_runs, running_run, runs_folder
from model.runs.settings import default_settings
from views.charts.curves import HELD_OUT, curves, explain_dashes, height_of, percent
from views.charts.folds import HEIGHT, TUTORIAL, TUTORIAL_DATA, TUTORIAL_NETWORK, fold_charts
from views.shared.models import name_run, name_runs
from views.shared.trainings import begin, go_on, is_busy, show_cancel, training_allowed
from views.sidebar import DATA, MOST_EPOCHS, SMALL_DATA, explain_data, name_data, show_progress, usual_epochs

BUSY_SECONDS = 2.0  # how often the results are shown anew while something trains
FOLDS, FOLDS_ON_PAGE = 5, 20  # as the tutorial divides; and at most
CURVES = 10  # folds whose curves can be told apart


def render() -> None:
    """The whole tab, kept current while something trains."""
    st.caption(
        "Is one accuracy luck? The training images are divided into folds. For each fold, a fresh network trains on "
        "all the others and is checked on that one, which it has never seen. The spread of the accuracies says how far "
        "to trust any one of them."
    )
    if training_allowed():
        st.fragment(_choose)()
    else:
        st.caption("Training is switched off on this page: what was trained before can be looked at.")
    st.fragment(_show, run_every=BUSY_SECONDS if running_run(runs_folder()) else None)()


def _choose() -> None:
    """The settings, and the button that starts."""
    state = st.session_state
    if state.pop("folds_started", False):
        st.rerun()  # the sidebar shows it, too
    if "folds_network" not in state:
        state.folds_network, state.folds_count = TUTORIAL_NETWORK, FOLDS
        state.folds_data = "mnist" if mnist_at_hand() else SMALL_DATA
        _take_epochs()
    with st.container(key="folds_settings"):
        left, right = st.columns(2)
        name = left.selectbox(
            "Network",
            NETWORKS,
            key="folds_network",
            format_func=lambda name: NETWORKS[name].title,
            on_change=_take_epochs,
            persist_state="session",
        )
        data = right.selectbox(
            "Images", DATA, key="folds_data", format_func=DATA.get, on_change=_take_epochs, persist_state="session"
        )
        explain_data(data, path_key="folds_path")
        left, right = st.columns(2)
        count = left.number_input(
            "Folds",
            2,
            FOLDS_ON_PAGE,
            None,
            key="folds_count",
            help="So many networks are trained.",
            persist_state="session",
        )
        right.number_input(
            "Epochs",
            1,
            MOST_EPOCHS,
            None,
            key="folds_epochs",
            help="How often each network sees its images.",
            persist_state="session",
        )
        st.caption(
            f"`{name}` · {NETWORKS[name].parameters:,} parameters · batches of "
            f"{default_settings(name, FOLDS)['batch_size']} · {NETWORKS[name].source}"
        )
        busy = is_busy()
        label = "Training …" if busy else f"Train {count or FOLDS} folds"
        st.button(label, key="folds_train", type="primary", disabled=busy, on_click=_start)
        if message := state.pop("folds_trouble", None):
            st.error(message, icon=":material/error:")


def _take_epochs() -> None:
    state = st.session_state
    state.folds_epochs = usual_epochs(state.folds_network, state.folds_data)


def _start() -> None:
    """Train was pressed."""
    state = st.session_state
    try:
        for key, what in (("folds_count", "Folds"), ("folds_epochs", "Epochs")):
            if state[key] is None:
                raise InputError(f"{what} is empty: give a number.")
        settings = default_settings(state.folds_network, state.folds_count)
        data = name_data(state.folds_data, state.get("folds_path"))
        begin(settings | {"data": data, "epochs": state.folds_epochs})
        state.pop("folds_run", None)  # the new one is shown
        state.folds_started = True
    except InputError as error:
        state.folds_trouble = str(error)


def _go_on(name: str) -> None:
    """Go on was pressed."""
    try:
        go_on(name)
        st.session_state.folds_resumed = True
    except InputError as error:
        st.session_state.folds_resume_trouble = str(error)


def _show() -> None:
    """One run in folds: the latest, or the one chosen."""
    state = st.session_state
    if state.pop("folds_resumed", False):
        st.rerun()  # the sidebar shows it, too
    try:
        runs = {run.name: run for run in list_runs(runs_folder()) if run.folds}
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return
    if not runs:
        if is_busy():
            st.caption("Once folds are being trained, their progress and their accuracies stand here.")
        else:
            st.info("Nothing was trained in folds yet. Its accuracies will stand here.", icon=":material/info:")
        return
    if len(runs) > 1:
        if state.get("folds_run") not in runs:
            state.pop("folds_run", None)
        names = name_runs(runs.values())
        st.selectbox("Shown", runs, key="folds_run", format_func=names.get, persist_state="session")
    run = runs.get(state.get("folds_run")) or next(iter(runs.values()))
    with st.container(key="folds_result"):
        st.markdown(f"**{name_run(run)}** · {run.data}, {run.epochs} epochs")
        _show_status(run)
        done = read_folds(run.folder, run.folds, run.epochs)
        if done:
            _show_folds(run, done)
        else:
            st.caption("The first accuracy stands here when the first fold is finished.")


def _show_status(run: Run) -> None:
    """How far it is, or how it ended, and what can be done about it."""
    if run.status == "running":
        with st.container(key="folds_progress"):
            show_progress(run)
        show_cancel("folds_cancel")
        return
    if run.status == "failed":
        st.error(run.error or "The training failed; nothing says why.", icon=":material/error:")
    if run.status == "cancelled":
        st.info("Cancelled. The finished folds are kept, and it can go on.", icon=":material/cancel:")
    if run.status != "done" and training_allowed() and not is_busy():
        st.button("Go on", key="folds_resume", icon=":material/play_arrow:", on_click=_go_on, args=(run.name,))
    if message := st.session_state.pop("folds_resume_trouble", None):
        st.error(message, icon=":material/error:")


def _show_folds(run: Run, done: list[Fold]) -> None:
    """What the finished folds came to."""
    with_tutorial = (run.network, run.data) == (TUTORIAL_NETWORK, TUTORIAL_DATA)
    found = in_percent(summarise([fold.accuracy for fold in done]))
    so_far = "" if len(done) == run.folds else f", with {len(done)} of {run.folds} folds finished"
    if len(done) == 1:  # nothing deviates from it
        found = percent(done[0].accuracy)
        st.markdown(f"Accuracy **{found}**{so_far}.")
    else:
        st.markdown(f"Accuracy **{found}**{so_far}: the mean, and the standard deviation from fold to fold.")
    st.caption(
        f"For comparison: the tutorial of {TUTORIAL_NETWORK} says {in_percent(TUTORIAL)} for that network on MNIST, in "
        "five folds of ten epochs."
    )
    with st.container(key="folds_charts"):
        charts = fold_charts(tuple(done), run.folds, with_tutorial)
        for column, name, chart in zip(st.columns(2), ("accuracies", "box"), charts, strict=True):
            column.vega_lite_chart(chart, height=HEIGHT, key=f"folds_{name}", alt=f"{found} in {len(done)} folds")
    st.table(
        {
            "Fold": [str(fold.number) for fold in done],
            "Accuracy": [percent(fold.accuracy) for fold in done],
            "Loss": [f"{fold.loss:.4f}" for fold in done],
        },
        hide_index=True,
        alt="How well each network reads the fold that it has not seen",
    )
    with st.expander("The curves of each fold", key="folds_more", on_change="rerun") as more:
        if more.open:
            _show_curves(run)


def _show_curves(run: Run) -> None:
    folders = {f"Fold {number}": fold_folder(run.folder, number) for number in range(1, run.folds + 1)}
    folders = {name: folder for name, folder in folders.items() if read_history(folder)}
    if len(folders) > CURVES:
        st.caption(f"Shown are the first {CURVES} folds: more curves cannot be told apart.")
    folders = dict(list(folders.items())[:CURVES])
    charts = curves(folders, run.epochs, HELD_OUT)
    for column, name, chart in zip(st.columns(2), ("accuracy", "loss"), charts, strict=True):
        column.vega_lite_chart(chart, height=height_of(len(folders)), key=f"folds_{name}")
    if len(folders) > 1:
        st.caption(explain_dashes(HELD_OUT))
