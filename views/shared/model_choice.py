"""The choice of the network to read with, and what networks are called."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from model import InputError, default_network
from model.paths import SHIPPED_NETWORK
from model.runs import Results, Run, list_trials, runs_folder, shipped_results, usable_runs
from views.shared import loading
from views.shared.in_use import remember_choice, run_in_use, use_run
from views.shared.notes import plain, show_error, show_warning
from views.shared.scores import known_results
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
    remember_choice()
    choice, in_use = session(_Choice), run_in_use()
    try:
        usable = usable_runs(runs_folder(), in_use)
    except InputError as error:
        show_error(str(error))
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
        help="The next stroke is read with it. Your browser remembers it; everybody else chooses for themselves.",
    )
    used = usable.get(in_use or "")
    results, data = (built_in_results(), "mnist") if used is None else (known_results(used), used.data)
    if read := results and results_in_words(results, data):
        st.caption(f"It reads {' and '.join(read)} correctly.")
    if used is not None and used.needs:
        st.caption(plain(" ".join(used.needs)))
    found = loading.in_use()
    if default_network() != SHIPPED_NETWORK and in_use not in usable and found.done() and found.failure() is None:
        st.caption(" ".join(found.result().notes))  # what somebody else's network needs
    if found.done() and found.failure() is None and not found.result().threshold:
        st.caption("This network has never seen non-digits: it takes every drawing for a digit.")
    if switching() is not None:
        st.caption("Loading. Until it is ready, the page reads with the previous network.")
    elif choice.trouble:
        show_warning(f"{choice.trouble} The page goes on reading with the previous network.")
    elif message := loading.trouble():
        show_warning(f"{message} The page reads with the built-in network.")


def name_run(run: Run, with_accuracy: bool = False) -> str:
    """What people call it, else network, folds or sweep, and when it began; with the accuracy if asked for."""
    read = share_in_words(run.results, run.data) if with_accuracy else None
    said = f": {read}" if read else ""
    if run.about.title:
        return run.about.title + said
    what = network_in_words(run)
    when = time.strftime("%d %b %H:%M:%S", time.localtime(run.started)) if run.started else run.name
    return f"{what}{said} · {when}"


def network_in_words(run: Run) -> str:
    """The network of a run, and how often it was trained."""
    if run.sweep:
        return f"{run.network} in a sweep of {len(list_trials(run.sweep))}"
    return run.network + (f" in {run.folds} folds" if run.folds else "")


def name_runs(runs: Iterable[Run], with_accuracy: bool = False) -> dict[str, str]:
    """What to call each run. If several would have the same name, it includes that of their folder."""
    names = {run.name: name_run(run, with_accuracy) for run in runs}
    often = Counter(names.values())
    return {folder: name if often[name] == 1 else f"{name} ({folder})" for folder, name in names.items()}


def name_built_in() -> str:
    """What to call the network that is used if none is chosen."""
    results = built_in_results()
    if results is None:
        return default_network().name
    read = share_in_words(results, "mnist")
    return "Built-in network" + (f": {read}" if read else "")


def built_in_results() -> Results | None:
    """Those of the built-in network; None if another one that DIGITS_MODEL names stands in for it."""
    return shipped_results() if default_network() == SHIPPED_NETWORK else None


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
        use_run(choice.wanted)
    except InputError as error:
        choice.trouble = str(error)
