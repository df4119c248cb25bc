"""The settings of the next training: a form, closed at first, below a line that says what will be trained."""

from contextlib import suppress
from dataclasses import fields

import streamlit as st

from model import InputError
from model.networks import NETWORKS, OPTIMIZERS, OWN
from model.runs import EMBEDDED_TRAINING_IMAGES, Settings, setting
from views.shared.notes import code
from views.shared.own_data import own_path
from views.shared.training_form import (
    FILE,
    FILE_LABEL,
    SMALL_DATA,
    choose_data,
    default_data,
    explain_data,
    fill_in,
    setting_field,
    usual_epochs,
)
from views.shared.trainings import try_to_begin
from views.shared.words import epochs_in_words, name_data
from views.sidebar.address import read_address, write_address
from views.sidebar.layers import DROPOUT, begin_layers, choose_layers, entered_network
from views.sidebar.layers import FIRST as FIRST_LAYERS

PATH_KEY = "data_path"  # of data of one's own
FIRST_NETWORK = "quick"  # it shows within seconds what a training is
FORM = tuple(each.name for each in fields(Settings) if each.metadata["form"] and each.name not in ("folds", "seeds"))
FIRST = ("epochs", "batch_size")  # the others are behind "More"
OF_NETWORKS = ("epochs", "batch_size", "learning_rate", "optimizer", "dropout", "label_smoothing", "augment")
KEPT = tuple(name for name in FORM if name not in OF_NETWORKS)  # when another network is chosen
MNIST_IMAGES = 60_000  # how many an epoch has, as far as is known before the data are read


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
    layers = kept.pop("layers", FIRST_LAYERS)
    state.network, state.data = kept.pop("network", FIRST_NETWORK), kept.pop("data", default_data())
    begin_layers(layers)
    _take_defaults()
    if state.network == OWN:
        state[DROPOUT] = layers.dropout or None
    for name, value in kept.items():
        state[name] = value


def _keep() -> None:
    """Keeps in the address what differs from the form's first state, or else from the network's own settings."""
    state, own = st.session_state, _own_settings()
    first = {"network": FIRST_NETWORK, "data": default_data(), "settings": False}
    first |= {name: getattr(own, name) for name in FORM}
    changed = {name: state[name] for name, value in first.items() if state[name] not in (value, None)}
    if state.network == OWN:
        with suppress(InputError):
            changed["layers"] = entered_network().to_text()
        changed.pop(DROPOUT, None)
    if state.data == FILE and own_path(PATH_KEY):
        changed[PATH_KEY] = state[PATH_KEY]
    write_address(FORM, changed)


def _in_short() -> str:
    """What will be trained, in a few words: the settings may be closed."""
    state = st.session_state
    file = own_path(PATH_KEY)
    data = (name_data(file) if file else FILE_LABEL) if state.data == FILE else name_data(state.data)
    epochs = "" if state.epochs is None else f", {epochs_in_words(state.epochs)}"
    network = "a network of your own" if state.network == OWN else f"`{state.network}`"
    return f"{network} on {data}{epochs}"


def _choose() -> None:
    name = st.selectbox(
        "Network",
        [*NETWORKS, OWN],
        key="network",
        format_func=lambda name: NETWORKS[name].title if name in NETWORKS else "A network of your own",
        on_change=_take_defaults,
    )
    if name == OWN:
        choose_layers(_images())
    else:
        network = NETWORKS[name]
        st.caption(f"`{name}` · {network.parameters:,} parameters · {network.source}")
        if network.recipe.strokes:
            _explain_strokes(Settings.of(name).strokes)
    explain_data(choose_data("data", on_change=_take_defaults), path_key=PATH_KEY)
    for column, first in zip(st.columns(len(FIRST)), FIRST, strict=True):
        with column:
            setting_field(first)
    with st.expander("More", key="more_settings"):
        _choose_more()


def _choose_more() -> None:
    """All other settings; those of one group under its heading."""
    heading = None
    for name in FORM:
        form = setting(name).metadata["form"]
        if name in FIRST or (name == DROPOUT and st.session_state.network == OWN):
            continue
        if form.group and form.group != heading:
            heading = form.group
            st.caption(f"**{heading}**: switch a step off to see what it is for. Training images come prepared.")
        setting_field(name, **({"on_change": _take_rate} if name == "optimizer" else {}))


def _images() -> int:
    """About how many images an epoch has."""
    state = st.session_state
    return state.images or (EMBEDDED_TRAINING_IMAGES if state.data == SMALL_DATA else MNIST_IMAGES)


def _explain_strokes(strokes: str | None) -> None:
    """Says which pen strokes the network learns from, besides images."""
    if strokes:
        st.caption(f"It also learns from the pen strokes in {code(strokes)}. On all of MNIST it takes an hour or more.")
    else:
        st.caption(
            "Without pen strokes (a file that `DIGITS_STROKES` names) it learns from images alone, and reads drawings "
            "less well than the built-in network. On all of MNIST it takes an hour or more."
        )


def _own_settings() -> Settings:
    """The settings that the chosen network brings, for the chosen data."""
    state = st.session_state
    recipe = FIRST_LAYERS.to_text() if state.network == OWN else None
    return Settings.of(state.network, recipe=recipe, epochs=usual_epochs(state.network, state.data))


def _take_defaults() -> None:
    """Fills the form with the network's own settings, whenever the network or the data changes."""
    state, own = st.session_state, _own_settings()
    for name in FORM:
        if name == DROPOUT and state.network == OWN:
            continue  # it is one of the layers
        state[name] = state.get(name, getattr(own, name)) if name in KEPT else getattr(own, name)


def _take_rate() -> None:
    """Each optimizer brings its usual learning rate."""
    state = st.session_state
    own = _own_settings()
    state.learning_rate = OPTIMIZERS[state.optimizer].learning_rate if state.optimizer else own.learning_rate


def start() -> None:
    """Starts a training with the settings of the form: called when Train is pressed."""
    state = st.session_state
    entered = {name: state[name] for name in FORM}
    network, data = state.network, state.data
    if network == OWN:
        entered[DROPOUT] = None  # it is one of the layers

    def make() -> Settings:
        recipe = entered_network().to_text() if network == OWN else None
        return fill_in(Settings.of(network, recipe=recipe), data, PATH_KEY, **entered)

    if try_to_begin(make):
        state.settings = False  # makes room for the curves
