"""A drawing and its history, as they are kept for a reload of the page."""

import time
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace

import pytest

from model import InputError
from model.drawings import KeptDrawing

_numbers = count()


@pytest.fixture
def memory(drawing_module):
    return drawing_module("memory")


@pytest.fixture
def written(memory, monkeypatch):
    """What is written, time by time, each as the pages with the numbers of what is on their canvases."""
    times = []
    memory._waiting.clear()

    def keep(canvases):
        times.append({page: [each["number"] for each in strokes] for page, (strokes, *_), _ in canvases})

    monkeypatch.setattr(memory, "open_drawings", lambda: SimpleNamespace(keep_canvases=keep))
    monkeypatch.setattr(memory, "session", lambda kind: own[0])
    return times


own = []  # the page that draws


def wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def draw(memory, page, strokes):
    own[:] = [memory._Own(page=page)]
    memory.keep(SimpleNamespace(past=[], state=memory.State(strokes, None), future=[]))


@pytest.fixture
def reload(memory):
    """A function that keeps a drawing with its history and finds it again, all as the numbers of their strokes."""

    def reload(past, now, future):
        strokes = kept, *_ = memory._pack(past, now, future)
        found = memory._unpack(KeptDrawing("page", "", None, strokes, b"", None, datetime.now(UTC)))
        assert len({stroke["number"] for stroke in kept}) == len(kept)
        return [
            [[stroke["number"] for stroke in each.objects] for each in part]
            for part in (found[0], [found[1]], found[2])
        ]

    return reload


def stroke(points):
    return {
        "type": "Path",
        "strokeWidth": 1,
        "path": [["M", 0, 0], *[["L", 1, 1]] * (points - 1)],
        "number": next(_numbers),
    }


def growing(memory, sizes):
    """The states of a drawing that grows by strokes of so many points."""
    strokes = [stroke(size) for size in sizes]
    return [memory.State(strokes[:length], None) for length in range(len(strokes) + 1)]


def numbers(states):
    return [[each["number"] for each in state.objects] for state in states]


def test_what_many_people_draw_at_once_is_written_together_and_the_last_state_of_each(memory, written):
    memory._next_turn = time.monotonic() + 0.3
    first, second, third = (stroke(2) for _ in range(3))
    draw(memory, "ada", [first])
    draw(memory, "bob", [second])
    draw(memory, "ada", [first, third])
    assert written == []
    wait_for(lambda: written)
    assert written == [{"ada": [first["number"], third["number"]], "bob": [second["number"]]}]
    draw(memory, "bob", [])
    wait_for(lambda: len(written) > 1)
    assert written[1] == {"bob": []}


def test_a_short_history_is_kept_whole(memory, reload):
    states = growing(memory, [10, 20, 30, 40])
    assert reload(states[:2], states[2], states[3:]) == [numbers(states[:2]), numbers(states[2:3]), numbers(states[3:])]


def test_of_a_long_history_the_nearest_states_are_kept(memory, reload):
    drawn = [memory.State([stroke(memory.MAX_POINTS // 4)], None) for _ in range(9)]
    past, now, future = drawn[:5], drawn[5], drawn[6:]  # the last of `future` is the next
    assert reload(past, now, []) == [numbers(past[2:]), numbers([now]), []]
    assert reload([], now, future) == [[], numbers([now]), numbers(future)]
    assert reload(past[4:], now, future) == [numbers(past[4:]), numbers([now]), numbers(future[1:])]


def test_a_large_drawing_is_kept_with_the_states_that_it_grew_from(memory, reload):
    states = growing(memory, [10, 2 * memory.MAX_POINTS, 20])
    other = memory.State([stroke(1)], None)
    assert reload([other, *states[:-1]], states[-1], []) == [numbers(states[:-1]), numbers(states[-1:]), []]


def test_what_could_not_be_written_is_written_with_the_next_stroke(memory, written, monkeypatch):
    first, second, third = (stroke(2) for _ in range(3))
    works, broken = memory.open_drawings(), SimpleNamespace(keep_canvases=lambda canvases: fail())
    monkeypatch.setattr(memory, "open_drawings", lambda: broken)
    draw(memory, "ada", [first])
    draw(memory, "bob", [second])
    wait_for(lambda: memory._waiting and not memory._scheduled and not memory._writing.locked())
    monkeypatch.setattr(memory, "open_drawings", lambda: works)
    draw(memory, "ada", [third])
    wait_for(lambda: written)
    assert written == [{"ada": [third["number"]], "bob": [second["number"]]}]


def fail():
    raise InputError("The database is gone.")
