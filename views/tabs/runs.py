"""The Runs tab: all trainings in a table, their curves in one chart, and what can be done with each."""

from dataclasses import dataclass, field

import streamlit as st

from model import InputError
from model.paths import SHIPPED_NETWORK
from model.runs import (
    HISTORY_FILE,
    MAX_RUNS,
    MAX_RUNS_BYTES,
    Run,
    delete_run,
    list_runs,
    read_folds,
    read_history,
    run_in_use,
    running_run,
    runs_folder,
    shipped_results,
)
from views.charts.curves import curves, explain_dashes, height_of, validated_on
from views.shared.downloads import offer_file, offer_network
from views.shared.model_choice import name_built_in, name_runs, switch_to
from views.shared.state import session
from views.shared.trainings import training_allowed
from views.shared.words import DRAWINGS_HELP, drawings_in_words, label_data, results_in_words, score_in_words

BUSY_INTERVAL = 2.0  # seconds between two updates of the table while something trains
STATUS = {"cancelled": "stopped"}  # what people are told, if that is not what run.json says
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
    st.fragment(_show, run_every=BUSY_INTERVAL if running_run(runs_folder()) else None)()


def _show() -> None:
    """The runs and the built-in network."""
    state = session(_Runs)
    if state.changed:
        state.changed = False
        st.rerun()  # the sidebar shows it, too
    try:
        runs = list_runs(runs_folder())
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return
    if state.trouble:
        st.error(state.trouble, icon=":material/error:")
        state.trouble = None
    if runs:
        _show_runs(runs)
    else:
        st.info("No network has been trained yet. Press Train in the sidebar.", icon=":material/info:")
    if not SHIPPED_NETWORK.is_file():
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
                "Real drawings": st.column_config.TextColumn(help=f"{DRAWINGS_HELP} Results scores one without."),
                "Seconds": st.column_config.NumberColumn(format="%.0f s"),
            },
        ).selection.rows
    st.caption(
        f"The page keeps {MAX_RUNS} runs and {MAX_RUNS_BYTES / 1e9:.0f} GB at most. To make room, it deletes the "
        "oldest runs, but never the one in use."
    )
    selected = [runs[row] for row in chosen if row < len(runs)]
    state.selected = [run.name for run in selected]
    if len(selected) > MAX_COMPARED:
        st.caption(f"These are the first {MAX_COMPARED} of the selected runs: more curves cannot be told apart.")
    _compare(selected[:MAX_COMPARED], names)
    for run in selected[:MAX_COMPARED]:
        _show_actions(run, names[run.name])


def _columns(runs: list[Run]) -> dict[str, list]:
    in_use = run_in_use(runs_folder())
    return {
        "Status": [STATUS.get(run.status, run.status) + (" · in use" if run.name == in_use else "") for run in runs],
        "Real drawings": [_drawings(run) for run in runs],
        "Test images": [score_in_words(run.results, run.data) if run.results.tested else None for run in runs],
        "Test accuracy": [None if run.test_accuracy is None else 100 * run.test_accuracy for run in runs],
        "Epochs": [_epochs(run) for run in runs],
        "Seconds": [run.seconds for run in runs],
        "Images": [label_data(run.data) for run in runs],
        "Network": [run.network + (f" in {run.folds} folds" if run.folds else "") for run in runs],
    }


def _drawings(run: Run) -> str | None:
    score = run.results.real_drawings
    return None if score is None else score.in_words()


def _epochs(run: Run) -> str:
    if run.folds:
        return f"{len(read_folds(run.folder, run.folds, run.epochs))} of {run.folds} folds"
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
        st.markdown(" · ".join([f"**{name}**", *results_in_words(run.results, run.data), _megabytes(run.size)]))
        if run.error:
            st.caption(run.error)
        if run.folds:
            st.caption("Its accuracies are in the Folds tab. There is no single network to read with.")
        with st.container(horizontal=True):
            in_use = run.name == run_in_use(runs_folder())
            if not run.folds:
                _offer_use(run, in_use)
                offer_network(run.model_file, run.name, ready=run.usable)
                curves = run.folder / HISTORY_FILE
                name = f"{run.name}-{HISTORY_FILE}"
                offer_file("Curves (.csv)", curves, name, f"curves_{run.name}", curves.is_file())
            if training_allowed():
                _offer_deletion(run, possible=not in_use and run.status != "running")


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
        st.button("Delete it", key=f"confirm_{run.name}", on_click=_delete, args=(run.name,))


def _use(name: str) -> None:
    switch_to(name)
    session(_Runs).changed = True


def _delete(name: str) -> None:
    state = session(_Runs)
    state.changed = True
    try:
        if not training_allowed():
            raise InputError("Deleting is switched off on this page.")
        delete_run(runs_folder(), name)
    except InputError as error:
        state.trouble = str(error)
