"""The Folds tab: cross-validation of a network, started and watched here, and its results."""

import streamlit as st

from model.networks import NETWORKS
from model.runs import LOCAL, Fold, Run, Settings, fold_folder, read_folds, read_history, summarise
from views.charts.colours import MAX_CURVES
from views.charts.curves import VALIDATION, curves, explain_dashes, height_of
from views.charts.folds import HEIGHT, TUTORIAL, TUTORIAL_DATA, TUTORIAL_NETWORK, fold_charts
from views.shared.open_tab import FOLDS
from views.shared.parted import (
    choose_subject,
    offer_start,
    rerun_once_started,
    show_form_and_result,
    show_run,
    start_parted,
)
from views.shared.style import is_dark
from views.shared.training_form import choose_engine, default_data, fill_in, setting_field, usual_epochs
from views.shared.words import percent

COUNT = 5  # of folds, as in the tutorial
EPOCHS_HINT = "How many times each network sees its own training images."


def render() -> None:
    """The whole tab, kept current while something trains."""
    st.caption(
        "Could a single accuracy be luck? In cross-validation, the training images are divided into folds. For each "
        "fold, a fresh network trains on all the others and is validated on that one, which it has never seen. The "
        "spread of the accuracies shows how far to trust any one of them."
    )
    show_form_and_result(FOLDS, _choose, _show)


def _choose() -> None:
    """The settings, and the button that starts."""
    rerun_once_started()
    state = st.session_state
    if "folds_network" not in state:
        state.folds_network, state.folds_count, state.folds_data = TUTORIAL_NETWORK, COUNT, default_data()
        _take_epochs()
    with st.container(key="folds_settings"):
        name = choose_subject("folds", _take_epochs)
        left, right = st.columns(2)
        with left:
            setting_field("folds", key="folds_count", persist_state="session")
        with right:
            setting_field("epochs", key="folds_epochs", help=EPOCHS_HINT, persist_state="session")
        choose_engine("folds_engine", persist_state="session")
        network, batch_size = NETWORKS[name], Settings.of(name, COUNT).batch_size
        st.caption(f"`{name}` · {network.parameters:,} parameters · batches of {batch_size} · {network.source}")
        offer_start("folds", "Train", f"{state.folds_count or COUNT} folds", _start)


def _take_epochs() -> None:
    state = st.session_state
    state.folds_epochs = usual_epochs(state.folds_network, state.folds_data)


def _start() -> None:
    """Called when Train is pressed."""
    start_parted("folds", _entered)


def _entered() -> Settings:
    """Raises InputError if no training can use what was entered."""
    state = st.session_state
    settings = Settings.of(state.folds_network, state.folds_count, engine=state.get("folds_engine", LOCAL))
    return fill_in(settings, state.folds_data, "folds_path", folds=state.folds_count, epochs=state.folds_epochs)


def _show() -> None:
    """One cross-validation: the latest, or the one chosen."""
    show_run("folds", "Cross-validation", lambda run: run.folds, _show_result)


def _show_result(run: Run) -> None:
    done = read_folds(run.folder, run.folds or 0, run.epochs)
    if done:
        _show_folds(run, done)
    else:
        st.caption("The first accuracy appears here when the first fold is finished.")


def _show_folds(run: Run, done: list[Fold]) -> None:
    """The results of the finished folds."""
    with_tutorial = (run.network, run.data) == (TUTORIAL_NETWORK, TUTORIAL_DATA)
    found = summarise([fold.accuracy for fold in done]).in_percent()
    so_far = "" if len(done) == run.folds else f", with {len(done)} of {run.folds} folds finished"
    if len(done) == 1:  # a single value has no spread
        found = percent(done[0].accuracy)
        st.markdown(f"Accuracy **{found}** on the held-out images{so_far}.")
    else:
        st.markdown(f"Accuracy **{found}** on the held-out images{so_far}: mean and standard deviation over the folds.")
    st.caption(
        f"For comparison: {TUTORIAL_NETWORK}'s tutorial reports {TUTORIAL.in_percent()} for that network on MNIST, "
        "with five folds of ten epochs each."
    )
    with st.container(key="folds_charts"):
        charts = fold_charts(tuple(done), run.folds or 0, with_tutorial, is_dark())
        for column, name, chart in zip(st.columns(2), ("accuracies", "box"), charts, strict=True):
            column.vega_lite_chart(chart, height=HEIGHT, key=f"folds_{name}", alt=f"{found} in {len(done)} folds")
    st.table(
        {
            "Fold": [str(fold.number) for fold in done],
            "Accuracy": [percent(fold.accuracy) for fold in done],
            "Loss": [f"{fold.loss:.4f}" for fold in done],
            "Real drawings": ["–" if fold.drawings is None else fold.drawings.in_words() for fold in done],
        },
        hide_index=True,
        alt="How well each network reads the fold that it has never seen",
    )
    with st.expander("The curves of each fold", key="folds_more", on_change="rerun") as more:
        if more.open:
            _show_curves(run)


def _show_curves(run: Run) -> None:
    folders = {f"Fold {number}": fold_folder(run.folder, number) for number in range(1, (run.folds or 0) + 1)}
    folders = {name: folder for name, folder in folders.items() if read_history(folder)}
    if len(folders) > MAX_CURVES:
        st.caption(f"Only the first {MAX_CURVES} folds are shown: more curves cannot be told apart.")
    folders = dict(list(folders.items())[:MAX_CURVES])
    charts = curves(folders, run.epochs, VALIDATION)
    for column, name, chart in zip(st.columns(2), ("accuracy", "loss"), charts, strict=True):
        column.vega_lite_chart(chart, height=height_of(len(folders)), key=f"folds_{name}")
    if len(folders) > 1:
        st.caption(explain_dashes(VALIDATION))
