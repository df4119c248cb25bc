"""The page without a browser: Streamlit's AppTest runs it, and sees our own elements as ones that it does not know."""

import pytest
from streamlit.testing.v1 import AppTest

from model.paths import ROOT
from tests.support.page import run_until, told


def run_page():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def test_the_page_opens_with_an_empty_canvas():
    page = run_page()
    assert not page.exception
    assert page.title[0].value == "Draw a digit"
    tools = told(page, "tools")
    assert tools["usable"] == []
    assert tools["pen"] == {"width": 20, "erasing": False}
    assert told(page, "reading")["bars"]["probabilities"] == [0] * 10


def test_an_example_is_offered_once_the_network_is_there():
    page = run_page()
    run_until(page, lambda: told(page, "reading")["answer"]["example"])


def use_tools():
    """A script that uses the tools as a browser says, and shows them."""
    import streamlit as st

    from views.drawing.memory import current_drawing
    from views.drawing.tools import _use_one, show_tools

    drawing = current_drawing()
    for used in st.session_state["used"]:
        _use_one(drawing, used)
    show_tools(drawing)


def use(*tools):
    """The tools as the page shows them after some were used."""
    page = AppTest.from_function(use_tools, default_timeout=60)
    page.session_state["used"] = tools
    page.run()
    assert not page.exception
    return told(page, "tools")


def press(number, tool, width=20, erasing=False):
    return {"number": number, "tool": tool, "width": width, "erasing": erasing}


def test_the_tools_draw_an_example_clear_it_and_go_back_and_forth():
    example = press(1, "example")
    assert use(example)["usable"] == ["undo", "clear"]
    assert use(example, press(2, "undo"))["usable"] == ["redo"]
    assert use(example, press(2, "undo"), press(3, "redo"))["usable"] == ["undo", "clear"]
    cleared = use(example, press(2, "clear"), press(3, "undo"))
    assert cleared["usable"] == ["undo", "redo", "clear"]
    assert cleared["answered"] == 3


def test_one_use_that_is_reported_twice_counts_once():
    assert use(press(1, "example"), press(2, "clear"), press(1, "example"), press(2, "clear"))["usable"] == ["undo"]


def test_undo_and_redo_with_nothing_to_undo_do_nothing():
    assert use(press(1, "undo"), press(2, "redo"), press(3, "clear"))["usable"] == []


@pytest.mark.parametrize(
    ("used", "pen"),
    [
        (press(1, "pen", 33, True), {"width": 33, "erasing": True}),
        (press(1, "pen", 0), {"width": 4, "erasing": False}),
        (press(1, "pen", 10**30), {"width": 40, "erasing": False}),
        (press(1, "pen", "wide"), {"width": 20, "erasing": False}),
        (press(1, "pen", 30.5), {"width": 20, "erasing": False}),
        (press("1", "pen", 30), {"width": 20, "erasing": False}),
        (press(1, ["pen"], 30), {"width": 20, "erasing": False}),
        (press(1, "explode", 30), {"width": 20, "erasing": False}),
        ({}, {"width": 20, "erasing": False}),
    ],
)
def test_what_a_browser_says_of_the_pen_is_checked(used, pen):
    assert use(used)["pen"] == pen
