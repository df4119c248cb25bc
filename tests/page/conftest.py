"""The page without a browser, on a machine that has neither runs nor MNIST."""

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "missing.npz"))
    return tmp_path / "runs"


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
