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


def take_sample():
    """A script in which a picture from the browser comes after Clear, the second use of a tool, has been answered."""
    import base64

    import cv2
    import streamlit as st

    from tests.support.digits import on_canvas
    from views.drawing import answer, live
    from views.drawing.memory import current_drawing
    from views.drawing.tools import _use_one

    drawing = current_drawing()
    for number, tool in ((1, "example"), (2, "clear")):
        _use_one(drawing, {"number": number, "tool": tool, "width": 20, "erasing": False})
    png = base64.b64encode(cv2.imencode(".png", on_canvas(4, 0.6))[1].tobytes()).decode()
    sample = {"number": 5, "used": st.session_state["used"], "image": f"data:image/png;base64,{png}", "pen": "lifted"}
    st.session_state[answer.KEY] = {"sample": sample}
    live._take()
    st.markdown(f"{drawing.sample} {drawing.image is not None}")


@pytest.mark.parametrize(("used", "taken"), [(1, "5 False"), (2, "5 True"), (None, "0 False")])
def test_a_picture_from_before_a_tool_was_used_does_not_come_back_after_it(used, taken):
    page = AppTest.from_function(take_sample, default_timeout=60)
    page.session_state["used"] = used
    assert page.run().markdown[0].value == taken


def take_sample_and_message():
    """A script in which the picture at pen-up and the canvas' message about that stroke come in one message."""
    import base64

    import cv2
    import streamlit as st

    from tests.support.digits import on_canvas
    from tests.support.hostile import STROKE
    from views.drawing import answer, canvas, live
    from views.drawing.memory import current_drawing

    def url(size):
        png = cv2.imencode(".png", on_canvas(4, 0.6, size=size))[1].tobytes()
        return f"data:image/png;base64,{base64.b64encode(png).decode()}"

    drawing = current_drawing()
    drawing.on_page = drawing.pen_down = True
    st.session_state[answer.KEY] = {"sample": {"number": 1, "used": 0, "image": url(280), "pen": "lifted"}}
    st.session_state[canvas.KEY] = {"drawing": {"raw": {"objects": [STROKE]}, "data": url(560)}}
    live._take()
    st.markdown(f"{len(drawing.objects)} {drawing.state.image == drawing.image}")


def test_a_stroke_is_kept_with_the_picture_that_was_answered():
    """Undo shows it again. A busy server may get that picture only together with the canvas' own."""
    page = AppTest.from_function(take_sample_and_message, default_timeout=60)
    assert page.run().markdown[0].value == "1 True"


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


def hear_late():
    """A script in which the canvas says that it shows an example after Clear has been answered."""
    import cv2
    import streamlit as st

    from tests.support.digits import on_canvas
    from views.drawing.canvas import _receive
    from views.drawing.memory import current_drawing
    from views.drawing.tools import _use_one

    drawing, shown = current_drawing(), []
    for number, tool in ((1, "example"), (2, "clear")):
        _use_one(drawing, {"number": number, "tool": tool, "width": 20, "erasing": False})
        shown.append(drawing.objects)
    _receive(drawing, cv2.imencode(".png", on_canvas(4, 0.6, size=560))[1].tobytes(), {"objects": shown[0]})
    st.markdown(f"{len(shown[0])} {len(drawing.objects)} {len(drawing.past)}")


def test_what_the_canvas_showed_before_clear_does_not_come_back_after_it():
    page = AppTest.from_function(hear_late, default_timeout=60).run()
    example, objects, past = page.markdown[0].value.split()
    assert int(example) > 0
    assert (objects, past) == ("0", "2")
