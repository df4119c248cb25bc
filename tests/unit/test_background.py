"""Slow work beside the page. It is told by keys that no other test uses."""

import time

import pytest

from model import InputError
from views.shared import jobs as background
from views.shared.jobs import find_job, forget_job, result_of, start_job


def finished(key):
    while not (job := find_job(key)) or not job.done():
        time.sleep(0.01)
    return job


def test_work_is_done_once_for_all_who_wait():
    done = []
    for _ in range(3):
        start_job("once", lambda job: done.append(1) or "result")
    assert result_of(finished("once")) == "result"
    assert done == [1]
    forget_job("once")
    assert find_job("once") is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(InputError("The file is damaged: give another."), "The file is damaged: give another.", id="told"),
        pytest.param(KeyError("x"), "This failed .KeyError.*: try it again", id="not foreseen"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(error, words):
    def work(job):
        raise error

    start_job(words, work)
    with pytest.raises(InputError, match=words):
        result_of(finished(words))


def test_work_that_nobody_waits_for_ends_and_can_be_started_again(monkeypatch):
    monkeypatch.setattr(background, "FORGOTTEN", 0.05)

    def work(job):
        while job.wanted():
            time.sleep(0.01)

    job = start_job("forgotten", work)
    job.future.result(timeout=10)  # although nothing told it to end
    assert find_job("forgotten") is None
