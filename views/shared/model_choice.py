"""Which network the page reads with, and choosing another one."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from model import InputError
from model.runs import Run, run_in_use, runs_folder, shipped_results, usable_runs, use_run
from views.shared import loading
from views.shared.state import session
from views.shared.words import results_in_words, share_in_words

BUILT_IN = ""  # the option of the built-in network: no run has that name


@dataclass
class _Choice:
    """The network that this session has chosen and that is not in use yet."""

    switching: bool = False
    wanted: str | None = None
    """The name of its run; None for the built-in network."""
    trouble: str | None = None
    """Why the last one chosen could not be used."""


def choose_model() -> None:
    """The list of networks, with the one in use selected."""
    _finish_switching()
    choice, in_use = session(_Choice), run_in_use(runs_folder())
    try:
        usable = usable_runs(runs_folder())
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        usable = {}
    wanted = choice.wanted if choice.switching else in_use
    st.session_state.model = wanted if wanted in usable else BUILT_IN
    names = name_runs(usable.values(), with_accuracy=True)
    st.selectbox(
        "Network in use",
        [BUILT_IN, *usable],
        key="model",
        format_func=lambda name: names.get(name) or name_built_in(),
        on_change=_switch,
        help="The next stroke is read with it, on every open page.",
    )
    results, data = (usable[in_use].results, usable[in_use].data) if in_use in usable else (shipped_results(), "mnist")
    if read := results_in_words(results, data):
        st.caption(f"It reads {' and '.join(read)} correctly.")
    found = loading.in_use()
    if found.done() and found.failure() is None and not found.result().threshold:
        st.caption("This network has never seen non-digits: it takes every drawing for a digit.")
    if switching() is not None:
        st.caption("Loading. Until it is ready, the page reads with the previous network.")
    elif choice.trouble:
        st.warning(f"{choice.trouble} The page goes on reading with the previous network.", icon=":material/warning:")
    elif message := loading.trouble():
        st.warning(f"{message} The page reads with the built-in network.", icon=":material/warning:")


def name_run(run: Run, with_accuracy: bool = False) -> str:
    """A name that tells a run from others: network, folds, accuracy if asked for, and when it began."""
    what = run.network + (f" in {run.folds} folds" if run.folds else "")
    when = time.strftime("%d %b %H:%M:%S", time.localtime(run.started)) if run.started else run.name
    read = share_in_words(run.results, run.data) if with_accuracy else None
    return f"{what}: {read} · {when}" if read else f"{what} · {when}"


def name_runs(runs: Iterable[Run], with_accuracy: bool = False) -> dict[str, str]:
    """What to call each run. Copies of one run began at the same time, so their names include their folders'."""
    names = {run.name: name_run(run, with_accuracy) for run in runs}
    often = Counter(names.values())
    return {folder: name if often[name] == 1 else f"{name} ({folder})" for folder, name in names.items()}


def name_built_in() -> str:
    read = share_in_words(shipped_results(), "mnist")
    return "Built-in network" + (f": {read}" if read else "")


def switch_to(name: str | None) -> None:
    """Loads a run's network, or the built-in one, and uses it once it is there."""
    choice = session(_Choice)
    choice.switching, choice.wanted = True, name


def wanted_run() -> tuple[bool, str | None]:
    """Whether this session is switching, and to the network of which run."""
    choice = session(_Choice)
    return choice.switching, choice.wanted


def switching() -> loading.Loading | None:
    """The network that was chosen and is not in use yet."""
    choice = session(_Choice)
    return loading.load_run(choice.wanted) if choice.switching else None


def _switch() -> None:
    switch_to(st.session_state.model or None)


def _finish_switching() -> None:
    """Once the chosen network is loaded, it is in use; one that cannot be loaded never is."""
    chosen = switching()
    if chosen is None or not chosen.done():
        return
    choice = session(_Choice)
    choice.switching, choice.trouble = False, None
    try:
        chosen.result()
        use_run(runs_folder(), choice.wanted)
    except InputError as error:
        choice.trouble = str(error)
