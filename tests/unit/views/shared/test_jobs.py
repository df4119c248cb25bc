"""Slow work beside the page. Its keys are those of no other test, because all tests of this process share the lanes."""

import gc
import time
import traceback
from threading import Event

import pytest

from model import InputError
from views.shared import jobs
from views.shared.jobs import AGAIN, LANES, find, forget, start, submit


def finished(key):
    while not (job := find("tabs", key)) or not job.done():
        time.sleep(0.01)
    return job


def test_work_is_done_once_for_all_who_wait():
    done = []
    for _ in range(3):
        start("tabs", "once", lambda job: done.append(1) or "result")
    assert finished("once").result() == "result"
    assert finished("once").failure() is None
    assert done == [1]
    forget("tabs", "once")
    assert find("tabs", "once") is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            InputError("The file is damaged: give another."), "The file is damaged: give another.", id="input"
        ),
        pytest.param(KeyError("x"), "This failed .KeyError.*: try again", id="unforeseen"),
    ],
)
def test_a_failure_is_reported_in_a_sentence(error, words):
    def work(job):
        raise error

    start("tabs", words, work)
    with pytest.raises(InputError, match=words) as raised:
        finished(words).result()
    assert finished(words).failure() == str(raised.value)


def test_looking_at_a_failure_again_and_again_keeps_nothing():
    def work(job):
        raise InputError("It failed.")

    job = start("tabs", "looked at", work, patience=10)
    before = traceback_length(job.future.exception())
    for _ in range(10):
        assert find("tabs", "looked at").failure() == "It failed."
        with pytest.raises(InputError):
            job.result()
    assert traceback_length(job.future.exception()) == before


def traceback_length(error):
    return len(traceback.extract_tb(error.__traceback__))


def test_abandoned_work_ends_and_can_be_started_again(monkeypatch):
    monkeypatch.setattr(jobs, "ABANDONED", 0.05)

    def work(job):
        while job.wanted():
            time.sleep(0.01)

    job = start("tabs", "abandoned", work)
    job.future.result(timeout=10)  # although nobody told it to end
    assert find("tabs", "abandoned") is None


def test_work_of_one_session_is_not_shared():
    first, second = (submit("following", lambda job: object()) for _ in range(2))
    assert first.result() is not second.result()


def test_one_kind_of_work_does_not_delay_another():
    gate = Event()
    slow = submit("cancelling", lambda job: gate.wait(10))  # on the only thread of its lane
    assert submit("following", lambda job: "result").result() == "result"
    assert not slow.done()
    gate.set()
    assert slow.result()


def test_what_somebody_holds_is_found_however_much_else_is_done():
    """So a network that sessions read with is in memory once, and goes when they do."""
    done = []
    held = [start("tabs", "ann's", lambda job: done.append(1) or object(), patience=10)]
    for number in range(LANES["tabs"].kept + 1):
        start("tabs", f"other {number}", lambda job: "result", patience=10)
    assert find("tabs", "ann's") is held[0]
    assert start("tabs", "ann's", lambda job: done.append(2)) is held[0]
    held.clear()
    gc.collect()
    assert find("tabs", "ann's") is None
    assert done == [1]
    for number in range(LANES["tabs"].kept + 1):
        forget("tabs", f"other {number}")


def test_the_results_that_were_used_least_recently_are_forgotten():
    jobs._opened["tabs"].jobs.clear()  # of other tests
    kept = LANES["tabs"].kept
    keys = [f"result {number}" for number in range(kept + 1)]
    for key in keys:
        start("tabs", key, lambda job: "result", patience=10)
        assert find("tabs", keys[0])  # used again and again
    assert find("tabs", keys[1]) is None
    assert all(find("tabs", key) for key in (keys[0], *keys[2:]))
    for key in keys:
        forget("tabs", key)


def test_work_in_many_pieces_lets_others_have_their_turn():
    """So nobody waits for all the pictures of another visitor."""
    done, all_wait = [], Event()

    def pieces(name, count):
        def work(_):
            all_wait.wait(10)
            done.append(name)
            return AGAIN if done.count(name) < count else name

        return work

    threads, blocked = LANES["pictures"].threads, Event()
    busy = [submit("pictures", lambda _: blocked.wait(10)) for _ in range(threads - 1)]  # so that one thread is left
    many, few = submit("pictures", pieces("many", 200)), submit("pictures", pieces("few", 2))
    all_wait.set()
    assert (few.result(), many.result()) == ("few", "many")
    assert done[:4] == ["many", "few", "many", "few"]
    blocked.set()
    assert all(job.result() for job in busy)
