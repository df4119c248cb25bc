"""All trainings in a table, their curves in one chart, and what can be done with each."""

from dataclasses import dataclass, field

import streamlit as st

from model import InputError, default_network
from model.files import Remembered, stamp
from model.paths import SHIPPED_NETWORK
from model.runs import (
    HISTORY_FILE,
    MAX_RUNS,
    MAX_RUNS_BYTES,
    RUN_FILE,
    Run,
    delete_run,
    is_over,
    list_runs,
    read_folds,
    read_history,
    read_outcomes,
    runs_folder,
    shipped_results,
)
from views.charts.curves import curves, explain_dashes, height_of, validated_on
from views.shared.downloads import offer_file, offer_network
from views.shared.in_use import run_in_use
from views.shared.model_choice import name_built_in, name_runs, network_in_words, switch_to
from views.shared.network_file import offer_network_file
from views.shared.notes import plain, show_error
from views.shared.open_tab import REGIONS, RUNS
from views.shared.scores import drawings_score, known_results
from views.shared.state import session
from views.shared.visitor import check_may_change, may_change
from views.shared.watched import show_replay
from views.shared.words import DRAWINGS_HELP, drawings_in_words, label_data, results_in_words, score_in_words
from views.tabs.runs.comparison import show_comparison
from views.tabs.runs.naming import offer_naming, show_notes

STATUS = {"cancelled": "stopped"}  # what people are told, if that is not what run.json says
OTHERS_HELP = "Of folds, those of all networks together. Results, and a comparison, score one without."
MAX_COMPARED = 6  # curves that can still be told apart


@dataclass
class _Runs:
    """What this session has selected and pressed."""

    selected: list[str] = field(default_factory=list)
    changed: bool = False
    """Whether the sidebar is out of date."""
    trouble: str | None = None


def render() -> None:
    """The whole tab, kept current while something trains."""
    st.fragment(_show, key=REGIONS[RUNS])()
    st.fragment(show_comparison)(lambda: session(_Runs).selected)


def _show() -> None:
    """The runs and the built-in network."""
    state = session(_Runs)
    if state.changed:
        state.changed = False
        st.rerun()  # the sidebar shows it, too
    try:
        runs = list_runs(runs_folder())
    except InputError as error:
        show_error(str(error))
        return
    if state.trouble:
        show_error(state.trouble)
        state.trouble = None
    if runs:
        _show_runs(runs)
    else:
        st.info("No network has been trained yet. Press Train in the sidebar.", icon=":material/info:")
    offer_network_file()
    if not SHIPPED_NETWORK.is_file() or default_network() != SHIPPED_NETWORK:
        return  # the page says so where it would read with it
    with st.container(border=True, key="shipped_network"):
        read, size = drawings_in_words(shipped_results()), _megabytes(SHIPPED_NETWORK.stat().st_size)
        st.markdown(" · ".join([f"**{name_built_in()}**", *([read] if read else []), size]))
        with st.container(horizontal=True):
            offer_network(SHIPPED_NETWORK, SHIPPED_NETWORK.stem, ready=True)


def _show_runs(runs: list[Run]) -> None:
    """The table and, below it, what belongs to the runs selected in it.

    Streamlit forgets the selection when a run joins the table and when another tab is opened, so it is kept here.
    """
    state, names = session(_Runs), name_runs(runs)
    st.caption("Select runs in the first column to compare their curves, download them or delete them.")
    with st.container(key="runs_table"):
        chosen = st.dataframe(
            {"Run": list(names.values())} | _columns(runs),
            hide_index=True,
            placeholder="–",
            key=f"runs_{hash(tuple(run.name for run in runs))}",  # a selection of rows means nothing for other rows
            on_select="rerun",
            selection_mode="multi-row",
            selection_default={
                "selection": {"rows": [row for row, run in enumerate(runs) if run.name in state.selected]}
            },
            column_config={
                "Test accuracy": st.column_config.NumberColumn(format="%.2f %%"),
                "Real drawings": st.column_config.TextColumn(help=f"{DRAWINGS_HELP} {OTHERS_HELP}"),
                "Seconds": st.column_config.NumberColumn(format="%.0f s"),
            },
        ).selection.rows
    st.caption(
        f"The page keeps {MAX_RUNS} runs and {MAX_RUNS_BYTES / 1e9:.0f} GB at most. To make room, it deletes the "
        "oldest runs of whoever has the most, but none that is in use."
    )
    selected = [runs[row] for row in chosen if row < len(runs)]
    state.selected = [run.name for run in selected]
    if len(selected) > MAX_COMPARED:
        st.caption(f"These are the first {MAX_COMPARED} of the selected runs: more curves cannot be told apart.")
    _compare(selected[:MAX_COMPARED], names)
    for run in selected[:MAX_COMPARED]:
        _show_actions(run, names[run.name])


def _columns(runs: list[Run]) -> dict[str, list]:
    in_use = run_in_use()
    return {
        "Status": [STATUS.get(run.status, run.status) + (" · in use" if run.name == in_use else "") for run in runs],
        "Real drawings": [_drawings(run) for run in runs],
        "Test images": [score_in_words(run.results, run.data) if run.results.tested else None for run in runs],
        "Test accuracy": [None if run.test_accuracy is None else 100 * run.test_accuracy for run in runs],
        "Epochs": [_epochs(run) for run in runs],
        "Seconds": [run.seconds for run in runs],
        "Images": [label_data(run.data) for run in runs],
        "Network": [network_in_words(run) for run in runs],
    }


def _drawings(run: Run) -> str | None:
    score = drawings_score(run)
    return None if score is None else score.in_words()


_epochs_said: Remembered[str] = Remembered(1_000)


def _epochs(run: Run) -> str:
    """How much of it is trained; read once for all pages, since parts of a run have files of their own."""
    return _epochs_said.get(run.folder, stamp(run.folder, run.folder / RUN_FILE), lambda: _count_epochs(run))


def _count_epochs(run: Run) -> str:
    if run.folds:
        return f"{len(read_folds(run.folder, run.folds, run.epochs))} of {run.folds} folds"
    if run.sweep:
        outcomes = read_outcomes(run.folder, run.sweep)
        return f"{sum(map(is_over, outcomes))} of {len(outcomes)} trials"
    done = len(read_history(run.folder))
    return str(done) if run.epochs in (None, done) else f"{done} of {run.epochs}"


def _compare(runs: list[Run], names: dict[str, str]) -> None:
    runs = [run for run in runs if read_history(run.folder)]
    folders, validated = {names[run.name]: run.folder for run in runs}, validated_on(runs)
    if not folders:
        return
    with st.container(key="compared_curves"):
        for column, name, chart in zip(
            st.columns(2), ("accuracy", "loss"), curves(folders, second=validated), strict=True
        ):
            column.vega_lite_chart(chart, height=height_of(len(folders)), key=f"compared_{name}")
        if len(folders) > 1:
            st.caption(explain_dashes(validated))


def _show_actions(run: Run, name: str) -> None:
    """What can be done with one run."""
    with st.container(border=True, key=f"run_{run.name}"):
        read = results_in_words(known_results(run), run.data)
        st.markdown(" · ".join([f"**{plain(name)}**", *read, _megabytes(run.size)]))
        show_notes(run)
        if run.error:
            st.caption(plain(run.error))
        if run.folds:
            st.caption("Its accuracies are in the Folds tab. There is no single network to read with.")
        show_replay(run, "runs")
        if run.sweep:
            st.caption("Its trials are in the Sweeps tab. The network is that of the best one.")
        with st.container(horizontal=True):
            in_use = run.name == run_in_use()
            if not run.folds:
                _offer_use(run, in_use)
                offer_network(run.model_file, run.name, ready=run.usable)
                history = run.folder / HISTORY_FILE
                offer_file(
                    "Curves (.csv)", history, f"{run.name}-{HISTORY_FILE}", f"curves_{run.name}", history.is_file()
                )
            offer_naming(run, _note_change)
            if may_change(run.owner):
                _offer_deletion(run, possible=not in_use and not run.is_unfinished)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _offer_use(run: Run, in_use: bool) -> None:
    st.button(
        "In use" if in_use else "Use it",
        key=f"use_{run.name}",
        icon=":material/check:",
        disabled=in_use or not run.usable,
        on_click=_use,
        args=(run.name,),
    )


def _offer_deletion(run: Run, possible: bool) -> None:
    with st.popover("Delete", icon=":material/delete:", disabled=not possible, key=f"delete_{run.name}"):
        st.write("Delete this network and its curves? This can't be undone.")
        st.button("Delete it", key=f"confirm_{run.name}", on_click=_delete, args=(run,))


def _use(name: str) -> None:
    switch_to(name)
    session(_Runs).changed = True


def _delete(run: Run) -> None:
    trouble = None
    try:
        check_may_change(run.owner)
        if run.name == run_in_use():
            raise InputError(f"The network of {run.name} is in use: choose another network first.")
        delete_run(runs_folder(), run.name)
    except InputError as error:
        trouble = str(error)
    _note_change(trouble)


def _note_change(trouble: str | None) -> None:
    state = session(_Runs)
    state.changed, state.trouble = True, trouble
