"""Form fields for the settings of a training, made from `Settings` itself, and the choice of images with its hints."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from model import InputError
from model.data import mnist_file, mnist_is_local
from model.networks import NETWORKS
from model.runs import EMBEDDED_TRAINING_IMAGES, Settings, setting
from model.runs.settings import Bounds, FormField
from views.shared.words import DATA_SETS

SMALL_DATA, MIN_EPOCHS_OF_SMALL_DATA = "digits", 20
FILE, FILE_LABEL = "file", "your own file"
DATA_OPTIONS = {
    "mnist": f"{DATA_SETS['mnist']} (60,000)",
    "digits": f"{DATA_SETS['digits']} ({EMBEDDED_TRAINING_IMAGES:,})",
    FILE: FILE_LABEL.capitalize(),
}


def setting_field(name: str, **options: Any) -> None:  # noqa: ANN401 - Streamlit's own
    """A number input or a toggle for a setting. Its key is the setting's name unless `options` give another."""
    known = setting(name)
    form: FormField = known.metadata["form"]
    options = {"key": name, "help": form.hint} | options
    if known.type is bool:
        st.toggle(form.label, **options)
        return
    low, high = limits(name)
    look = {"step": form.step, "format": form.format, "placeholder": form.placeholder}
    st.number_input(form.label, low, high, None, **look, **options)


def limits(name: str) -> tuple[float, float | None]:
    """The lowest and the highest number that the form takes for a setting; None for no highest."""
    form: FormField = setting(name).metadata["form"]
    bounds: Bounds = setting(name).metadata["bounds"]
    return bounds.low if form.low is None else form.low, bounds.high if form.high is None else form.high


def choose_data(key: str, **options: Any) -> str:  # noqa: ANN401 - Streamlit's own
    """The choice of images; `explain_data` belongs below it."""
    return st.selectbox("Images", DATA_OPTIONS, key=key, format_func=lambda name: DATA_OPTIONS[name], **options)


def explain_data(data: str, path_key: str) -> None:
    """Hints about the images that were chosen and, for a file, a field for its path."""
    if data == FILE:
        st.text_input(
            "Path of the file",
            key=path_key,
            placeholder="/home/me/mnist.npz",
            help="In the format of Keras's mnist.npz.",
            persist_state="session",
        )
        return
    if data == SMALL_DATA:
        st.caption("Coarse, of 8×8 pixels: a network that has seen nothing else often misreads drawings.")
    if not mnist_is_local():
        st.caption(
            "MNIST is not on this machine: training on it downloads it (11 MB). Offline, put mnist.npz here: "
            f"`{mnist_file()}`"
        )


def default_data() -> str:
    return "mnist" if mnist_is_local() else SMALL_DATA


def usual_epochs(network: str, data: str) -> int:
    """The network's own, or more where there are few images."""
    own = NETWORKS[network].recipe.epochs
    return max(own, MIN_EPOCHS_OF_SMALL_DATA) if data == SMALL_DATA else own


def fill_in(settings: Settings, data: str, path: str | None, **entered: Any) -> Settings:  # noqa: ANN401
    """The settings with what was entered into a form. Raises InputError if something is missing."""
    for name, value in entered.items():
        form: FormField = setting(name).metadata["form"]
        if value is None and form.placeholder is None:  # a placeholder says what an empty field means
            raise InputError(f"Enter the {form.noun or form.label.lower()}.")
    if data == FILE:
        path = (path or "").strip()
        if not path:
            raise InputError("Enter the path of an mnist.npz, or choose other images.")
        data = str(Path(path).expanduser().absolute())
    return replace(settings, data=data, **entered)
