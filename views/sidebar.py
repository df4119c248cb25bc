"""The sidebar: which model reads, and training another one while both curves are watched."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from model import InputError
from model.data.datasets import mnist_at_hand, mnist_file
from model.training.cross_validation import fold_folder, in_percent, latest_fold, read_folds, summarise
from model.runs.history import read_history
from model.networks.table import NETWORKS
from model.runs.progress import in_words
from model.runs.store import (
    RUN_FILE,
    Run,
    current_training,
    load_run,
    run_in_use,
    running_run,
    runs_folder,
)
from model.runs.settings import default_settings
from views.charts.curves import HEIGHT, checked_on, curves, percent
from views.shared.models import choose_model, name_run, switch_to
from views.shared.trainings import begin, is_busy, launched, show_cancel, training_allowed

BUSY_SECONDS, IDLE_SECONDS = 0.5, 3.0  # how often the page looks at a training, and whether there is one
SMALL_DATA, SMALL_DATA_EPOCHS = "digits", 20  # so few images are seen at least so often
MOST_EPOCHS, MOST_BATCH, MOST_IMAGES = 1_000, 4_096, 60_000
DATA = {
    "mnist": "MNIST (60,000)",
    "digits": "Embedded (1,438)",
    "file": "A file of yours",
}


def render() -> None:
    """The whole sidebar."""
    with st.container(key="training"):
        choose_model()
        busy = is_busy()
        if training_allowed():
            st.subheader("Retrain", anchor=False)
            state = st.session_state
            state.setdefault("settings", True)
            with st.expander("Settings", key="settings", on_change="rerun", icon=":material/tune:"):
                _choose_settings()
            label = "Training …" if busy else "Train"
            st.button(label, key="train", type="primary", width="stretch", disabled=busy, on_click=_start)
        if message := st.session_state.get("training_trouble"):
            st.error(message, icon=":material/error:")
        if message := st.session_state.get("training_note"):
            st.caption(message)
        st.session_state.training_seen = _signature()
        st.fragment(_watch, run_every=BUSY_SECONDS if busy else IDLE_SECONDS)()


def _choose_settings() -> None:
    if "network" not in st.session_state:
        st.session_state.network = "quick"
        st.session_state.data = "mnist" if mnist_at_hand() else SMALL_DATA
        _take_defaults()
    name = st.selectbox(
        "Network", NETWORKS, key="network", format_func=lambda name: NETWORKS[name].title, on_change=_take_defaults
    )
    network = NETWORKS[name]
    st.caption(f"`{name}` · {network.parameters:,} parameters · {network.source}")
    if network.strokes:
        _explain_strokes(default_settings(name)["strokes"])
    data = st.selectbox("Images", DATA, key="data", format_func=DATA.get, on_change=_take_defaults)
    explain_data(data, path_key="data_path")
    left, right = st.columns(2)
    left.number_input("Epochs", 1, MOST_EPOCHS, None, key="epochs", help="How often all images are seen.")
    right.number_input(
        "Batch size", 1, MOST_BATCH, None, key="batch_size", help="Images between two changes of the weights."
    )
    with st.expander("More", key="more_settings"):
        st.number_input(
            "Learning rate",
            1e-6,
            10.0,
            None,
            step=0.0005,
            format="%.6g",
            key="learning_rate",
            help="How far each change goes.",
        )
        st.number_input(
            "Training images", 1, MOST_IMAGES, value=None, step=1000, key="images", placeholder="all",
            help="Train on so many of them only, chosen by chance.",
        )  # fmt: skip
        st.toggle("Vary the images", key="augment", help="Turn, bend, thicken and thin each by chance. Takes longer.")
        st.number_input("Seed", 0, 2**31 - 1, None, key="seed", help="The same seed gives the same curves.")


def _explain_strokes(strokes: str | None) -> None:
    """For a network that is meant to learn from what people drew, too."""
    if strokes:
        st.caption(f"It learns from the pen strokes in `{strokes}`, too. On all of MNIST it takes an hour or more.")
    else:
        st.caption(
            "Without a file of pen strokes (`DIGITS_STROKES`) it learns from the images alone, and will read drawings "
            "less well than the one that ships. On all of MNIST it takes an hour or more."
        )


def explain_data(data: str, path_key: str) -> None:
    """What is to be said or asked about the images chosen."""
    if data == "file":
        st.text_input(
            "Path of the file",
            key=path_key,
            placeholder="/home/me/mnist.npz",
            help="Made like Keras' mnist.npz.",
            persist_state="session",
        )
        return
    if data == SMALL_DATA:
        st.caption("Coarse scans, 8×8 pixels: what has seen no others reads them well, and drawings often wrong.")
    if not mnist_at_hand():
        then = "training will download it, 11 MB" if data == "mnist" else "the embedded digits are always there"
        st.caption(f"MNIST is not on this machine: {then}. Offline, put mnist.npz at `{mnist_file()}`")


def _take_defaults() -> None:
    """The network's own settings, when it or the data changes."""
    state = st.session_state
    own = default_settings(state.network) | {"epochs": usual_epochs(state.network, state.data)}
    for key in ("epochs", "batch_size", "learning_rate", "augment"):
        state[key] = own[key]
    state.setdefault("seed", 0)


def usual_epochs(network: str, data: str) -> int:
    """The network's own, or more where there are few images."""
    own = NETWORKS[network].epochs
    return max(own, SMALL_DATA_EPOCHS) if data == SMALL_DATA else own


def _start() -> None:
    """Train was pressed."""
    state = st.session_state
    state.training_trouble = state.training_note = None
    try:
        begin(_settings(state))
        state.settings = False  # make room for the curves
    except InputError as error:
        state.training_trouble = str(error)


def _settings(state: Mapping[str, Any]) -> dict[str, Any]:
    """What the widgets say. Raises InputError if something is missing."""
    settings = default_settings(state["network"])
    for key in ("epochs", "batch_size", "learning_rate", "images", "augment", "seed"):
        settings[key] = state[key]
        if settings[key] is None and key != "images":
            raise InputError(f"{key.replace('_', ' ').capitalize()} is empty: give a number.")
    settings["data"] = name_data(state["data"], state.get("data_path"))
    return settings


def name_data(data: str, path: str | None) -> str:
    """The images chosen, as the trainer calls them. Raises InputError if the path of a file is missing."""
    if data != "file":
        return data
    if not (path or "").strip():
        raise InputError("There is no path to the images: give the path of an mnist.npz, or choose other images.")
    return str(Path(path.strip()).expanduser().absolute())


def _signature() -> tuple:
    """What a page shows of the runs; when it changes, the whole page is shown anew."""
    runs = runs_folder()
    try:
        changed = runs.stat().st_mtime_ns
    except OSError:
        changed = 0
    return is_busy(), running_run(runs), run_in_use(runs), changed, st.session_state.get("switching")


def _watch() -> None:
    """The progress and the curves of the training that runs, or of the last one."""
    if (launch := launched()) is not None and launch.process.poll() is not None:
        st.session_state.launch = None
        if message := launch.failure():
            st.session_state.training_trouble = message
        st.rerun()
    if st.session_state.training_seen != _signature():
        st.rerun()
    runs, busy = runs_folder(), is_busy()
    run = _latest(runs)
    if busy:
        with st.container(key="progress"):
            show_progress(run if run and run.status == "running" else None)
        show_cancel("cancel", width="stretch")
    elif run is not None:
        st.session_state.cancelling = None
        with st.container(key="progress"):
            _show_end(run)
    if run is not None and not (busy and run.status != "running"):
        with st.container(key="curves"):
            _show_curves(run)


def _latest(runs: Path) -> Run | None:
    """The run that trains, or trained last."""
    name = current_training(runs).get("run")
    if name is None or not (runs / name / RUN_FILE).exists():
        return None
    return load_run(runs / name, running_run(runs) == name)


def show_progress(run: Run | None) -> None:
    """How far a training is; None for one that has left nothing to read yet."""
    if run is None:
        st.progress(0.0, f"Starting · {time.monotonic() - st.session_state.get('launched', time.monotonic()):.0f} s")
        return
    share = min(max(run.progress.get("fraction", 0.0), 0.0), 1.0)
    words = in_words(run.progress) or "Starting"
    st.progress(share, f"{words} · {run.seconds or 0:.0f} s so far")


def _show_end(run: Run) -> None:
    """How the last training ended, and what to do with it."""
    took = f" after {run.seconds:.0f} s" if run.seconds else ""
    if run.status == "failed":
        st.error(run.error or "The training failed; nothing says why. Train again.", icon=":material/error:")
    elif run.status == "cancelled":
        folds = [fold_folder(run.folder, number) for number in range(1, (run.folds or 0) + 1)]
        learnt = run.usable or any(read_history(folder) for folder in folds)
        kept = "What was learnt is kept." if learnt else "No epoch was through, so nothing was learnt."
        st.info(f"Cancelled{took}. {kept}", icon=":material/cancel:")
    else:
        reached = "" if run.test_accuracy is None else f": {percent(run.test_accuracy)} of the test images read right"
        if run.folds and (done := read_folds(run.folder, run.folds, run.epochs)):
            reached = f": {in_percent(summarise([fold.accuracy for fold in done]))} in {run.folds} folds"
        st.success(f"Done{took} (`{run.network}`){reached}.", icon=":material/check_circle:")
    if run.usable and run_in_use(runs_folder()) != run.name:
        st.button("Read with this network", key="read_it", width="stretch", on_click=switch_to, args=(run.name,))


def _show_curves(run: Run) -> None:
    fold = latest_fold(run.folder, run.folds) if run.folds else None
    folder = fold_folder(run.folder, fold) if fold else run.folder
    rows = read_history(folder)
    if not rows:
        st.caption("The curves begin after the first epoch." if run.status == "running" else "There are no curves.")
        return
    test = checked_on([run])
    for name, chart in zip(("accuracy", "loss"), curves({name_run(run): folder}, run.epochs, test), strict=True):
        st.vega_lite_chart(chart, height=HEIGHT, key=f"{name}_curve")
    last = rows[-1]
    st.caption(
        f"{f'Fold {fold}, after' if fold else 'After'} epoch {last['epoch']}: "
        f"accuracy {percent(last['accuracy'])} in training, "
        f"{percent(last['val_accuracy'])} on {test} images; loss {last['loss']:.3f} and {last['val_loss']:.3f}."
    )
