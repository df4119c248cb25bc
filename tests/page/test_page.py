"""The page without a browser: Streamlit's AppTest runs it, and sees the canvas as an element that it does not know."""

from streamlit.testing.v1 import AppTest

from model.paths import ROOT
from tests.support.page import keys, run_until


def run_page():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def test_the_page_opens_with_an_empty_canvas():
    page = run_page()
    assert not page.exception
    assert page.title[0].value == "Draw a digit"
    assert page.button("undo").disabled
    assert page.button("redo").disabled
    assert page.button("clear").disabled
    assert (page.slider("pen_width").value, page.slider("pen_width").min, page.slider("pen_width").max) == (20, 4, 40)


def test_an_example_is_offered_once_the_network_is_there():
    page = run_page()
    run_until(page, lambda: "example" in keys(page))
    page.button("example").click().run()
    assert not page.exception
    assert not page.button("undo").disabled
    assert not page.button("clear").disabled
    page.button("undo").click().run()
    assert not page.button("redo").disabled
    assert not page.exception


def undo_and_redo_nothing():
    from views.drawing.canvas import redo, undo
    from views.drawing.memory import Drawing

    drawing = Drawing()
    undo(drawing)
    redo(drawing)


def test_undo_pressed_once_too_often_does_nothing():
    assert not AppTest.from_function(undo_and_redo_nothing, default_timeout=60).run().exception
