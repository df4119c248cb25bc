"""The layers of a network of one's own: a small form, what they make, and the recipe as a file to keep and open."""

from dataclasses import dataclass

import streamlit as st

from model import InputError
from model.networks import Convolution, OwnNetwork, check_own, read_recipe
from model.networks.own import MAX_CONVOLUTIONS, MAX_DENSE, MAX_FILTERS, MAX_KERNEL, MAX_UNITS, seconds_per_epoch
from views.shared.notes import show_error
from views.shared.state import session
from views.shared.training_form import setting_field

FIRST = OwnNetwork((Convolution(16, 3, True), Convolution(32, 3, True)), (64,), 0.0)
DROPOUT = "dropout"  # the setting, which is one of the layers here
KERNELS = range(1, MAX_KERNEL + 1)
NEXT = Convolution(32, 3, False)  # what another one is at first
NEXT_UNITS = 64


@dataclass
class _Opened:
    """The recipe that was opened last."""

    trouble: str | None = None
    """Why it is none."""


def begin_layers(network: OwnNetwork = FIRST) -> None:
    """Fills the form."""
    state = st.session_state
    state.own_convolutions, state.own_dense = len(network.convolutions), len(network.dense)
    for place, each in enumerate(network.convolutions):
        for name in ("filters", "kernel", "pool"):
            state[f"own_{name}_{place}"] = getattr(each, name)
    for place, units in enumerate(network.dense):
        state[f"own_units_{place}"] = units
    state[DROPOUT] = network.dropout or None


def entered_network() -> OwnNetwork:
    """The network that the form describes. Raises InputError if it takes too much."""
    state = st.session_state
    convolutions = tuple(
        Convolution(*(state.get(f"own_{name}_{place}", getattr(NEXT, name)) for name in ("filters", "kernel", "pool")))
        for place in range(state.own_convolutions)
    )
    dense = tuple(state.get(f"own_units_{place}", NEXT_UNITS) for place in range(state.own_dense))
    network = OwnNetwork(convolutions, dense, float(state.get(DROPOUT) or 0.0))
    check_own(network)
    return network


def choose_layers(images: int) -> None:
    """The form, and what its network takes to train on so many images."""
    with st.container(key="own_network"):
        st.number_input("Convolutions", 0, MAX_CONVOLUTIONS, key="own_convolutions", help=_CONVOLUTIONS)
        for place in range(st.session_state.own_convolutions):
            _choose_convolution(place)
        st.number_input("Dense layers", 0, MAX_DENSE, key="own_dense", help=_DENSE)
        for place in range(st.session_state.own_dense):
            _remember(f"own_units_{place}", NEXT_UNITS)
            st.number_input(f"Units of layer {place + 1}", 1, MAX_UNITS, key=f"own_units_{place}")
        setting_field(DROPOUT, placeholder="none")
        _explain(images)


_CONVOLUTIONS = "Each looks for small shapes, its filters, everywhere in what the layer before it has found."
_DENSE = "Each unit weighs up all that was found. A last one with ten units, one for each digit, is always there."
_KERNEL = "The height and width of a filter, in pixels."
_POOL = "Keeps the strongest of four neighbours: a quarter of the work for the next layers, and less of where it was."


def _choose_convolution(place: int) -> None:
    for name in ("filters", "kernel", "pool"):
        _remember(f"own_{name}_{place}", getattr(NEXT, name))
    filters, kernel = st.columns(2)
    filters.number_input(f"Filters of {place + 1}", 1, MAX_FILTERS, key=f"own_filters_{place}")
    kernel.selectbox(
        f"Kernel of {place + 1}",
        KERNELS,
        key=f"own_kernel_{place}",
        format_func=lambda side: f"{side}×{side}",
        help=_KERNEL,
    )
    st.toggle(f"Halve the maps of {place + 1}", key=f"own_pool_{place}", help=_POOL)


def _remember(key: str, first: int | bool) -> None:
    if key not in st.session_state:
        st.session_state[key] = first


def _explain(images: int) -> None:
    """What the network takes, and its recipe as a file."""
    try:
        network = entered_network()
    except InputError as error:
        show_error(str(error))
        return
    seconds = seconds_per_epoch(network, images)
    st.caption(f"{network.parameters:,} parameters · about {_rounded(seconds)} an epoch of {images:,} images")
    st.download_button(
        "Save the recipe (.json)",
        data=network.to_text(),
        file_name="recipe.json",
        mime="application/json",
        key="own_recipe",
        icon=":material/download:",
        on_click="ignore",
        help="For train.py --recipe, or to open it here.",
    )
    st.file_uploader("Open a recipe", type="json", key="own_file", on_change=_open)
    if trouble := session(_Opened).trouble:
        show_error(trouble)


def _open() -> None:
    opened, file = session(_Opened), st.session_state.own_file
    opened.trouble = None
    if file is None:
        return
    try:
        begin_layers(read_recipe(file.getvalue().decode("utf-8", "replace")))
    except InputError as error:
        opened.trouble = str(error)


def _rounded(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"
