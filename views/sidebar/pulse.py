"""The timer of a page: it shows again whatever is about trainings, once there is news of them.

All pages of this process look at the folder of runs together, so that a look costs fifty people what it costs one: a
page without news runs only if nobody has looked for a while. They are shown again one after the other, so that whoever
draws is not kept waiting: many pages, or those of a busy server, see a training less often.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.state import SessionState

from model.runs import HISTORY_FILE, MOMENTS_FILE, RUN_FILE, Run, latest_run, runs_folder
from views.shared.in_use import run_in_use
from views.shared.model_choice import wanted_run
from views.shared.open_tab import REGIONS, is_open
from views.shared.reruns import rerun_regions, rest_timer
from views.shared.state import held_by, session
from views.shared.trainings import OwnTraining, Trainings, notice_end, own_training, trainings

BUSY_INTERVAL, IDLE_INTERVAL = 2.0, 3.0  # seconds between beats, while something trains and while nothing does
KEPT = 1.0  # seconds that a look at the folder is good enough for every page
APART, WHOLE_APART = 0.15, 0.4  # seconds between two pages of which a region, or all, is shown again, at least
SHARE, MAX_APART = 8, 1.0  # and so many times as long as it took to show the last region, up to this
PULSE = "pulse"  # the key of the timer's fragment
TRAINING_REGION = "training_region"  # the key of the sidebar's fragment that shows a training


class Look(NamedTuple):
    """What was seen of the folder of runs."""

    trainings: Trainings
    latest: Run | None
    """The run that is training or trained last."""
    changed: int
    """When a run came or went."""
    progress: tuple
    """What changes as the training comes further."""


@dataclass
class _Seen:
    """What this session's page shows: what all of it depends on, and how far the training has come."""

    page: tuple = ()
    progress: tuple = ()
    turn: float | None = None
    """When it may be shown again, once there is news."""
    upon: Look | None = None
    """The last look that brought no news."""
    began: float | None = None
    """When the region was last asked to be shown again, until it is."""


_lock = Lock()
_last: tuple[Path, float, Look] | None = None
_next_turn = 0.0
_took = 0.0  # seconds, the last time that a region was shown again


def latest_look(fresh: bool = False) -> Look:
    """What was seen of the folder of runs by any page within the last second, or is now if that must be `fresh`."""
    global _last
    runs = runs_folder()
    with _lock:
        now = time.monotonic()
        if fresh or _last is None or _last[0] != runs or now - _last[1] > KEPT:
            _last = runs, now, _look(runs)
        return _last[2]


def begin_pulse(shown: Look) -> None:
    """Keeps the page up to date from now on. `shown` is the look that all of it goes by."""
    seen = session(_Seen)
    seen.page, seen.progress, seen.turn, seen.began = _page(shown), shown.progress, None, None
    st.fragment(_beat, key=PULSE, run_every=BUSY_INTERVAL if shown.trainings.busy else IDLE_INTERVAL)()


def _beat() -> None:
    seen, found = session(_Seen), latest_look()
    if notice_end():
        st.rerun()
    whole = _page(found) != seen.page
    if not whole and found.progress == seen.progress:
        seen.upon = found
        return
    if seen.turn is None:
        seen.turn = _take_turn(WHOLE_APART if whole else _apart())
    if time.monotonic() < seen.turn:
        return
    seen.turn = None
    if whole:
        st.rerun()
    seen.progress, seen.began = found.progress, time.monotonic()
    rerun_regions([TRAINING_REGION, *(region for tab, region in REGIONS.items() if is_open(tab))])


def _is_idle(state: SessionState) -> bool:
    """Whether a beat would find nothing to do. The first one a while after the last look has to look again."""
    seen, own, last, now = held_by(state, _Seen), held_by(state, OwnTraining), _last, time.monotonic()
    if seen is None or last is None or now - last[1] > KEPT or last[0] != runs_folder():
        return False
    if own is not None and (own.run or own.cancelling):
        return False
    return seen.upon == last[2] if seen.turn is None else now < seen.turn


rest_timer(PULSE, _is_idle)


def note_shown() -> None:
    """The region has been shown again."""
    global _took
    seen = session(_Seen)
    if seen.began is not None:
        _took, seen.began = time.monotonic() - seen.began, None


def _apart() -> float:
    """Seconds between two pages of which a region is shown again."""
    return max(APART, min(SHARE * _took, MAX_APART))


def _take_turn(apart: float) -> float:
    """When the next page may be shown again: now, unless others wait. The one after it has to wait so long after it."""
    global _next_turn
    with _lock:
        turn = max(_next_turn, time.monotonic())
        _next_turn = turn + apart
        return turn


def _page(found: Look) -> tuple:
    """What the whole page depends on."""
    running, waiting = found.trainings.running, found.trainings.waiting
    names = running and running.name, tuple(run.name for run in waiting)
    return *names, found.changed, run_in_use(), wanted_run(), own_training().complaint


def _look(runs: Path) -> Look:
    run, files = latest_run(runs), []
    if run is not None:
        files = [run.folder / RUN_FILE, run.part_folder / HISTORY_FILE, run.part_folder / MOMENTS_FILE]
    return Look(trainings(), run, _changed(runs), tuple(map(_changed, files)))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
