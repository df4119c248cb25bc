"""What the page shows when a network becomes ready while the page is being made: the worst moment."""

import sys
from concurrent.futures import Future
from threading import Event
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.testing.v1 import AppTest

from model import InputError
from model.paths import SHIPPED_NETWORK
from views import ROOT
from views.shared import loading as recognition

LAST_LINE = "recognition.wait_until_ready("
PATIENCE = 100  # seconds


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page, on which a network is not loaded before the last line, and then at once; and what lets it be loaded."""
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs"))
    gate, network = Event(), SimpleNamespace(threshold=0.9)  # nothing is drawn for it to read
    monkeypatch.setattr(recognition, "_load", lambda path: gate.wait(PATIENCE) and network)
    recognition._load_in_background.clear()
    recognition._ready().clear()
    script = (ROOT / "app.py").read_text(encoding="utf-8")
    assert script.count(LAST_LINE) == 1
    before_the_last = "import sys; sys.modules['views.recognition'].meanwhile()\n"
    monkeypatch.setattr(recognition, "meanwhile", lambda: None, raising=False)
    yield AppTest.from_string(script.replace(LAST_LINE, before_the_last + LAST_LINE), default_timeout=60), gate
    gate.set()
    recognition._load_in_background.clear()
    recognition._ready().clear()


def finish(loading: Future, gate: Event) -> None:
    gate.set()
    loading.exception(PATIENCE)


def test_a_network_that_is_ready_before_the_page_is_does_not_stay_unseen(page, monkeypatch):
    page, gate = page
    monkeypatch.setattr(recognition, "meanwhile", lambda: finish(recognition.loading(), gate))
    page.run()
    assert not page.exception
    assert "example" in {button.key for button in page.button}  # offered by the network that is there


def test_nor_does_another_network_that_was_chosen(page, monkeypatch, tmp_path):
    page, gate = page
    gate.set()
    page.run()
    gate.clear()
    page.session_state.switching = "other"
    monkeypatch.setattr(recognition, "meanwhile", lambda: finish(recognition.load_run_model("other"), gate))
    page.run()
    assert not page.exception
    assert "switching" not in page.session_state
    assert not any("It is loading" in caption.value for caption in page.caption)


def test_a_tensorflow_that_does_not_run_is_told_in_a_sentence(monkeypatch):
    def fail(*_):
        raise ImportError("DLL load failed\nand much more")

    monkeypatch.setattr(recognition, "import_keras", fail)
    monkeypatch.setattr(recognition, "load_recognizer", fail)
    with pytest.raises(InputError, match=r"ImportError: DLL load failed\).* requirements\.txt"):
        recognition._load(SHIPPED_NETWORK)


def test_keras_is_kept_from_forgetting_before_the_first_network_is_loaded(monkeypatch):
    """Streamlit has it forget after every run of the page: most of a second, in which nothing else is loaded."""
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: pytest.fail("forgets")))
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setitem(sys.modules, "tensorflow", MagicMock())
    monkeypatch.setattr(recognition, "import_keras", lambda: keras)
    monkeypatch.setattr(recognition, "load_recognizer", lambda path: keras.backend.clear_session())
    recognition._load(SHIPPED_NETWORK)
