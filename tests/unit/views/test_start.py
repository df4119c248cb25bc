"""What happens when Streamlit starts, before anybody has opened the page."""

import sys
from importlib.util import find_spec
from threading import enumerate as threads

import pytest
import streamlit as st
from streamlit import cli_util
from streamlit.components.v2.bidi_component import main as elements
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import SessionState
from streamlit.web.server.app_discovery import discover_asgi_app

from model.paths import ROOT
from tests.support.loops import run
from views import start
from views.shared import reruns, turns, values


@pytest.fixture
def started(monkeypatch):
    """Starts the page, headless or not, and returns the addresses that were opened in a browser."""
    opened, kept = [], []
    monkeypatch.setattr(start, "_keep_queue", kept.append)
    monkeypatch.setattr(cli_util, "open_browser", opened.append)
    monkeypatch.setattr(AppSession, "request_rerun", reruns._request_rerun)
    monkeypatch.setattr(AppSession, "_clear_queue", reruns._clear_queue)
    monkeypatch.setattr(SessionState, "_call_callbacks", reruns._call_callbacks)
    monkeypatch.setattr(ScriptRequests, "on_scriptrunner_ready", turns._next_request)
    monkeypatch.setattr(elements, "make_bidi_component_presenter", values._make_presenter)

    monkeypatch.setattr(start, "NEEDED", ("wave",))  # which nobody else imports; the page's modules need a server
    monkeypatch.delitem(sys.modules, "wave", raising=False)

    def started(headless):
        monkeypatch.setattr(st, "get_option", {"server.headless": headless, "browser.serverAddress": "localhost"}.get)

        async def start_and_end():
            async with start.prepare(st.App(ROOT / "app.py")):
                pass

        run(start_and_end())
        for thread in threads():
            if thread.name in ("imports", "queue"):
                thread.join()
        assert [thread.name for thread in kept] == ["imports"]  # the queue is looked after once all is there
        return opened

    return started


def test_streamlit_finds_what_to_prepare():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_what_is_needed_exists():
    assert all(find_spec(name) for name in start.NEEDED)


def test_the_page_is_imported_and_streamlit_mended(started):
    started(headless=True)
    assert "wave" in sys.modules
    assert AppSession.request_rerun is not reruns._request_rerun
    assert ScriptRequests.on_scriptrunner_ready is not turns._next_request
    assert elements.make_bidi_component_presenter is not values._make_presenter


@pytest.mark.parametrize(("headless", "addresses"), [(True, []), (False, ["http://localhost:8501"])])
def test_the_page_is_opened_in_a_browser_unless_nobody_sits_here(started, headless, addresses):
    assert started(headless) == addresses
