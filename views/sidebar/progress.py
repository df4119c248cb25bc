"""The current training, or the last one: its progress, its end and its curves, in the sidebar."""

from typing import Any

import streamlit as st

from model.runs import (
    Run,
    fold_folder,
    list_trials,
    read_folds,
    read_history,
    read_moments,
    summarise,
    trial_folder,
)
from views.charts.curves import HEIGHT, curves, validated_on
from views.charts.explained import explain_curves
from views.shared.in_use import run_in_use
from views.shared.model_choice import name_run, switch_to, wanted_run
from views.shared.notes import code, plain, show_error
from views.shared.style import script_element
from views.shared.trainings import (
    progress_fraction,
    show_cancel,
    show_pausing,
    show_progress,
    show_queue,
)
from views.shared.visitor import may_change
from views.shared.watched import show_replay, show_watching
from views.shared.words import percent, results_in_words
from views.sidebar.pulse import TRAINING_REGION, Look, latest_look, note_shown

_line = script_element("training_line", "training")


def show_training() -> None:
    """The current training, or the last one: a region that is shown again when it has come further."""
    st.fragment(_show, key=TRAINING_REGION)()


def use_comes_next(look: Look) -> bool:
    """Whether the last training was this visitor's own success, and they have yet to choose its network."""
    run = look.latest
    if run is None or look.trainings.busy:
        return False
    return run.status != "failed" and may_change(run.owner) and _is_offered(run)


def _is_offered(run: Run) -> bool:
    """Whether a training has left a network that is neither in use nor about to be."""
    return run.usable and run_in_use() != run.name and wanted_run() != (True, run.name)


def _show() -> None:
    """The progress and the curves of the current training, or of the last one."""
    look = latest_look()
    found = look.trainings
    if found.current is not None:
        run = found.running
        with st.container(key="progress"):
            show_progress(run)
        _line(data=_in_a_line(run), key="training_line")
        if run is not None:
            show_pausing(run)
        show_cancel(found.current, "cancel", width="stretch")
        show_queue(found)
    else:
        run = look.latest
        if run is not None:
            with st.container(key="progress"):
                _show_end(run, use_comes_next(look))
    if run is not None:
        with st.container(key="curves"):
            _show_curves(run)
        if run.status == "running":
            show_watching(run)
        else:
            show_replay(run, "sidebar")
    note_shown()


def _in_a_line(run: Run | None) -> dict[str, Any]:
    """How far a training has come, for the line that is seen while the sidebar is closed."""
    if run is None:
        return {"words": ["Training", "starting"], "fraction": 0.0}
    done = progress_fraction(run)
    return {"words": [f"Training {run.network}", run.progress.in_short(), percent(done, 0)], "fraction": done}


def _show_end(run: Run, use_next: bool) -> None:
    """How the last training ended, and what can be done with it."""
    took = f" after {run.seconds:.0f} s" if run.seconds else ""
    if run.status == "failed":
        show_error(run.error or "The training failed without saying why. Train again.")
    elif run.status == "cancelled":
        folds = [fold_folder(run.folder, number) for number in range(1, (run.folds or 0) + 1)]
        trials = list_trials(run.sweep) if run.sweep else []
        parts = folds + [trial_folder(run.folder, trial.number) for trial in trials]
        learned = run.usable or any(map(read_history, parts))
        kept = f"Stopped{took}. What it has learned is kept."
        st.info(kept if learned else "Stopped before the first epoch; nothing to keep.", icon=":material/cancel:")
    else:
        read = results_in_words(run.results, run.data)
        reached = f": {' and '.join(read)} read correctly" if read else ""
        if run.folds and (done := read_folds(run.folder, run.folds, run.epochs)):
            accuracy = summarise([fold.accuracy for fold in done]).in_percent()
            reached = "".join([f": {accuracy} in {run.folds} folds", *(f"; {each}" for each in read)])
        st.success(f"Done{took} ({code(run.network)}){reached}.", icon=":material/check_circle:")
        if run.taught:
            st.info(plain(run.taught), icon=":material/school:")
    if _is_offered(run):
        label = "Use my network" if may_change(run.owner) else "Use this network"
        kind = "primary" if use_next else "secondary"
        st.button(label, key="read_it", type=kind, width="stretch", on_click=_read_with, args=(run.name,))


def _read_with(name: str) -> None:
    switch_to(name)
    st.rerun()  # the list of networks shows it, too


def _show_curves(run: Run) -> None:
    folder = run.part_folder
    rows, moments = read_history(folder), read_moments(folder)
    if not rows and not moments:
        running = run.status == "running"
        st.caption("The curves begin with the first batch." if running else "There are no curves.")
        return
    validated = validated_on([run])
    charts = curves({name_run(run): folder}, run.epochs, validated)
    for name, chart in zip(("accuracy", "loss"), charts, strict=True):
        st.vega_lite_chart(chart, height=HEIGHT, key=f"{name}_curve")
    if rows:
        last = rows[-1]
        after = "After" if folder == run.folder else f"{folder.name.replace('-', ' ').capitalize()}, after"
        st.caption(
            f"{after} epoch {last['epoch']}: accuracy {percent(last['accuracy'])} on training images, "
            f"{percent(last['val_accuracy'])} on {validated} images; "
            f"loss {last['loss']:.3f} and {last['val_loss']:.3f}."
        )
    if any("val_accuracy" in row for row in moments):
        st.caption(f"Dotted: a sample of the {validated} images, while an epoch runs.")
    if words := explain_curves(rows, moments, validated):
        st.info(words, icon=":material/lightbulb:")
