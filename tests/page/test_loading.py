"""What the page shows and reads with while a network loads, and when one becomes ready at the worst moment."""

import gc
import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.testing.v1 import AppTest

from model import InputError
from model.data import load_embedded_digits
from model.paths import ROOT, SHIPPED_NETWORK
from tests.support.loading import held_back
from tests.support.page import PATIENCE, choose_network, run_until, texts, told
from tests.support.runs import make_usable_run
from views.shared import loading, model_choice
from views.shared.state import held_by

LAST_LINE = "    rerun_when_loaded("


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page, and the gate that networks wait for; `loading.meanwhile` runs just before the page's last line."""
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs"))
    network = SimpleNamespace(threshold=0.9)  # nothing is drawn for it to read
    network.plain = network
    script = (ROOT / "app.py").read_text(encoding="utf-8")
    assert script.count(f"\n{LAST_LINE}") == 1
    before_the_last = "    import sys; sys.modules['views.shared.loading'].meanwhile()\n"
    monkeypatch.setattr(loading, "meanwhile", lambda: None, raising=False)
    script = script.replace(f"\n{LAST_LINE}", f"\n{before_the_last}{LAST_LINE}")
    with held_back(lambda path: network) as gate:
        yield AppTest.from_string(script, default_timeout=60), gate


def finish(job, gate):
    gate.set()
    job.future.exception(PATIENCE)


def test_a_network_that_is_ready_before_the_page_is_does_not_go_unnoticed(page, monkeypatch):
    page, gate = page
    monkeypatch.setattr(loading, "meanwhile", lambda: finish(loading.in_use(), gate))
    page.run()
    assert not page.exception
    assert told(page, "layer_strip")["pending"]  # the network that is there can be looked into


def test_nor_does_another_network_that_was_chosen(page, monkeypatch):
    page, gate = page
    gate.set()
    page.run()
    gate.clear()
    choice = held_by(page.session_state, model_choice._Choice)
    choice.switching, choice.wanted = True, "other"
    monkeypatch.setattr(loading, "meanwhile", lambda: finish(loading.load_run("other"), gate))
    page.run()
    assert not page.exception
    assert not choice.switching
    assert not any("Loading." in caption.value for caption in page.caption)


def answers():
    """A script that reads a 4 with whatever the page reads with now."""
    import streamlit as st

    from tests.support.digits import on_canvas
    from views.shared.loading import reader

    network = reader()
    st.markdown("none" if network is None else network.read(on_canvas(4, 0.6)).in_words())


def test_the_built_in_network_answers_before_keras_has_loaded_it(page):
    page = AppTest.from_function(answers, default_timeout=60).run()
    assert page.markdown[0].value.startswith("4, ")


def test_the_network_of_a_run_is_waited_for(page, tmp_path):
    folder = make_usable_run(tmp_path / "runs", "mine")
    page = AppTest.from_function(answers, default_timeout=60)
    choose_network(page, folder.name)
    page.run()
    assert page.markdown[0].value == "none"


@pytest.fixture
def clock(monkeypatch):
    """A time that passes only while somebody sleeps; `clock.work` is done in each sleep."""
    clock = SimpleNamespace(now=100.0, work=lambda: None)

    def sleep(seconds):
        clock.now += seconds
        clock.work()

    monkeypatch.setattr(loading, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    loading._note_work()
    return clock


def test_keras_is_imported_once_the_hand_rests(clock):
    strokes = iter(range(30))
    clock.work = lambda: loading._note_work() if next(strokes, None) is not None else None
    loading._wait_for_a_rest()
    assert next(strokes, None) is None
    assert loading.REST <= clock.now - loading._last_work < loading.REST + 0.1


def test_keras_is_imported_some_time_even_if_the_hand_never_rests(clock):
    clock.work = loading._note_work
    loading._wait_for_a_rest()
    assert clock.now == pytest.approx(100 + loading.MAX_WAIT, abs=0.1)


def test_a_tensorflow_that_does_not_run_is_reported_in_a_sentence(monkeypatch):
    def fail(*_):
        raise ImportError("DLL load failed\nand much more")

    monkeypatch.setattr(loading, "import_keras", fail)
    monkeypatch.setattr(loading, "load_recognizer", fail)
    with pytest.raises(InputError, match=r"ImportError: DLL load failed\).* requirements\.txt"):
        loading._load(SHIPPED_NETWORK)


def test_a_failed_import_leaves_python_as_it_was(monkeypatch):
    def fail():
        assert not gc.isenabled()
        raise ImportError

    before = sys.getswitchinterval()
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setattr(loading, "import_keras", fail)
    with pytest.raises(InputError):
        loading._load(SHIPPED_NETWORK)
    assert gc.isenabled()
    assert sys.getswitchinterval() == before


def test_keras_is_kept_from_forgetting_before_the_first_network_is_loaded(monkeypatch):
    """Streamlit makes it forget after every run of the page: most of a second, in which nothing else is loaded."""
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: pytest.fail("forgets")))
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setitem(sys.modules, "tensorflow", MagicMock())
    monkeypatch.setattr(loading, "import_keras", lambda: keras)
    monkeypatch.setattr(loading, "load_recognizer", lambda path: keras.backend.clear_session())
    loading._load(SHIPPED_NETWORK)


def test_a_network_that_the_environment_names_reads_in_place_of_the_built_in_one(runs, tmp_path, monkeypatch):
    """What it needs is said, and neither the built-in network nor its results stand in for it."""
    from model.networks import import_keras

    keras = import_keras()
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    network, digits = keras.Sequential(layers), load_embedded_digits().train
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(1 - digits.images[..., None] / 255, digits.labels, epochs=20, verbose=0)
    network.save(tmp_path / "theirs.h5")
    monkeypatch.setenv("DIGITS_MODEL", str(tmp_path / "theirs.h5"))
    page = AppTest.from_function(sidebar_alone, default_timeout=60)
    run_until(page, lambda: "It is given black ink on white." in texts(page))
    assert page.selectbox("model").options == ["theirs.h5"]
    assert "of MNIST" not in texts(page)


def sidebar_alone():
    from views import sidebar
    from views.shared.loading import reader, rerun_when_loaded

    sidebar.render()
    reader()
    rerun_when_loaded()
