"""The page without a browser, on a machine that has neither runs nor MNIST."""

import pytest
from streamlit.testing.v1 import AppTest

from model import load_recognizer
from model.networks import import_keras


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "missing.npz"))
    return tmp_path / "runs"


@pytest.fixture(scope="package", autouse=True)
def _keras():
    """As on a page that has loaded a network: it imports Keras once it rests, and a test lets it rest rarely.

    Like the page, this keeps Streamlit from making Keras forget after each run, which takes most of a second.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_keras().backend, "clear_session", lambda free_memory=True: None)
        yield


@pytest.fixture(scope="session")
def recognizer():
    """The built-in network, ready to read. Tests must not modify it."""
    return load_recognizer()


@pytest.fixture
def local(monkeypatch):
    """A page that only this machine reaches."""
    from views.shared import visitor

    monkeypatch.setattr(visitor, "_is_local", lambda: True)


def sidebar_and_runs():
    import streamlit as st

    from views import sidebar
    from views.shared.loading import rerun_when_loaded
    from views.shared.model_choice import switching
    from views.tabs import runs

    with st.sidebar:
        sidebar.render()
    runs.render()
    rerun_when_loaded(switching())


@pytest.fixture
def open_page(runs):
    """Opens the sidebar and the Runs tab, as another browser tab or a reload does."""
    return lambda: AppTest.from_function(sidebar_and_runs, default_timeout=60)


@pytest.fixture
def page(open_page):
    return open_page()
