"""The network that the page reads with: loaded in the background, once for all sessions."""

import gc
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import streamlit as st

from model import InputError, Recognizer, load_recognizer
from model.errors import first_line
from model.networks import import_keras
from model.paths import SHIPPED_NETWORK
from model.runs import MODEL_FILE, run_in_use, runs_folder
from views.shared.jobs import Job, start, watch
from views.shared.state import session

Loading = Job[Recognizer]
SENDING = 2.0  # seconds, after which the first page has been sent to the browser in any case
# For a second of TensorFlow's import, nothing else runs. It begins once the browser has something to show.
_page_is_sent = Event()


@dataclass
class _Shown:
    """What this session's page has shown of the network."""

    missed: Loading | None = None
    """The one that was not there yet when the page asked for it."""


def load_run(name: str | None) -> Loading:
    """The network of a run, or the built-in one. The first call starts to load it."""
    path = SHIPPED_NETWORK if name is None else runs_folder() / name / MODEL_FILE
    try:
        version = path.stat().st_mtime_ns
    except OSError:
        version = 0  # loading it will say what is wrong
    return start("networks", (path, version), lambda _: _load(path))


def in_use() -> Loading:
    """What to read with now: the chosen network; the one before while that is loading; the built-in one if it fails."""
    chosen, ready = load_run(run_in_use(runs_folder())), _ready()
    if not chosen.done():
        return ready[0] if ready else chosen
    found = chosen if chosen.failure() is None else load_run(None)
    if found.done() and found.failure() is None:
        ready[:] = [found]
    return found


@st.cache_resource(show_spinner=False)
def _ready() -> list[Loading]:
    """The last network in use that could be loaded, if there has been one."""
    return []


def trouble() -> str | None:
    """Why the page reads with the built-in network instead of the chosen one."""
    return load_run(run_in_use(runs_folder())).failure()


def loaded_recognizer() -> Recognizer | None:
    """What to read with now. None while it loads; `rerun_when_loaded` then makes the page ask again.

    Raises InputError if nothing can be loaded.
    """
    found = in_use()
    if found.done():
        return found.result()
    session(_Shown).missed = found
    return None


def rerun_when_loaded(other: Loading | None = None) -> None:
    """Runs the page again once the network is there that `loaded_recognizer` did not have, or cannot be loaded.

    The same for another one that the page shows as loading. Put it last on the page.
    """
    _page_is_sent.set()
    shown = session(_Shown)
    waiting = [each for each in (shown.missed, other) if each is not None]
    shown.missed = None
    watch(*waiting)


def _load(path: Path) -> Recognizer:
    """Raises InputError whatever is wrong, so that the page can say it in a sentence."""
    try:
        return _import_and_load(path)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"TensorFlow does not run ({type(error).__name__}: {first_line(error)}): install what requirements.txt "
            "names, then start the page again."
        ) from error


def _import_and_load(path: Path) -> Recognizer:
    first = "keras" not in sys.modules
    if first:
        _page_is_sent.wait(SENDING)
        # Streamlit makes Keras forget its layers after each run of the page, in case the page builds networks. Ours
        # does not, and it would add half a second to each stroke, and to the loading here.
        import_keras().backend.clear_session = lambda free_memory=True: None
        import tensorflow as tf

        # A single drawing is too little work to share: waking other threads takes longer than they save.
        tf.config.threading.set_intra_op_parallelism_threads(1)
    recognizer = load_recognizer(None if path == SHIPPED_NETWORK else path)
    if first:
        # What has been imported by now stays for good, so no garbage collection has to look at it again.
        gc.collect()
        gc.freeze()
    return recognizer
