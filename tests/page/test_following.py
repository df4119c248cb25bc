"""A region that follows the drawing, without a browser: a run of the page stands for what the browser asks for."""

import time
from concurrent.futures import Future
from threading import Event

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import InputError, Reading
from model.recognizer import BLANK
from views.shared import following

PATIENCE = 30  # seconds


def region():
    import streamlit as st

    from tests.page.test_following import KIND, readings, work
    from views.drawing.canvas import Drawing
    from views.shared.following import follow

    st.session_state.drawing_kept = Drawing(read=("a model", b"", readings[-1]))
    follow(work, lambda result: st.markdown(f"shows {result}"), KIND)


KIND = "a kind of work"
readings, worked, released = [BLANK], [], Event()


def work(recognizer, reading):
    worked.append((recognizer, reading.digit))
    assert released.wait(PATIENCE)
    if reading.digit == 9:
        raise InputError("Nines are not for today: draw another digit.")
    return reading.digit


def reading_of(digit):
    return Reading(digit, BLANK.probabilities, np.zeros((28, 28), np.float32), None)


@pytest.fixture
def page(monkeypatch):
    """A page on which a model is in use, and a drawing of a 7."""
    loaded = Future()
    loaded.set_result("the first model")
    monkeypatch.setattr(following, "loading", lambda: loaded)
    readings[:], worked[:] = [reading_of(7)], []
    released.set()
    yield AppTest.from_function(region, default_timeout=60)
    released.set()


def run_until(page, text):
    deadline = time.monotonic() + PATIENCE
    page.run()
    while text not in [each.value for each in (*page.markdown, *page.error)] and time.monotonic() < deadline:
        time.sleep(0.02)
        page.run()
    assert not page.exception
    assert text in [each.value for each in (*page.markdown, *page.error)]


def test_a_drawing_is_worked_on_once(page):
    run_until(page, "shows 7")
    for _ in range(3):
        page.run()
    assert worked == [("the first model", 7)]


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


def test_drawings_that_were_replaced_meanwhile_are_left_out(page):
    released.clear()
    for digit in (7, 1, 2, 3):
        readings.append(reading_of(digit))
        page.run()
    released.set()
    run_until(page, "shows 3")
    assert [digit for _, digit in worked] == [7, 3]


def test_another_model_is_asked_anew(page, monkeypatch):
    run_until(page, "shows 7")
    other = Future()
    other.set_result("the second model")
    monkeypatch.setattr(following, "loading", lambda: other)
    run_until(page, "shows 7")
    deadline = time.monotonic() + PATIENCE
    while len(worked) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [model for model, _ in worked] == ["the first model", "the second model"]


def test_what_cannot_be_worked_out_is_said(page):
    readings.append(reading_of(9))
    run_until(page, "Nines are not for today: draw another digit.")


def test_nothing_is_worked_on_while_the_model_loads(page, monkeypatch):
    monkeypatch.setattr(following, "loading", Future)
    page.run()
    assert "loading" in page.caption[0].value
    assert worked == []
