"""The sidebar: the network in use, and training your own while its curves of accuracy and loss grow."""

from dataclasses import fields
from pathlib import Path

import streamlit as st

from model.networks import NETWORKS
from model.runs import (
    RUN_FILE,
    Run,
    Settings,
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
from views.shared.model_choice import choose_model, name_run, switch_to, wanted_run
from views.shared.training_form import (
    choose_data,
    default_data,
    explain_data,
    fill_in,
    setting_field,
    usual_epochs,
)
from views.shared.trainings import (
    forget_cancelling,
    is_busy,
    notice_end,
    own_training,
    show_cancel,
    show_progress,
    training_allowed,
    try_to_begin,
)
from views.shared.words import percent, results_in_words

BUSY_INTERVAL, IDLE_INTERVAL = 0.5, 3.0  # seconds between checks, while something trains and while nothing does
FORM = tuple(each.name for each in fields(Settings) if each.metadata["form"] and each.name != "folds")
FIRST = ("epochs", "batch_size")  # the others are behind "More"
KEPT = ("images", "seed")  # when another network is chosen


def render() -> None:
    with st.container(key="training"):
        choose_model()
        busy = is_busy()
        if training_allowed():
            st.subheader("Train your own", anchor=False)
            st.session_state.setdefault("settings", True)
            with st.expander("Settings", key="settings", on_change="rerun", icon=":material/tune:"):
                _choose_settings()
            label = "Training …" if busy else "Train"
            st.button(label, key="train", type="primary", width="stretch", disabled=busy, on_click=_start)
        own = own_training()
        if own.trouble:
            st.error(own.trouble, icon=":material/error:")
        if own.note:
            st.caption(own.note)
        st.fragment(_watch, run_every=BUSY_INTERVAL if busy else IDLE_INTERVAL)(_signature())


def _choose_settings() -> None:
    if "network" not in st.session_state:
        st.session_state.network, st.session_state.data = "quick", default_data()
        _take_defaults()
    name = st.selectbox(
        "Network", NETWORKS, key="network", format_func=lambda name: NETWORKS[name].title, on_change=_take_defaults
    )
    network = NETWORKS[name]
    st.caption(f"`{name}` · {network.parameters:,} parameters · {network.source}")
    if network.recipe.strokes:
        _explain_strokes(Settings.of(name).strokes)
    explain_data(choose_data("data", on_change=_take_defaults), path_key="data_path")
    for column, first in zip(st.columns(len(FIRST)), FIRST, strict=True):
        with column:
            setting_field(first)
    with st.expander("More", key="more_settings"):
        for each in FORM:
            if each not in FIRST:
                setting_field(each)


def _explain_strokes(strokes: str | None) -> None:
    """Says which pen strokes the network learns from, besides images."""
    if strokes:
        st.caption(f"It also learns from the pen strokes in `{strokes}`. On all of MNIST it takes an hour or more.")
    else:
        st.caption(
            "Without a file of pen strokes (`DIGITS_STROKES`) it learns from the images alone, and reads drawings less "
            "well than the built-in network. On all of MNIST it takes an hour or more."
        )


def _take_defaults() -> None:
    """Fills the form with the network's own settings, whenever the network or the data changes."""
    state = st.session_state
    own = Settings.of(state.network, epochs=usual_epochs(state.network, state.data))
    for name in FORM:
        state[name] = state.get(name, getattr(own, name)) if name in KEPT else getattr(own, name)


def _start() -> None:
    """Called when Train is pressed."""
    state = st.session_state
    entered = {name: state[name] for name in FORM}
    network, data, path = Settings.of(state.network), state.data, state.get("data_path")
    if try_to_begin(lambda: fill_in(network, data, path, **entered)):
        state.settings = False  # makes room for the curves


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
        with st.container(key="progress"):
            show_progress(run if run and run.status == "running" else None)
        show_cancel("cancel", width="stretch")
    elif run is not None:
        forget_cancelling()
        with st.container(key="progress"):
            _show_end(run)
    if run is not None and not (busy and run.status != "running"):
        with st.container(key="curves"):
            _show_curves(run)


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
        kept = (
            "What it has learned is kept."
            if learned
            else "It stopped before the end of its first epoch; nothing to keep."
        )
        st.info(f"Cancelled{took}. {kept}", icon=":material/cancel:")
    else:
        read = results_in_words(run.results, run.data)
        reached = f": {' and '.join(read)} read correctly" if read else ""
        if run.folds and (done := read_folds(run.folder, run.folds, run.epochs)):
            accuracy = summarise([fold.accuracy for fold in done]).in_percent()
            reached = f": {accuracy} in {run.folds} folds"
        st.success(f"Done{took} (`{run.network}`){reached}.", icon=":material/check_circle:")
    if run.usable and run_in_use(runs_folder()) != run.name:
        st.button("Use this network", key="read_it", width="stretch", on_click=switch_to, args=(run.name,))


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
