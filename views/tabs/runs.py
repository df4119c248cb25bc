"""The Runs tab: all trainings as a table, their curves one over the other, and what can be done with each."""

import streamlit as st

from model import InputError
from model.training.cross_validation import read_folds
from model.runs.history import HISTORY_FILE, read_history
from model.recognizer import SHIPPED
from model.runs.store import (
    KEPT_BYTES,
    KEPT_RUNS,
    Run,
    delete_run,
    list_runs,
    run_in_use,
    running_run,
    runs_folder,
)
from views.charts.curves import checked_on, curves, explain_dashes, height_of
from views.shared.exports import offer_network
from views.shared.models import name_runs, name_shipped, switch_to
from views.sidebar import training_allowed

BUSY_SECONDS = 2.0  # how often the table is shown anew while something trains
MOST_COMPARED = 6  # curves that can still be told apart


def render() -> None:
    """The whole tab, kept current while something trains."""
    st.fragment(_show, run_every=BUSY_SECONDS if running_run(runs_folder()) else None)()


def _show() -> None:
    """The runs, and the network that ships."""
    if st.session_state.pop("runs_changed", False):
        st.rerun()  # the sidebar shows it, too
    try:
        runs = list_runs(runs_folder())
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return
    if message := st.session_state.pop("runs_trouble", None):
        st.error(message, icon=":material/error:")
    if runs:
        _show_runs(runs)
    else:
        st.info("No network was trained yet: press Train in the sidebar.", icon=":material/info:")
    if not SHIPPED.is_file():
        return  # the page says it where it would read with it
    with st.container(border=True, key="shipped_network"):
        st.markdown(f"**{name_shipped()}** · {SHIPPED.stat().st_size / 1e6:.1f} MB")
        with st.container(horizontal=True):
            offer_network(SHIPPED, SHIPPED.stem, ready=True)


def _show_runs(runs: list[Run]) -> None:
    """The table; below it, what belongs to the runs that are chosen in it.

    They stay so when another run joins the table, and while another tab is open: Streamlit forgets them with either.
    """
    before, names = st.session_state.get("runs_chosen", []), name_runs(runs)
    st.caption("Choose runs in the first column to compare their curves, to download or to delete them.")
    with st.container(key="runs_table"):
        chosen = st.dataframe(
            {"Run": list(names.values())} | _columns(runs),
            hide_index=True,
            placeholder="–",
            key=f"runs_{hash(tuple(run.name for run in runs))}",  # a choice of rows means nothing for other rows
            on_select="rerun",
            selection_mode="multi-row",
            selection_default={"selection": {"rows": [row for row, run in enumerate(runs) if run.name in before]}},
            column_config={
                "Test accuracy": st.column_config.NumberColumn(format="%.2f %%"),
                "Seconds": st.column_config.NumberColumn(format="%.0f s"),
            },
        ).selection.rows
    st.caption(
        f"The page keeps {KEPT_RUNS} runs, and {KEPT_BYTES / 1e9:.0f} GB: after that, the oldest unused ones go."
    )
    selected = [runs[row] for row in chosen if row < len(runs)]
    st.session_state.runs_chosen = [run.name for run in selected]
    if len(selected) > MOST_COMPARED:
        st.caption(f"Shown are the first {MOST_COMPARED} of the chosen runs: more curves cannot be told apart.")
    _compare(selected[:MOST_COMPARED], names)
    for run in selected[:MOST_COMPARED]:
        _show_actions(run, names[run.name])


def _columns(runs: list[Run]) -> dict[str, list]:
    in_use = run_in_use(runs_folder())
    return {
        "Status": [run.status + (" · in use" if run.name == in_use else "") for run in runs],
        "Network": [run.network + (f" in {run.folds} folds" if run.folds else "") for run in runs],
        "Images": [run.data for run in runs],
        "Epochs": [_epochs(run) for run in runs],
        "Seconds": [run.seconds for run in runs],
        "Test accuracy": [None if run.test_accuracy is None else 100 * run.test_accuracy for run in runs],
    }


def _epochs(run: Run) -> str:
    if run.folds:
        return f"{len(read_folds(run.folder, run.folds, run.epochs))} of {run.folds} folds"
    done = len(read_history(run.folder))
    return str(done) if run.epochs in (None, done) else f"{done} of {run.epochs}"


def _compare(runs: list[Run], names: dict[str, str]) -> None:
    runs = [run for run in runs if read_history(run.folder)]
    folders, checked = {names[run.name]: run.folder for run in runs}, checked_on(runs)
    if not folders:
        return
    with st.container(key="compared_curves"):
        for column, name, chart in zip(st.columns(2), ("accuracy", "loss"), curves(folders, test=checked), strict=True):
            column.vega_lite_chart(chart, height=height_of(len(folders)), key=f"compared_{name}")
        if len(folders) > 1:
            st.caption(explain_dashes(checked))


def _show_actions(run: Run, name: str) -> None:
    """What can be done with one run."""
    with st.container(border=True, key=f"run_{run.name}"):
        st.markdown(f"**{name}** · {run.size / 1e6:.1f} MB")
        if run.error:
            st.caption(run.error)
        if run.folds:
            st.caption("Its accuracies stand in the Folds tab. It holds no single network to read with.")
        with st.container(horizontal=True):
            in_use = run.name == run_in_use(runs_folder())
            if not run.folds:
                _offer_use(run, in_use)
                offer_network(run.model_file, run.name, ready=run.usable)
                _offer_curves(run)
            if training_allowed():
                _offer_deletion(run, possible=not in_use and run.status != "running")


def _offer_use(run: Run, in_use: bool) -> None:
    st.button(
        "In use" if in_use else "Read with it",
        key=f"use_{run.name}",
        icon=":material/check:",
        disabled=in_use or not run.usable,
        on_click=_use,
        args=(run.name,),
    )


def _offer_curves(run: Run) -> None:
    path = run.folder / HISTORY_FILE
    ready = path.is_file()
    st.download_button(
        "Curves (.csv)",
        data=path.read_bytes if ready else b"",
        file_name=f"{run.name}-{HISTORY_FILE}",
        key=f"curves_{run.name}",
        icon=":material/download:",
        on_click="ignore",
        disabled=not ready,
    )


def _offer_deletion(run: Run, possible: bool) -> None:
    with st.popover("Delete", icon=":material/delete:", disabled=not possible, key=f"delete_{run.name}"):
        st.write("Its network and its curves go for good.")
        st.button("Delete it", key=f"confirm_{run.name}", on_click=_delete, args=(run.name,))


def _use(name: str) -> None:
    switch_to(name)
    st.session_state.runs_changed = True


def _delete(name: str) -> None:
    st.session_state.runs_changed = True
    try:
        if not training_allowed():
            raise InputError("Deleting is switched off on this page.")
        delete_run(runs_folder(), name)
    except InputError as error:
        st.session_state.runs_trouble = str(error)
