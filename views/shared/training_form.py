"""Form fields for the settings of a training, made from `Settings` itself, and the choice of images with its hints."""

import os
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import streamlit as st

from model import InputError
from model.data import mnist_file, mnist_is_local
from model.networks import NETWORKS, OWN_TRAINING
from model.runs import EMBEDDED_TRAINING_IMAGES, ENGINES, LOCAL, RAY, Settings, setting
from model.runs.fields import Bounds, FormField
from views.shared.own_data import choose_own_data, own_mending, ready_path
from views.shared.words import DATA_SETS

SMALL_DATA, MIN_EPOCHS_OF_SMALL_DATA = "digits", 20
FILE, FILE_LABEL = "file", "your own data"
DATA_OPTIONS = {
    "mnist": f"{DATA_SETS['mnist']} (60,000)",
    "digits": f"{DATA_SETS['digits']} ({EMBEDDED_TRAINING_IMAGES:,})",
    FILE: FILE_LABEL.capitalize(),
}


def setting_field(name: str, **options: Any) -> None:  # noqa: ANN401 - Streamlit's own
    """A number input, a list or a toggle for a setting. Its key is the setting's name unless `options` give another."""
    known = setting(name)
    form: FormField = known.metadata["form"]
    given: dict[str, Any] = {"key": name, "help": form.hint} | options
    if known.type is bool:
        st.toggle(form.label, **given)
        return
    if choices := known.metadata["choices"]:
        given = {"placeholder": form.placeholder} | given
        st.selectbox(form.label, choices, index=None, **given)
        return
    low, high = limits(name)
    given = {"step": form.step, "format": form.format, "placeholder": form.placeholder} | given
    st.number_input(form.label, low, high, None, **given)


def limits(name: str) -> tuple[float, float | None]:
    """The lowest and the highest number that the form takes for a setting; None for no highest."""
    form: FormField = setting(name).metadata["form"]
    bounds: Bounds = setting(name).metadata["bounds"]
    return bounds.low if form.low is None else form.low, bounds.high if form.high is None else form.high


def choose_data(key: str, **options: Any) -> str:  # noqa: ANN401 - Streamlit's own
    """The choice of images; `explain_data` belongs below it."""
    return st.selectbox("Images", DATA_OPTIONS, key=key, format_func=lambda name: DATA_OPTIONS[name], **options)


def explain_data(data: str, path_key: str) -> None:
    """Hints about the images that were chosen; for data of one's own, fields for it and what is noticed about it."""
    if data == FILE:
        choose_own_data(path_key)
        return
    if data == SMALL_DATA:
        st.caption("Coarse, of 8×8 pixels: a network that has seen nothing else often misreads drawings.")
    if not mnist_is_local():
        st.caption(
            "MNIST is not on this machine: training on it downloads it (11 MB). Offline, put mnist.npz here: "
            f"`{mnist_file()}`"
        )


def choose_engine(key: str, **options: Any) -> str:  # noqa: ANN401 - Streamlit's own
    """Where folds or trials train, if there is a choice: Ray may not be installed."""
    if find_spec("ray") is None:
        return LOCAL
    address = os.environ.get("RAY_ADDRESS")
    cluster = f"On the Ray cluster at {address}" if address else "On this machine, on all cores (Ray)"
    names = {LOCAL: "On this machine, one after another", RAY: cluster}
    return st.selectbox("Where to train", ENGINES, key=key, format_func=lambda name: names[name], **options)


def default_data() -> str:
    return "mnist" if mnist_is_local() else SMALL_DATA


def usual_epochs(network: str, data: str) -> int:
    """The network's own, or more where there are few images."""
    own = (NETWORKS[network].recipe if network in NETWORKS else OWN_TRAINING).epochs
    return max(own, MIN_EPOCHS_OF_SMALL_DATA) if data == SMALL_DATA else own


def fill_in(settings: Settings, data: str, path_key: str, **entered: Any) -> Settings:  # noqa: ANN401
    """The settings with what was entered into a form. Raises InputError if something is missing or cannot be used."""
    for name, value in entered.items():
        form: FormField = setting(name).metadata["form"]
        if value is None and form.placeholder is None:  # a placeholder says what an empty field means
            raise InputError(f"Enter the {form.noun or form.label.lower()}.")
    if data == FILE:
        settings = replace(settings, mend=own_mending(path_key))
        data = ready_path(path_key)
    return replace(settings, data=data, **entered)
