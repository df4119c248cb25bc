"""Data of one's own on the page, without a browser: by path, as an upload, and as the drawings that are kept."""

import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model.data import load_embedded_digits
from model.drawings import open_drawings
from tests.support.digits import DIGITS
from tests.support.kept import as_kept, as_png
from tests.support.page import press_train, run_until, texts
from views.shared import own_data
from views.shared.notes import plain


def data_tab():
    from views.tabs import data

    data.render()


@pytest.fixture
def begun(monkeypatch):
    """The settings of trainings that were begun, none of which is started."""
    settings = []
    monkeypatch.setattr("views.shared.trainings.begin", settings.append)
    return settings


@pytest.fixture(scope="module")
def transposed(tmp_path_factory):
    digits = load_embedded_digits().train
    path = tmp_path_factory.mktemp("data") / "mine.npz"
    np.savez_compressed(path, images=digits.images[:300].transpose(0, 2, 1), labels=digits.labels[:300])
    return path


def figures(page):
    return [each.proto.body for each in page.get("html") if "figures eight" in each.proto.body]


def test_what_seems_wrong_with_data_is_shown_and_mended_with_consent(page, local, transposed, begun):
    page.run()
    page.selectbox("data").select("file").run()
    page.text_input("data_path").input(str(transposed))
    run_until(page, lambda: page.toggle and any(each.key == "data_path_mend" for each in page.toggle))
    assert "Its images look transposed" in texts(page)
    assert "240 training images, 60 to test on." in texts(page)
    before, after = figures(page)
    assert before.count("<img") == after.count("<img") == 8
    assert before != after
    press_train(page)
    page.toggle("data_path_mend").set_value(False).run()
    press_train(page)
    assert [(each.data, each.mend) for each in begun] == [(str(transposed), True), (str(transposed), False)]


def test_an_upload_is_trained_on_also_where_others_reach_the_page(page, runs, transposed, begun):
    page.run()
    page.selectbox("data").select("file").run()
    assert not page.text_input
    press_train(page)
    assert "Upload your data" in texts(page)
    page.file_uploader("data_path_files").upload("../../mine.npz", transposed.read_bytes()).run()
    run_until(page, lambda: "Its images look transposed" in texts(page))
    press_train(page)
    (settings,) = begun
    assert settings.data.startswith(str(runs / ".uploads")) and settings.data.endswith("/mine.npz")
    page.session_state["data_path"] = str(transposed)  # as an address could say
    press_train(page)
    assert len(begun) == 1


def test_drawings_that_are_kept_are_data(page, runs, local, begun):
    page.run()
    page.selectbox("data").select("file").run()
    page.button("data_path_drawings").click().run()
    assert "No drawings are kept yet" in texts(page)
    for digit in range(10):
        open_drawings().add("me", digit, as_kept(DIGITS[digit]), as_png(DIGITS[digit]), None)
    page.button("data_path_drawings").click().run()
    assert "on `my-drawings.npz`" in texts(page)
    run_until(page, lambda: "8 training images, 2 to test on." in texts(page))
    press_train(page)
    assert begun[0].data.endswith("my-drawings.npz")


def test_data_that_are_chosen_while_drawings_are_read_stay_chosen(page, runs, local, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(own_data, "PATIENCE", 0.01)
    monkeypatch.setattr(own_data, "_export", lambda _: gate.wait(60) and "/home/ann/my-drawings.npz")
    page.run()
    page.selectbox("data").select("file").run()
    page.button("data_path_drawings").click().run()
    assert "Your drawings are being read" in texts(page)
    page.text_input("data_path").input("/home/ann/mine.npz").run()
    gate.set()
    page.run()
    assert "on `mine.npz`" in texts(page)
    assert "being read" not in texts(page)
    page.button("data_path_drawings").click().run()
    run_until(page, lambda: "on `my-drawings.npz`" in texts(page))


def test_the_data_tab_shows_data_of_ones_own(local, transposed):
    page = AppTest.from_function(data_tab, default_timeout=60).run()
    page.button_group("data_source").set_value("own").run()
    page.text_input("data_tab_path").input(str(transposed))
    run_until(page, lambda: any("240 training images" in each.value for each in page.markdown))
    page.text_input("data_tab_path").input("/nowhere")
    run_until(page, lambda: page.error)
    assert plain("There is no data at /nowhere") in page.error[0].value
