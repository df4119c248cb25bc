"""Slow work for a tab, in a thread beside the page: two pieces at a time for all visitors, none that nobody waits for.

The work makes no call of Streamlit's. A page that waits looks again and again, and is shown anew once it is done.
"""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import streamlit as st

from model import InputError

WORKERS = 2  # so that a picture does not wait for ten thousand test images
AT_ONCE = 0.2  # seconds: what is done so soon needs no progress
LOOK_SECONDS = 0.5  # how often a page that waits looks
FORGOTTEN = 15.0  # seconds after the last look, until work is given up
KEPT_RESULTS = 8


@dataclass
class Job:
    """A piece of work: what it has come to, and whether anybody still waits for it."""

    share: float = 0.0  # 0–1, of the work that is done
    phase: str = ""  # what it does, in a word or two
    looked: float = field(default_factory=time.monotonic)
    future: Future | None = None  # its result, or None if it was given up

    def tell(self, share: float, phase: str | None = None) -> None:
        self.share, self.phase = share, self.phase if phase is None else phase

    def wanted(self) -> bool:
        return time.monotonic() - self.looked < FORGOTTEN

    def done(self) -> bool:
        return self.future is not None and self.future.done()


@st.cache_resource(show_spinner=False)
def _jobs() -> tuple[dict[Hashable, Job], Lock, ThreadPoolExecutor]:
    return {}, Lock(), ThreadPoolExecutor(WORKERS, thread_name_prefix="tab")


def find_job(key: Hashable) -> Job | None:
    """The work of this key, if it was started; looking keeps it going. Work that was given up is forgotten."""
    jobs, lock, _ = _jobs()
    with lock:
        job = jobs.get(key)
        if job is not None and job.done() and job.future.exception() is None and job.future.result() is None:
            job = jobs.pop(key) and None
        if job is not None:
            job.looked = time.monotonic()
        return job


def start_job(key: Hashable, work: Callable[[Job], Any]) -> Job:
    """Has `work` done, unless it is already; it should give up, and return None, once its job is not wanted."""
    if (job := find_job(key)) is not None:
        return job
    jobs, lock, pool = _jobs()
    with lock:
        job = jobs[key] = Job()
        for old in [each for each, other in jobs.items() if other.done()][: max(0, len(jobs) - KEPT_RESULTS)]:
            del jobs[old]
        job.future = pool.submit(lambda: work(job) if job.wanted() else None)
    wait([job.future], AT_ONCE)
    return job


def forget_job(key: Hashable) -> None:
    """So that it can be tried again."""
    jobs, lock, _ = _jobs()
    with lock:
        jobs.pop(key, None)


def result_of(job: Job) -> Any:  # noqa: ANN401 - whatever the work returned
    """Of a job that is done. Raises InputError, as the work did; of any other error, a sentence."""
    try:
        return job.future.result()
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"This failed ({type(error).__name__}: {error}): try it again.") from error


def watch(job: Job) -> None:
    """Shows how far the work has come, and once it is done, the whole page anew."""
    st.fragment(_look, run_every=LOOK_SECONDS)(job)


def _look(job: Job) -> None:
    job.looked = time.monotonic()
    if job.done():
        st.rerun()
    st.progress(min(1.0, job.share), job.phase or "Waiting for other work to end")
