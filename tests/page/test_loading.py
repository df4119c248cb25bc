"""What the page shows when a network becomes ready while the page is being made: the worst moment."""

import sys
from threading import Event
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.testing.v1 import AppTest

from model import InputError
from model.paths import ROOT, SHIPPED_NETWORK
from tests.support.page import PATIENCE, told
from views.shared import jobs, loading

LAST_LINE = "rerun_when_loaded("


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page, and the gate that networks wait for; `loading.meanwhile` runs just before the page's last line."""
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs"))
    gate, network = Event(), SimpleNamespace(threshold=0.9)  # nothing is drawn for it to read
    monkeypatch.setattr(loading, "_load", lambda path: gate.wait(PATIENCE) and network)
    forget_networks()
    script = (ROOT / "app.py").read_text(encoding="utf-8")
    assert script.count(f"\n{LAST_LINE}") == 1
    before_the_last = "import sys; sys.modules['views.shared.loading'].meanwhile()\n"
    monkeypatch.setattr(loading, "meanwhile", lambda: None, raising=False)
    script = script.replace(f"\n{LAST_LINE}", f"\n{before_the_last}{LAST_LINE}")
    yield AppTest.from_string(script, default_timeout=60), gate
    gate.set()
    forget_networks()


def forget_networks():
    jobs._open("networks").jobs.clear()
    loading._ready().clear()


def finish(job, gate):
    gate.set()
    job.future.exception(PATIENCE)


def test_a_network_that_is_ready_before_the_page_is_does_not_go_unnoticed(page, monkeypatch):
    page, gate = page
    monkeypatch.setattr(loading, "meanwhile", lambda: finish(loading.in_use(), gate))
    page.run()
    assert not page.exception
    assert told(page, "reading")["answer"]["example"]  # offered by the network that is there


def test_nor_does_another_network_that_was_chosen(page, monkeypatch):
    page, gate = page
    gate.set()
    page.run()
    gate.clear()
    choice = page.session_state["views.shared.model_choice._Choice"]
    choice.switching, choice.wanted = True, "other"
    monkeypatch.setattr(loading, "meanwhile", lambda: finish(loading.load_run("other"), gate))
    page.run()
    assert not page.exception
    assert not choice.switching
    assert not any("Loading." in caption.value for caption in page.caption)


def test_a_tensorflow_that_does_not_run_is_reported_in_a_sentence(monkeypatch):
    def fail(*_):
        raise ImportError("DLL load failed\nand much more")

    monkeypatch.setattr(loading, "import_keras", fail)
    monkeypatch.setattr(loading, "load_recognizer", fail)
    with pytest.raises(InputError, match=r"ImportError: DLL load failed\).* requirements\.txt"):
        loading._load(SHIPPED_NETWORK)


def test_keras_is_kept_from_forgetting_before_the_first_network_is_loaded(monkeypatch):
    """Streamlit makes it forget after every run of the page: most of a second, in which nothing else is loaded."""
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: pytest.fail("forgets")))
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setitem(sys.modules, "tensorflow", MagicMock())
    monkeypatch.setattr(loading, "import_keras", lambda: keras)
    monkeypatch.setattr(loading, "load_recognizer", lambda path: keras.backend.clear_session())
    loading._load(SHIPPED_NETWORK)
