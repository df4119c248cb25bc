"""The settings of the next training: a form, closed at first, below a line that says what will be trained."""

from dataclasses import fields

import streamlit as st

from model.networks import NETWORKS
from model.runs import Settings
from views.shared.training_form import (
    FILE,
    FILE_LABEL,
    choose_data,
    default_data,
    explain_data,
    fill_in,
    setting_field,
    usual_epochs,
)
from views.shared.trainings import try_to_begin
from views.shared.words import name_data
from views.sidebar.address import read_address, write_address

FIRST_NETWORK = "quick"  # it shows within seconds what a training is
FORM = tuple(each.name for each in fields(Settings) if each.metadata["form"] and each.name != "folds")
FIRST = ("epochs", "batch_size")  # the others are behind "More"
KEPT = ("images", "seed")  # when another network is chosen


def show_form(busy: bool) -> None:
    """The settings. While something trains, they are closed at first, so that Cancel is in sight after a reload."""
    _begin(busy)
    st.caption(_in_short())
    with st.expander("Settings", key="settings", on_change="rerun", icon=":material/tune:"):
        _choose()
    _keep()


def _begin(busy: bool) -> None:
    """Fills the form the first time, with the network's own settings and with what the address says."""
    state = st.session_state
    if "network" in state:
        return
    kept = read_address(FORM)
    state.settings = kept.pop("settings", False) and not busy
    state.network, state.data = kept.pop("network", FIRST_NETWORK), kept.pop("data", default_data())
    _take_defaults()
    for name, value in kept.items():
        state[name] = value


def _keep() -> None:
    """Keeps in the address what differs from the form's first state, or else from the network's own settings."""
    state, own = st.session_state, _own_settings()
    first = {"network": FIRST_NETWORK, "data": default_data(), "settings": False}
    first |= {name: getattr(own, name) for name in FORM}
    changed = {name: state[name] for name, value in first.items() if state[name] not in (value, None)}
    if state.data == FILE and state.get("data_path"):
        changed["data_path"] = state.data_path
    write_address(FORM, changed)


def _in_short() -> str:
    """What will be trained, in a few words: the settings may be closed."""
    state = st.session_state
    file = state.get("data_path")
    data = (name_data(file) if file else FILE_LABEL) if state.data == FILE else name_data(state.data)
    epochs = "" if state.epochs is None else f", {state.epochs} epoch{'s' * (state.epochs != 1)}"
    return f"`{state.network}` on {data}{epochs}"


def _choose() -> None:
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
            "Without pen strokes (a file that `DIGITS_STROKES` names) it learns from images alone, and reads drawings "
            "less well than the built-in network. On all of MNIST it takes an hour or more."
        )


def _own_settings() -> Settings:
    """The settings that the chosen network brings, for the chosen data."""
    state = st.session_state
    return Settings.of(state.network, epochs=usual_epochs(state.network, state.data))


def _take_defaults() -> None:
    """Fills the form with the network's own settings, whenever the network or the data changes."""
    state, own = st.session_state, _own_settings()
    for name in FORM:
        state[name] = state.get(name, getattr(own, name)) if name in KEPT else getattr(own, name)


def start() -> None:
    """Starts a training with the settings of the form: called when Train is pressed."""
    state = st.session_state
    entered = {name: state[name] for name in FORM}
    network, data, path = Settings.of(state.network), state.data, state.get("data_path")
    if try_to_begin(lambda: fill_in(network, data, path, **entered)):
        state.settings = False  # makes room for the curves
