"""The one way to work in the background: a thread does the work, and a page that waits for it keeps checking.

Each kind of work has a lane with threads of its own, so that a conversion never delays the loading of a network. The
work must not call Streamlit.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import streamlit as st

from model import InputError
from model.errors import first_line
from views.shared.turns import aside

T = TypeVar("T")

LOOK_INTERVAL = 0.4  # seconds between the checks of a waiting page
ABANDONED = 15.0  # seconds without a check, after which nobody is waiting for the work any more
AGAIN: Any = object()  # what work returns that wants to go on once others have had their turn
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lane:
    """Where one kind of work is done."""

    threads: int
    kept: int = 0
    """How many jobs can be found again by their key although nobody holds on to them, the latest used ones."""
    gives_up: bool = False
    """Whether work that nobody waits for any more is dropped."""


LANES = {
    "networks": Lane(threads=1, kept=4),  # going back to one takes no time; some 10 MB each
    "data": Lane(threads=2, kept=4),  # so that images need not wait until others are indexed
    "tabs": Lane(threads=2, kept=8, gives_up=True),  # so that an index does not wait for 10,000 test images
    "pictures": Lane(threads=3, kept=8, gives_up=True),  # which are opened in processes of their own: threads only wait
    "conversions": Lane(threads=1, kept=8),  # 1 to 5 MB each
    "following": Lane(threads=1),
    "cancelling": Lane(threads=1),
    "canvases": Lane(threads=1),
    "writing canvases": Lane(threads=1),  # so that what is drawn last is written last
    "drawings": Lane(threads=1),  # so that a person's changes come one after the other
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
        """For the work itself: whether to carry on. If not, the work returns None."""
        return time.monotonic() - self.looked < ABANDONED

    def done(self) -> bool:
        return self.future.done()

    def failure(self) -> str | None:
        """Why it failed, in a sentence; None if it succeeded or is not done yet."""
        if not self.done():
            return None
        if self.future.cancelled():
            return "This was cancelled: try again."
        error = self.future.exception()  # not raised: each raise would add the frames of a page's run to it
        return None if error is None else _in_words(error)

    def wait(self, patience: float | None = None) -> None:
        """Waits until it is done, or for so many seconds at most."""
        if patience != 0 and not self.done():
            with aside():
                wait([self.future], patience)

    def result(self) -> T:
        """Waits until it is done. Raises InputError: the work's own, or one that puts any other error in a sentence."""
        self.wait()
        if (failure := self.failure()) is not None:
            raise InputError(failure)
        return self.future.result()

    def cancel(self) -> None:
        """Drops the work if it has not begun."""
        self.future.cancel()


def _in_words(error: BaseException) -> str:
    if isinstance(error, InputError):
        return str(error)
    return f"This failed ({type(error).__name__}: {first_line(error)}): try again."


@dataclass
class _OpenLane:
    """A lane of this process, which all its sessions share."""

    lane: Lane
    pool: ThreadPoolExecutor
    jobs: "OrderedDict[Hashable, Job]" = field(default_factory=OrderedDict)
    held: "WeakValueDictionary[Hashable, Job]" = field(default_factory=WeakValueDictionary)
    """Those of `jobs`, and those forgotten that a session still holds on to."""
    lock: Lock = field(default_factory=Lock)


_opened = {
    name: _OpenLane(lane, ThreadPoolExecutor(lane.threads, thread_name_prefix=name)) for name, lane in LANES.items()
}


def submit(lane: str, work: Callable[[Job[T]], T], patience: float = 0.0) -> Job[T]:
    """Starts `work` for this session alone, and waits for `patience` seconds, in which it may be done."""
    opened, job = _opened[lane], Job()
    _submit(opened, job, work)
    job.wait(patience)
    return job


def start(lane: str, key: Hashable, work: Callable[[Job[T]], T], patience: float = 0.0) -> Job[T]:
    """Starts `work` once for all sessions, unless it is already under way or its result is still kept.

    Waits for `patience` seconds: what is done by then needs no progress bar.
    """
    opened = _opened[lane]
    with opened.lock:
        if (job := _look_up(opened, key)) is not None:
            return job
        job = opened.jobs[key] = opened.held[key] = Job()
        finished = [each for each, other in opened.jobs.items() if other.done()]
        for old in finished[: max(0, len(opened.jobs) - opened.lane.kept)]:
            del opened.jobs[old]
        _submit(opened, job, work)
    job.wait(patience)
    return job


def _submit(opened: _OpenLane, job: Job[T], work: Callable[[Job[T]], T]) -> None:
    opened.pool.submit(_begin, opened, job, work)


def _begin(opened: _OpenLane, job: Job[T], work: Callable[[Job[T]], T]) -> None:
    if job.future.set_running_or_notify_cancel():
        _go_on(opened, job, work)


def _go_on(opened: _OpenLane, job: Job[T], work: Callable[[Job[T]], T]) -> None:
    try:
        result = work(job) if job.wanted() or not opened.lane.gives_up else None
    except BaseException as error:
        if not isinstance(error, InputError):
            _LOGGER.exception("Background work failed")
        job.future.set_exception(error)
        return
    if result is AGAIN:
        opened.pool.submit(_go_on, opened, job, work)
    else:
        job.future.set_result(result)


def find(lane: str, key: Hashable) -> Job | None:
    """The job of this key, if it was started; looking keeps it alive. Work that was given up is forgotten."""
    opened = _opened[lane]
    with opened.lock:
        return _look_up(opened, key)


def _look_up(opened: _OpenLane, key: Hashable) -> Job | None:
    """The job of this key. Call it with the lane's lock held."""
    job = opened.jobs.get(key) or opened.held.get(key)
    if job is None:
        return None
    if job.done() and job.failure() is None and job.future.result() is None:
        _forget(opened, key)
        return None
    if key in opened.jobs:
        opened.jobs.move_to_end(key)
    job.looked = time.monotonic()
    return job


def forget(lane: str, key: Hashable) -> None:
    """Lets the work of this key be started again."""
    opened = _opened[lane]
    with opened.lock:
        _forget(opened, key)


def _forget(opened: _OpenLane, key: Hashable) -> None:
    opened.jobs.pop(key, None)
    opened.held.pop(key, None)


def watch(*jobs: Job, show_progress: bool = False) -> None:
    """Reruns the whole page once one of the jobs is done. The page must have seen all of them unfinished.

    It does not check first that they still are: one that was done since then must cause a rerun, too.
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
