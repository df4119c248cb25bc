"""What the canvas says that it shows, and what somebody may say in its place."""

import time

import pytest

from tests.support.hostile import MESSAGES, STROKE, WHITE


@pytest.fixture(scope="module")
def message(drawing_module):
    return drawing_module("message")


def read(message, sent):
    """What is made of a message, like `canvas._last_message`, which takes it from the session."""
    drawn = sent["drawing"]
    return message.read_message(drawn.get("raw"), drawn.get("data")) if isinstance(drawn, dict) else None


@pytest.mark.parametrize("sent", MESSAGES.values(), ids=MESSAGES)
def test_what_is_no_drawing_is_left_out_at_once(message, sent):
    started = time.process_time()
    assert read(message, sent) is None
    assert time.process_time() - started < 0.5


def test_a_drawing_is_taken_as_it_is(message):
    strokes = [STROKE | {"scaleX": 1, "angle": 0.0, "shadow": None, "strokeDashArray": None, "flipX": False}] * 3
    shows = read(message, {"drawing": {"raw": {"objects": strokes, "background": "#000000"}, "data": WHITE}})
    assert shows.content == {"objects": strokes}
    assert shows.image.startswith(b"\x89PNG")


def test_a_blank_canvas_is_one(message):
    assert read(message, {"drawing": {"raw": {"objects": []}, "data": WHITE}}).content == {"objects": []}


@pytest.mark.parametrize("number", [-1, 2**40, True, 1.0, "1", None])
def test_only_numbers_count(message, number):
    assert not message.is_count(number)
    assert message.is_count(7)


def test_a_kept_drawing_that_was_edited_is_left_out(message):
    assert message.strokes_or_none([STROKE | {"path": []}]) is None
    assert message.strokes_or_none([STROKE]) == [STROKE]
