"""A drawing and its history, as they are kept for a reload of the page."""

from datetime import UTC, datetime
from itertools import count

import pytest

from model.drawings import KeptDrawing

_numbers = count()


@pytest.fixture
def memory(drawing_module):
    return drawing_module("memory")


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


def test_a_short_history_is_kept_whole(memory, reload):
    states = growing(memory, [10, 20, 30, 40])
    assert reload(states[:2], states[2], states[3:]) == [numbers(states[:2]), numbers(states[2:3]), numbers(states[3:])]


def test_of_a_long_history_the_nearest_states_are_kept(memory, reload):
    drawn = [memory.State([stroke(memory.MAX_POINTS // 4)], None) for _ in range(7)]
    past, now, future = drawn[:5], drawn[5], drawn[6:]
    assert reload(past, now, future) == [numbers(past[2:]), numbers([now]), []]
    assert reload([], now, future) == [[], numbers([now]), numbers(future)]


def test_a_large_drawing_is_kept_without_one(memory, reload):
    states = growing(memory, [10, 2 * memory.MAX_POINTS])
    assert reload(states[:2], states[2], []) == [[], numbers(states[2:]), []]
