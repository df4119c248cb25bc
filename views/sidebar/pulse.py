"""The timer of a page: it shows again whatever is about trainings, once there is news of them.

All pages of this process look at the folder of runs together, so that a look costs fifty people what it costs one. The
more pages there are, the less often each is shown again, so that whoever draws is not kept waiting.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import streamlit as st

from model.runs import HISTORY_FILE, MOMENTS_FILE, RUN_FILE, Run, latest_run, runs_folder
from views.shared.in_use import run_in_use
from views.shared.metrics import count_pages
from views.shared.model_choice import wanted_run
from views.shared.open_tab import REGIONS, is_open
from views.shared.reruns import rerun_regions
from views.shared.state import session
from views.shared.trainings import Trainings, notice_end, own_training, trainings

BUSY_INTERVAL, IDLE_INTERVAL = 2.0, 3.0  # seconds between beats, while something trains and while nothing does
KEPT = 1.0  # seconds that a look at the folder is good enough for every page
MAX_SHOWN = 6  # pages that are shown again in a second
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
    due: float = 0.0
    """When it may be shown again."""


_lock = Lock()
_last: tuple[Path, float, Look] | None = None


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
    seen.page, seen.progress = _page(shown), shown.progress
    st.fragment(_beat, run_every=BUSY_INTERVAL if shown.trainings.busy else IDLE_INTERVAL)()


def _beat() -> None:
    seen, found = session(_Seen), latest_look()
    if notice_end():
        st.rerun()
    if (_page(found), found.progress) == (seen.page, seen.progress) or time.monotonic() < seen.due:
        return
    seen.due = time.monotonic() + count_pages() / MAX_SHOWN
    if _page(found) != seen.page:
        st.rerun()
    seen.progress = found.progress
    rerun_regions([TRAINING_REGION, *(region for tab, region in REGIONS.items() if is_open(tab))])


def _page(found: Look) -> tuple:
    """What the whole page depends on."""
    running, waiting = found.trainings.running, found.trainings.waiting
    names = running and running.name, tuple(run.name for run in waiting)
    return *names, found.changed, run_in_use(), wanted_run(), own_training().complaint


def _look(runs: Path) -> Look:
    run, files = latest_run(runs), []
    if run is not None:
        files = [run.folder / RUN_FILE, run.curves_folder / HISTORY_FILE, run.curves_folder / MOMENTS_FILE]
    return Look(trainings(), run, _changed(runs), tuple(map(_changed, files)))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
