"""The Folds tab: cross-validation of a network, started and watched here, and its results."""

import streamlit as st

from model import InputError
from model.networks import NETWORKS
from model.runs import (
    LOCAL,
    Fold,
    Run,
    Settings,
    fold_folder,
    list_runs,
    read_folds,
    read_history,
    runs_folder,
    summarise,
)
from views.charts.colours import MAX_CURVES
from views.charts.curves import VALIDATION, curves, explain_dashes, height_of
from views.charts.folds import HEIGHT, TUTORIAL, TUTORIAL_DATA, TUTORIAL_NETWORK, fold_charts
from views.shared.model_choice import name_run
from views.shared.notes import plain, show_error
from views.shared.open_tab import FOLDS, REGIONS
from views.shared.parted import choose_run, rerun_once_started, show_start_trouble, show_status, start_parted
from views.shared.style import is_dark
from views.shared.training_form import (
    choose_data,
    choose_engine,
    default_data,
    explain_data,
    fill_in,
    setting_field,
    usual_epochs,
)
from views.shared.trainings import trainings
from views.shared.visitor import training_allowed
from views.shared.words import label_data, percent

COUNT = 5  # of folds, as in the tutorial
PATH_KEY = "folds_path"  # of data of one's own
EPOCHS_HINT = "How many times each network sees its own training images."


def render() -> None:
    """The whole tab, kept current while something trains."""
    st.caption(
        "Could a single accuracy be luck? In cross-validation, the training images are divided into folds. For each "
        "fold, a fresh network trains on all the others and is validated on that one, which it has never seen. The "
        "spread of the accuracies shows how far to trust any one of them."
    )
    if training_allowed():
        st.fragment(_choose)()
    else:
        st.caption("Training is switched off on this page. Earlier results can still be viewed.")
    st.fragment(_show, key=REGIONS[FOLDS])()


def _choose() -> None:
    """The settings, and the button that starts."""
    rerun_once_started()
    state = st.session_state
    if "folds_network" not in state:
        state.folds_network, state.folds_count, state.folds_data = TUTORIAL_NETWORK, COUNT, default_data()
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
        with right:
            data = choose_data("folds_data", on_change=_take_epochs, persist_state="session")
        explain_data(data, path_key=PATH_KEY)
        left, right = st.columns(2)
        with left:
            setting_field("folds", key="folds_count", persist_state="session")
        with right:
            setting_field("epochs", key="folds_epochs", help=EPOCHS_HINT, persist_state="session")
        choose_engine("folds_engine", persist_state="session")
        network, batch_size = NETWORKS[name], Settings.of(name, COUNT).batch_size
        st.caption(f"`{name}` · {network.parameters:,} parameters · batches of {batch_size} · {network.source}")
        found = trainings()
        label = f"{'Queue' if found.busy else 'Train'} {state.folds_count or COUNT} folds"
        st.button(label, key="folds_train", type="primary", disabled=found.is_full, on_click=_start)
        show_start_trouble()


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
    return fill_in(settings, state.folds_data, PATH_KEY, folds=state.folds_count, epochs=state.folds_epochs)


def _show() -> None:
    """One cross-validation: the latest, or the one chosen."""
    rerun_once_started()
    try:
        runs = {run.name: run for run in list_runs(runs_folder()) if run.folds}
    except InputError as error:
        show_error(str(error))
        return
    if not runs:
        if trainings().busy:
            st.caption("The progress and the accuracies of a cross-validation appear here.")
        else:
            st.info("There has been no cross-validation yet. Its accuracies will appear here.", icon=":material/info:")
        return
    run = choose_run("folds", "Cross-validation", runs)
    with st.container(key="folds_result"):
        st.markdown(f"**{plain(name_run(run))}** · {plain(label_data(run.data))}, {run.epochs} epochs")
        show_status("folds", run, "folds")
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
