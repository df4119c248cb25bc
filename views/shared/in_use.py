"""Which run's network this visitor reads with: a choice of their own, which their browser remembers in a cookie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import quote, unquote
from weakref import WeakSet

import streamlit as st

from model import InputError
from model.runs import has_network, runs_folder
from views.shared.state import session
from views.shared.style import script_element
from views.shared.visitor import cookie_path

COOKIE, NONE = "draw-a-digit-network", "."  # what the cookie holds for the built-in network: no run has that name

_network_script = script_element("network_in_use", "network", "cookies")


@dataclass(eq=False)
class _InUse:
    """The choice of this session's visitor."""

    chosen: str | None = field(default_factory=lambda: _read(st.context.cookies))
    """The name of a run, or that of the built-in network; None if they have never chosen."""

    def __post_init__(self) -> None:
        with _counting:
            _sessions.add(self)


_sessions: WeakSet[_InUse] = WeakSet()
_counting = Lock()


def run_in_use() -> str | None:
    """The name of the run whose network this visitor reads with; None for the built-in network."""
    chosen = session(_InUse).chosen
    return None if chosen == NONE else chosen


def use_run(name: str | None) -> None:
    """Reads with this run's network from now on, or with the built-in one for None.

    Raises InputError if the run holds no network.
    """
    if name is not None and not has_network(runs_folder(), name):
        raise InputError(f"The run {name} holds no network: choose another one.")
    session(_InUse).chosen = NONE if name is None else name


def remember_choice() -> None:
    """Lets the browser remember the choice. Call it in each run of the page, once the choice is settled."""
    chosen = session(_InUse).chosen
    value = None if chosen is None else quote(chosen, safe="")
    _network_script(data={"path": cookie_path(), "cookie": COOKIE, "value": value}, key="network_in_use")


def runs_in_use() -> set[str]:
    """The runs whose networks are in use on any open page of this server."""
    with _counting:
        return {each.chosen for each in _sessions if each.chosen is not None}


def _read(cookies: Mapping[str, str]) -> str | None:
    kept = cookies.get(COOKIE)
    if not isinstance(kept, str):  # AppTest's is none
        return None
    try:
        chosen = unquote(kept, errors="strict")
    except UnicodeError:
        return None
    return chosen if chosen == NONE or has_network(runs_folder(), chosen) else None  # it may have been deleted
