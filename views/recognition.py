"""The recogniser that the page reads with: loaded in the background, once for all browser tabs."""

import gc
import sys
from concurrent.futures import Future, ThreadPoolExecutor

import streamlit as st

from model import Recognizer, load_recognizer

POLL_SECONDS = 0.3  # how often a page that waits for the network looks whether it is there


@st.cache_resource(show_spinner=False)
def loading() -> "Future[Recognizer]":
    """The recogniser, or why there is none, as soon as it is known. The first call starts to load it."""
    return ThreadPoolExecutor(1, thread_name_prefix="load-recognizer").submit(_load)


def _load() -> Recognizer:
    recognizer = load_recognizer()
    # Streamlit has Keras forget its layers after each run of the page, in case the page builds networks. Ours does not,
    # and it would add half a second to each stroke.
    sys.modules["keras"].backend.clear_session = lambda free_memory=True: None
    # What has been imported by now stays for good: no garbage collection has to look at it again.
    gc.collect()
    gc.freeze()
    return recognizer


def wait_until_ready() -> None:
    """Runs the page again as soon as the recogniser is there, or is known to be missing. Put it last on the page."""
    if not loading().done():
        _look_again()


@st.fragment(run_every=POLL_SECONDS)
def _look_again() -> None:
    if loading().done():
        st.rerun()
