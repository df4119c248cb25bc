"""A region that follows the drawing, without a browser: a run of the page stands for what the browser asks for."""

import time
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import BLANK, InputError, Reading
from tests.support.page import PATIENCE, texts
from tests.support.page import run_until as run_until_ready
from views.shared import reading

KIND = "a kind of work"
readings, worked, released = [BLANK], [], Event()


def region(kind, readings, work):
    import streamlit as st

    from views.shared.following import follow
    from views.shared.reading import read_once

    read_once(None, str(len(readings)).encode(), lambda: readings[-1])  # another picture for each
    follow(work, lambda result: st.markdown(f"shows {result}"), kind)


def work(recognizer, reading):
    worked.append((recognizer, reading.digit))
    assert released.wait(PATIENCE)
    if reading.digit == 9:
        raise InputError("Nines are not for today: draw another digit.")
    return reading.digit


def reading_of(digit):
    return Reading(digit, BLANK.probabilities, np.zeros((28, 28), np.float32), None)


def loading(network=None):
    """As `in_use` returns it: a network that is there, or that is not."""
    return SimpleNamespace(done=lambda: network is not None, failure=lambda: None, result=lambda: network)


@pytest.fixture
def page(monkeypatch):
    """A page with a network in use and a drawing of a 7."""
    monkeypatch.setattr(reading, "in_use", lambda: loading("the first network"))
    readings[:], worked[:] = [reading_of(7)], []
    released.set()
    yield AppTest.from_function(region, default_timeout=60, args=(KIND, readings, work))
    released.set()


def run_until(page, text):
    run_until_ready(page, lambda: text in texts(page).splitlines())


def test_a_drawing_is_worked_on_once(page):
    run_until(page, "shows 7")
    for _ in range(3):
        page.run()
    assert worked == [("the first network", 7)]


def test_a_run_never_waits_and_the_last_result_stays_meanwhile(page):
    released.clear()
    run_until(page, "shows None")
    released.set()
    run_until(page, "shows 7")
    released.clear()
    readings.append(reading_of(3))
    run_until(page, "shows 7")
    released.set()
    run_until(page, "shows 3")


def test_drawings_that_were_replaced_meanwhile_are_skipped(page):
    released.clear()
    for digit in (7, 1, 2, 3):
        readings.append(reading_of(digit))
        page.run()
    released.set()
    run_until(page, "shows 3")
    assert [digit for _, digit in worked] == [7, 3]


def test_another_network_is_asked_again(page, monkeypatch):
    run_until(page, "shows 7")
    monkeypatch.setattr(reading, "in_use", lambda: loading("the second network"))
    run_until(page, "shows 7")
    deadline = time.monotonic() + PATIENCE
    while len(worked) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [network for network, _ in worked] == ["the first network", "the second network"]


def test_an_error_is_shown_as_a_sentence(page):
    readings.append(reading_of(9))
    run_until(page, "Nines are not for today: draw another digit.")


def test_nothing_is_worked_on_while_the_network_loads(page, monkeypatch):
    monkeypatch.setattr(reading, "in_use", loading)
    page.run()
    assert "loading" in page.caption[0].value
    assert worked == []


def cleared():
    import streamlit as st

    from model import BLANK
    from views.shared.reading import network_and_reading, read_nothing, read_once

    read_once(None, b"a picture", lambda: "a reading")
    st.markdown(network_and_reading()[1])
    assert read_nothing() is BLANK
    st.markdown(str(network_and_reading()[1] is BLANK))


def test_a_cleared_canvas_is_blank_again(monkeypatch):
    """Else the tabs would go on showing what was drawn before."""
    monkeypatch.setattr(reading, "in_use", lambda: loading("a network"))
    page = AppTest.from_function(cleared, default_timeout=60).run()
    assert [each.value for each in page.markdown] == ["a reading", "True"]
