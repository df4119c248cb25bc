"""The settings of the next training in the page's address: a reload keeps them, and a link shares them.

Only what differs from the network's own settings is there. Anybody can write an address, so every value is checked, and
what no form could contain is left out.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from model import InputError
from model.networks import NETWORKS, OWN, OwnNetwork, read_recipe
from model.runs import setting
from views.shared.training_form import DATA_OPTIONS, limits

SWITCH = {"on": True, "off": False}
MAX_PATH = 400  # characters of a path that is believed


def read_address(names: Iterable[str]) -> dict[str, Any]:
    """The values in the address, of these fields of `Settings`, of the form's other fields, and whether it is open."""
    query = st.query_params
    found = {name: _reader(name)(query[name]) for name in (*names, *_READERS) if name in query}
    return {name: value for name, value in found.items() if value is not None}


def write_address(names: Iterable[str], values: dict[str, Any]) -> None:
    """Puts these values into the address, and takes out all others that `read_address` would read there."""
    query = st.query_params.to_dict()
    wanted = {name: value for name, value in query.items() if name not in (*names, *_READERS)}
    wanted |= {name: _in_words(value) for name, value in values.items()}
    if wanted != query:
        st.query_params.from_dict(wanted)


def _in_words(value: object) -> str:
    return next((word for word, truth in SWITCH.items() if value is truth), str(value))


def _reader(name: str) -> Callable[[str], Any]:
    """What makes a value of a text, or None if it is none that the form could contain."""
    if choices := setting(name).metadata["choices"] if name not in _READERS else ():
        return lambda text: text if text in choices else None
    return _READERS.get(name) or (SWITCH.get if setting(name).type is bool else lambda text: _number(name, text))


def _number(name: str, text: str) -> float | None:
    low, high = limits(name)
    try:
        value = float(text) if setting(name).type in (float, float | None) else int(text)
    except ValueError:
        return None
    return value if low <= value and (high is None or value <= high) else None


def _layers(text: str) -> OwnNetwork | None:
    """The layers of a network of one's own, from its recipe."""
    try:
        return read_recipe(text) if len(text) <= MAX_PATH else None
    except InputError:
        return None


_READERS: dict[str, Callable[[str], Any]] = {
    "network": lambda text: text if text in (*NETWORKS, OWN) else None,
    "layers": lambda text: _layers(text),
    "data": lambda text: text if text in DATA_OPTIONS else None,
    "data_path": lambda text: text if text.isprintable() and len(text) <= MAX_PATH else None,
    "settings": SWITCH.get,
}
