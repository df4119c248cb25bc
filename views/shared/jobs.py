"""The one way to do something beside the page: a thread does the work, and a page that waits looks again and again.

Each kind of work has a lane with threads of its own, so that a conversion never delays the loading of a network. The
work makes no call of Streamlit's.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st

from model import InputError

T = TypeVar("T")

LOOK_INTERVAL = 0.4  # seconds between two looks of a page that waits
ABANDONED = 15.0  # seconds after the last look, when work that nobody waits for is given up


@dataclass(frozen=True)
class Lane:
    """Where one kind of work is done."""

    threads: int
    kept: int = 0
    """Jobs that can be found again by their key; the least recently used are forgotten first."""
    gives_up: bool = False
    """Whether work that nobody waits for any more is dropped."""


LANES = {
    "networks": Lane(threads=1, kept=4),  # going back to one takes no time; some 10 MB each
    "data": Lane(threads=2, kept=4),  # so that images need not wait until others are indexed
    "tabs": Lane(threads=2, kept=8, gives_up=True),  # so that a picture does not wait for 10,000 test images
    "conversions": Lane(threads=1, kept=8),  # 1 to 5 MB each
    "following": Lane(threads=1),
    "cancelling": Lane(threads=1),
}


@dataclass
class Job(Generic[T]):
    """A piece of work: how far it has come, and whether anybody still waits for it."""

    future: Future = field(default_factory=Future)
    fraction: float = 0.0
    """0–1, of the work."""
    phase: str = ""
    """What it is doing, in a word or two."""
    looked: float = field(default_factory=time.monotonic)

    def tell(self, fraction: float, phase: str | None = None) -> None:
        """For the work itself: how far it has come."""
        self.fraction, self.phase = fraction, self.phase if phase is None else phase

    def wanted(self) -> bool:
        """For the work itself: whether to carry on. If not, it returns None."""
        return time.monotonic() - self.looked < ABANDONED

    def done(self) -> bool:
        return self.future.done()

    def failure(self) -> str | None:
        """Why it failed, in a sentence; None if it succeeded or is not done yet."""
        if not self.done():
            return None
        try:
            self.result()
        except InputError as error:
            return str(error)
        return None

    def result(self) -> T:
        """Waits if it is not done. Raises InputError, as the work did; of any other error it makes a sentence."""
        try:
            return self.future.result()
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"This failed ({type(error).__name__}: {error}): try again.") from error

    def cancel(self) -> None:
        """Drops the work if it has not begun."""
        self.future.cancel()


@dataclass
class _OpenLane:
    """A lane of this process, which all its sessions share."""

    lane: Lane
    pool: ThreadPoolExecutor
    jobs: "OrderedDict[Hashable, Job]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)


@st.cache_resource(show_spinner=False)
def _open(name: str) -> _OpenLane:
    return _OpenLane(LANES[name], ThreadPoolExecutor(LANES[name].threads, thread_name_prefix=name))


def submit(lane: str, work: Callable[[Job[T]], T]) -> Job[T]:
    """Has `work` done for this session alone."""
    opened, job = _open(lane), Job()
    _submit(opened, job, work)
    return job


def start(lane: str, key: Hashable, work: Callable[[Job[T]], T], patience: float = 0.0) -> Job[T]:
    """Has `work` done once for all sessions, unless it is under way or its result is still kept.

    Waits for `patience` seconds: what is done by then needs no progress bar.
    """
    if (job := find(lane, key)) is not None:
        return job
    opened = _open(lane)
    with opened.lock:
        if (job := opened.jobs.get(key)) is not None:  # another session was faster
            return job
        job = opened.jobs[key] = Job()
        finished = [each for each, other in opened.jobs.items() if other.done()]
        for old in finished[: max(0, len(opened.jobs) - opened.lane.kept)]:
            del opened.jobs[old]
        _submit(opened, job, work)
    wait([job.future], patience)
    return job


def _submit(opened: _OpenLane, job: Job[T], work: Callable[[Job[T]], T]) -> None:
    job.future = opened.pool.submit(lambda: work(job) if job.wanted() or not opened.lane.gives_up else None)


def find(lane: str, key: Hashable) -> Job | None:
    """The job of this key, if it was started; looking keeps it alive. Work that was given up is forgotten."""
    opened = _open(lane)
    with opened.lock:
        job = opened.jobs.get(key)
        if job is None:
            return None
        if job.done() and job.failure() is None and job.result() is None:
            del opened.jobs[key]
            return None
        opened.jobs.move_to_end(key)
        job.looked = time.monotonic()
        return job


def forget(lane: str, key: Hashable) -> None:
    """Lets the work of this key be started again."""
    opened = _open(lane)
    with opened.lock:
        opened.jobs.pop(key, None)


def watch(*jobs: Job, show_progress: bool = False) -> None:
    """Runs the whole page again once one of the jobs is done, all of which were not when the page looked at them.

    So it does not look first whether they are: a job may become ready between that look and this one.
    """
    if jobs:
        st.fragment(_look, run_every=LOOK_INTERVAL)(jobs, show_progress)


def _look(jobs: tuple[Job, ...], show_progress: bool) -> None:
    for job in jobs:
        job.looked = time.monotonic()
    if any(job.done() for job in jobs):
        st.rerun()
    if show_progress:
        st.progress(min(1.0, jobs[0].fraction), jobs[0].phase or "Waiting for other work to end")
