"""The current training, or the last one: its progress, its end and its curves, in the sidebar."""

from pathlib import Path
from typing import Any

import streamlit as st

from model.runs import (
    RUN_FILE,
    Run,
    current_training,
    fold_folder,
    latest_fold,
    load_run,
    read_folds,
    read_history,
    run_in_use,
    running_run,
    runs_folder,
    summarise,
)
from views.charts.curves import HEIGHT, curves, validated_on
from views.shared.model_choice import name_run, switch_to, wanted_run
from views.shared.style import script_element
from views.shared.trainings import (
    forget_cancelling,
    is_busy,
    notice_end,
    progress_fraction,
    show_cancel,
    show_progress,
)
from views.shared.words import percent, results_in_words

BUSY_INTERVAL, IDLE_INTERVAL = 2.0, 3.0  # seconds between checks, while something trains and while nothing does


_line = script_element("training_line", "training")


def show_training(busy: bool) -> None:
    """The current training, or the last one, kept current by a fragment of its own."""
    st.fragment(_watch, run_every=BUSY_INTERVAL if busy else IDLE_INTERVAL)(_signature())


def use_comes_next() -> bool:
    """Whether the last training was a success whose network nobody has chosen yet."""
    run = _latest(runs_folder())
    return run is not None and run.status != "failed" and _is_offered(run) and not is_busy()


def _is_offered(run: Run) -> bool:
    """Whether a training has left a network that is neither in use nor about to be."""
    return run.usable and run_in_use(runs_folder()) != run.name and wanted_run() != (True, run.name)


def _signature() -> tuple:
    """What the page shows of the runs. When it changes, the whole page is rerun."""
    runs = runs_folder()
    try:
        changed = runs.stat().st_mtime_ns
    except OSError:
        changed = 0
    return is_busy(), running_run(runs), run_in_use(runs), changed, wanted_run()


def _watch(shown: tuple) -> None:
    """The progress and the curves of the current training, or of the last one."""
    if notice_end() or shown != _signature():
        st.rerun()
    runs, busy = runs_folder(), is_busy()
    run = _latest(runs)
    if busy:
        running = run if run and run.status == "running" else None
        with st.container(key="progress"):
            show_progress(running)
        _line(data=_in_a_line(running), key="training_line")
        show_cancel("cancel", width="stretch")
    elif run is not None:
        forget_cancelling()
        with st.container(key="progress"):
            _show_end(run)
    if run is not None and not (busy and run.status != "running"):
        with st.container(key="curves"):
            _show_curves(run)


def _in_a_line(run: Run | None) -> dict[str, Any]:
    """How far a training has come, for the line that is seen while the sidebar is closed."""
    if run is None:
        return {"words": ["Training", "starting"], "fraction": 0.0}
    done = progress_fraction(run)
    return {"words": [f"Training {run.network}", run.progress.in_short(), percent(done, 0)], "fraction": done}


def _latest(runs: Path) -> Run | None:
    """The run that is training or trained last; None if there is none."""
    name = current_training(runs).get("run")
    if name is None or not (runs / name / RUN_FILE).exists():
        return None
    return load_run(runs / name, running_run(runs) == name)


def _show_end(run: Run) -> None:
    """How the last training ended, and what can be done with it."""
    took = f" after {run.seconds:.0f} s" if run.seconds else ""
    if run.status == "failed":
        st.error(run.error or "The training failed without saying why. Train again.", icon=":material/error:")
    elif run.status == "cancelled":
        folds = [fold_folder(run.folder, number) for number in range(1, (run.folds or 0) + 1)]
        learned = run.usable or any(read_history(folder) for folder in folds)
        kept = f"Stopped{took}. What it has learned is kept."
        st.info(kept if learned else "Stopped before the first epoch; nothing to keep.", icon=":material/cancel:")
    else:
        read = results_in_words(run.results, run.data)
        reached = f": {' and '.join(read)} read correctly" if read else ""
        if run.folds and (done := read_folds(run.folder, run.folds, run.epochs)):
            accuracy = summarise([fold.accuracy for fold in done]).in_percent()
            reached = f": {accuracy} in {run.folds} folds"
        st.success(f"Done{took} (`{run.network}`){reached}.", icon=":material/check_circle:")
    if _is_offered(run):
        st.button(
            "Use my network",
            key="read_it",
            type="primary" if use_comes_next() else "secondary",
            width="stretch",
            on_click=switch_to,
            args=(run.name,),
        )


def _show_curves(run: Run) -> None:
    fold = latest_fold(run.folder, run.folds) if run.folds else None
    folder = fold_folder(run.folder, fold) if fold else run.folder
    rows = read_history(folder)
    if not rows:
        running = run.status == "running"
        st.caption("The curves begin after the first epoch." if running else "There are no curves.")
        return
    validated = validated_on([run])
    charts = curves({name_run(run): folder}, run.epochs, validated)
    for name, chart in zip(("accuracy", "loss"), charts, strict=True):
        st.vega_lite_chart(chart, height=HEIGHT, key=f"{name}_curve")
    last = rows[-1]
    st.caption(
        f"{f'Fold {fold}, after' if fold else 'After'} epoch {last['epoch']}: "
        f"accuracy {percent(last['accuracy'])} on training images, "
        f"{percent(last['val_accuracy'])} on {validated} images; loss {last['loss']:.3f} and {last['val_loss']:.3f}."
    )
