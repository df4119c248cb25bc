"""Form fields for the settings of a training, made from `Settings` itself, and what is to be said about the images."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from model import InputError
from model.data import mnist_file, mnist_is_local
from model.networks import NETWORKS
from model.runs import EMBEDDED_TRAINING_IMAGES, Settings, is_optional, setting
from views.shared.words import DATA_SETS

SMALL_DATA, MIN_EPOCHS_OF_SMALL_DATA = "digits", 20
FILE = "file"
DATA_OPTIONS = {
    "mnist": f"{DATA_SETS['mnist']} (60,000)",
    "digits": f"{DATA_SETS['digits']} ({EMBEDDED_TRAINING_IMAGES:,})",
    FILE: "A file of yours",
}


def number_field(name: str, **options: Any) -> None:  # noqa: ANN401 - Streamlit's own
    """A number input for a setting. Its key is that of the setting unless `options` name another."""
    bounds, form = (setting(name).metadata[each] for each in ("bounds", "form"))
    low = bounds.low if form.low is None else form.low
    high = bounds.high if form.high is None else form.high
    known = {"key": name, "help": form.hint, "step": form.step, "format": form.format, "placeholder": form.placeholder}
    st.number_input(form.label, low, high, None, **known | options)


def toggle_field(name: str) -> None:
    form = setting(name).metadata["form"]
    st.toggle(form.label, key=name, help=form.hint)


def choose_data(key: str, path_key: str, **options: Any) -> None:  # noqa: ANN401 - Streamlit's own
    """The choice of images, and what is to be said or asked about it."""
    data = st.selectbox("Images", DATA_OPTIONS, key=key, format_func=lambda name: DATA_OPTIONS[name], **options)
    if data == FILE:
        st.text_input(
            "Path of the file",
            key=path_key,
            placeholder="/home/me/mnist.npz",
            help="In the format of Keras' mnist.npz.",
            persist_state="session",
        )
        return
    if data == SMALL_DATA:
        st.caption("Coarse scans of 8×8 pixels: a network that has seen no others often misreads drawings.")
    if not mnist_is_local():
        then = "training will download it, 11 MB" if data == "mnist" else "the embedded digits always are"
        st.caption(f"MNIST is not on this machine; {then}. Offline, put mnist.npz at `{mnist_file()}`")


def default_data() -> str:
    return "mnist" if mnist_is_local() else SMALL_DATA


def usual_epochs(network: str, data: str) -> int:
    """The network's own, or more where there are few images."""
    own = NETWORKS[network].recipe.epochs
    return max(own, MIN_EPOCHS_OF_SMALL_DATA) if data == SMALL_DATA else own


def fill_in(settings: Settings, data: str, path: str | None, **entered: Any) -> Settings:  # noqa: ANN401
    """The settings with what was entered into a form. Raises InputError if something is missing."""
    for name, value in entered.items():
        known = setting(name)
        if value is None and not is_optional(known):
            form = known.metadata["form"]
            raise InputError(f"Enter the {form.noun or form.label.lower()}.")
    if data == FILE:
        path = (path or "").strip()
        if not path:
            raise InputError("There is no path to the images: give that of an mnist.npz, or choose other images.")
        data = str(Path(path).expanduser().absolute())
    return replace(settings, data=data, **entered)
