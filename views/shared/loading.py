"""The recogniser that the page reads with: loaded in the background, once for all browser tabs."""

import gc
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import streamlit as st

from model import InputError, Recognizer, load_recognizer
from model.networks.backend import import_keras
from model.recognizer import SHIPPED
from model.runs.store import MODEL_FILE, run_in_use, runs_folder

POLL_SECONDS = 0.3  # how often a page that waits for a network looks whether it is there
KEPT_NETWORKS = 4  # loaded ones, so that going back to one takes no time; some 10 MB each

Loading = Future[Recognizer]  # the recogniser, or why there is none, as soon as it is known


def loading() -> Loading:
    """What to read with now: the model in use; while that is loading, the one before; the shipped one if it cannot."""
    chosen, ready = load_run_model(run_in_use(runs_folder())), _ready()
    if not chosen.done():
        return ready[0] if ready else chosen
    found = chosen if chosen.exception() is None else load_run_model(None)
    if found.done() and found.exception() is None:
        ready[:] = [found]
    return found


def trouble() -> str | None:
    """Why the page reads with the shipped network instead of the one that was chosen."""
    chosen = load_run_model(run_in_use(runs_folder()))
    return str(chosen.exception()) if chosen.done() and isinstance(chosen.exception(), InputError) else None


def load_run_model(name: str | None) -> Loading:
    """The recogniser of a run, or the shipped one. The first call starts to load it."""
    path = SHIPPED if name is None else runs_folder() / name / MODEL_FILE
    try:
        version = path.stat().st_mtime_ns
    except OSError:
        version = 0  # loading it will say what is wrong
    return _load_in_background(str(path), version)


@st.cache_resource(show_spinner=False, max_entries=KEPT_NETWORKS)
def _load_in_background(path: str, version: int) -> Loading:
    """One file, loaded anew when it changes: its time of change, in nanoseconds, is its version."""
    return _loader().submit(_load, Path(path))


@st.cache_resource(show_spinner=False)
def _loader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="load-recognizer")


@st.cache_resource(show_spinner=False)
def _ready() -> list[Loading]:
    """The last model in use that could be loaded, if there was one yet."""
    return []


def _load(path: Path) -> Recognizer:
    """Raises InputError, whatever is wrong: the page says it in a sentence."""
    try:
        return _import_and_load(path)
    except InputError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no reason'}"
        raise InputError(
            f"TensorFlow does not run ({reason}): install what requirements.txt names, then start the page again."
        ) from error


def _import_and_load(path: Path) -> Recognizer:
    first = "keras" not in sys.modules
    if first:
        # Streamlit has Keras forget its layers after each run of the page, in case the page builds networks. Ours does
        # not, and it would add half a second to each stroke, and to the loading here.
        import_keras().backend.clear_session = lambda free_memory=True: None
        import tensorflow as tf

        # One drawing is too little work to share: waking other threads for it takes longer than it saves.
        tf.config.threading.set_intra_op_parallelism_threads(1)
    recognizer = load_recognizer(None if path == SHIPPED else path)
    if first:
        # What has been imported by now stays for good: no garbage collection has to look at it again.
        gc.collect()
        gc.freeze()
    return recognizer


def reader() -> Recognizer | None:
    """What to read with now; None while it loads, and then `wait_until_ready` sees to it that the page asks again.

    Raises InputError if nothing can be loaded.
    """
    found = loading()
    if found.done():
        return found.result()
    st.session_state.missed_reader = found
    return None


def wait_until_ready(other: Loading | None = None) -> None:
    """Runs the page again as soon as the recogniser is there that `reader` did not have, or is known to be missing.

    The same for another one that the page shows as being loaded. Put it last on the page. What counts is what the page
    has shown: a recogniser may become ready while the page runs, between one look at it and the next.
    """
    waiting = [each for each in (st.session_state.pop("missed_reader", None), other) if each is not None]
    if waiting:
        _look_again(waiting)


@st.fragment(run_every=POLL_SECONDS)
def _look_again(waiting: list[Loading]) -> None:
    if any(each.done() for each in waiting):
        st.rerun()
