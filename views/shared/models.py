"""Which model the page reads with, and choosing another one."""

import time
from collections import Counter
from collections.abc import Iterable

import streamlit as st

from model import InputError
from model.files import read_json
from model.recognizer import SHIPPED
from model.runs.store import Run, readable_runs, run_in_use, runs_folder, use_run
from views.shared import loading as recognition
from views.charts.curves import percent

SHIPPED_OPTION = ""  # no run has that name
SHIPPED_CARD = SHIPPED.with_suffix(".json")  # the run.json that it was trained with


def choose_model() -> None:
    """The list of models, the one in use selected."""
    _finish_switching()
    state, in_use = st.session_state, run_in_use(runs_folder())
    try:
        usable = readable_runs(runs_folder())
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        usable = {}
    wanted = state.get("switching", in_use)
    state.model = wanted if wanted in usable else SHIPPED_OPTION
    names = name_runs(usable.values(), with_accuracy=True)
    st.selectbox(
        "Model in use",
        [SHIPPED_OPTION, *usable],
        key="model",
        format_func=lambda name: names.get(name) or name_shipped(),
        on_change=_switch,
        help="The next stroke is read with it, on every open page.",
    )
    if (found := recognition.loading()).done() and found.exception() is None and not found.result().threshold:
        st.caption("This network never learned what is no digit: it takes every drawing for one.")
    if switching() is not None:
        st.caption("It is loading. Until it is there, the page reads with the one before.")
    elif message := state.get("model_trouble"):
        st.warning(f"{message} The page reads on with the model before it.", icon=":material/warning:")
    elif message := recognition.trouble():
        st.warning(f"{message} The page reads with the shipped network.", icon=":material/warning:")


def name_run(run: Run, with_accuracy: bool = False) -> str:
    """A run as people tell it from others: network, folds and when it began."""
    what = run.network + (f" in {run.folds} folds" if run.folds else "")
    when = time.strftime("%d %b %H:%M:%S", time.localtime(run.started)) if run.started else run.name
    accuracy = f" · {percent(run.test_accuracy, 1)}" if with_accuracy and run.test_accuracy is not None else ""
    return f"{what}{accuracy} · {when}"


def name_runs(runs: Iterable[Run], with_accuracy: bool = False) -> dict[str, str]:
    """All of them by their own names; copies of a run began at the same time, so theirs has the folder's beside it."""
    names = {run.name: name_run(run, with_accuracy) for run in runs}
    often = Counter(names.values())
    return {folder: name if often[name] == 1 else f"{name} ({folder})" for folder, name in names.items()}


def name_shipped() -> str:
    accuracy = (read_json(SHIPPED_CARD).get("metrics") or {}).get("test_accuracy")
    return "Shipped reader" + (f" · {percent(accuracy, 1)}" if isinstance(accuracy, float) else "")


def switch_to(name: str | None) -> None:
    """Has a run's network, or the shipped one, loaded, and then used."""
    st.session_state.switching = name


def switching() -> recognition.Loading | None:
    """The model that was chosen and is not in use yet."""
    return recognition.load_run_model(st.session_state.switching) if "switching" in st.session_state else None


def _switch() -> None:
    switch_to(st.session_state.model or None)


def _finish_switching() -> None:
    """Once the chosen model is loaded, it is the one in use; one that cannot be loaded never is."""
    chosen = switching()
    if chosen is None or not chosen.done():
        return
    name = st.session_state.pop("switching")
    st.session_state.model_trouble = None
    try:
        chosen.result()
        use_run(runs_folder(), name)
    except InputError as error:
        st.session_state.model_trouble = str(error)
