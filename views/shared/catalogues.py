"""What takes seconds and is the same for all visitors: images and their index, made once, in a thread of its own."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import streamlit as st

from model.data.datasets import Dataset, load_data, mnist_file
from model.analysis.neighbours import Index, build_index
from model.analysis.pictures import Facts, facts

LOOK_SECONDS = 0.4  # how often a page that waits looks whether it is there


class Catalogue(NamedTuple):
    """Images with what is said of them."""

    data: Dataset
    train: Facts
    test: Facts


def load_catalogue(source: str) -> Future[Catalogue]:
    """`mnist`, if it is on the machine, or `digits`. The first call starts to load it."""
    return _catalogue(source, _version(source))


def load_index(source: str) -> Future[Index]:
    """The training images of a source, ready to be searched. The first call starts to make it."""
    return _index(source, _version(source))


def wait_for(*waiting: Future) -> None:
    """Runs the page again as soon as one of them is there, or has failed. Does nothing if they are already."""
    missing = [each for each in waiting if not each.done()]
    if missing:
        _look_again(missing)


@st.fragment(run_every=LOOK_SECONDS)
def _look_again(missing: list[Future]) -> None:
    if any(each.done() for each in missing):
        st.rerun()


def _version(source: str) -> int:
    """When the file was changed, in nanoseconds: then it is loaded anew."""
    try:
        return mnist_file().stat().st_mtime_ns if source == "mnist" else 0
    except OSError:
        return 0


@st.cache_resource(show_spinner=False, max_entries=2)
def _catalogue(source: str, version: int) -> Future[Catalogue]:
    return _worker().submit(_load, source)


@st.cache_resource(show_spinner=False, max_entries=2)
def _index(source: str, version: int) -> Future[Index]:
    catalogue = _catalogue(source, version)
    return _worker().submit(lambda: build_index(catalogue.result().data.train))


def _load(source: str) -> Catalogue:
    data = load_data(source)
    return Catalogue(data, facts(data.train), facts(data.test))


@st.cache_resource(show_spinner=False)
def _worker() -> ThreadPoolExecutor:
    """Two threads, so that images need not wait until others are searchable. An index is asked for after its images."""
    return ThreadPoolExecutor(2, thread_name_prefix="data")
