"""Starting, watching and cancelling a training from the page, whichever region asks for it.

Trainings take turns. A thread of the server starts whoever is next; no page need be open for that.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from model import InputError
from model.runs import (
    MAX_RUNS,
    MAX_RUNS_BYTES,
    MAX_WAITING_EACH,
    PAUSED,
    Run,
    Settings,
    Wish,
    cancel_training,
    find_run,
    latest_run,
    queue_again,
    queue_training,
    running_run,
    runs_folder,
    start_next,
    waiting_runs,
    wish,
    wished,
)
from views.shared.in_use import runs_in_use
from views.shared.jobs import Job, submit
from views.shared.model_choice import name_run
from views.shared.notes import plain, show_error
from views.shared.state import session
from views.shared.visitor import (
    check_may_change,
    check_training_allowed,
    is_local,
    may_change,
    own_browser,
    training_allowed,
)

QUEUE_INTERVAL = 1.0  # seconds between two looks at the queue
_LOGGER = logging.getLogger(__name__)
SOMEBODY_ELSES = "Another visitor has started it: only they can pause or cancel it."


@dataclass
class OwnTraining:
    """The training that this session started last, and what is to be said about it."""

    run: str | None = None
    """Its name, from its start until its end has been noticed."""
    cancelling: tuple[str, Job[None]] | None = None
    """The name of a training that is being cancelled."""
    trouble: str | None = None
    """Why it could not start, or ended before it began."""
    note: str | None = None

    @property
    def complaint(self) -> str | None:
        """Why nothing began or changed, or why a training cannot be cancelled."""
        return self.trouble or (self.cancelling[1].failure() if self.cancelling else None)


@dataclass(frozen=True)
class Trainings:
    """What trains now, and what waits."""

    running: Run | None
    """None, too, while the first one that waits is being started."""
    waiting: tuple[Run, ...]
    """The next one first."""

    @property
    def busy(self) -> bool:
        """Whether anything trains or waits."""
        return bool(self.running or self.waiting)

    @property
    def current(self) -> Run | None:
        """The one that trains or is being started."""
        return self.running or next(iter(self.waiting), None)

    @property
    def queue(self) -> tuple[Run, ...]:
        """Those that wait for the current one."""
        return self.waiting if self.running else self.waiting[1:]

    @property
    def is_full(self) -> bool:
        """Whether this visitor can add no more."""
        own = own_browser()
        return sum(run.owner == own for run in self.waiting) >= MAX_WAITING_EACH


def trainings() -> Trainings:
    """What trains and what waits in the folder of runs."""
    runs = runs_folder()
    try:
        waiting = waiting_runs(runs)
    except InputError:  # whoever lists the runs says so
        return Trainings(None, ())
    name = running_run(runs)
    running = None if name is None else find_run(runs, name)
    return Trainings(running, tuple(run for run in waiting if run.name != name))


def own_training() -> OwnTraining:
    """To be read only; the functions of this module change it."""
    return session(OwnTraining)


def keep_starting() -> None:
    """Starts whichever training is next, for as long as the server runs: the work of a thread of its own."""
    while True:
        time.sleep(QUEUE_INTERVAL)
        if training_allowed():
            try:
                start_next(runs_folder())
            except (InputError, OSError):  # a page says what is wrong with the folder
                pass
            except Exception:
                _LOGGER.exception("The next training could not be started")


def try_to_begin(make_settings: Callable[[], Settings]) -> bool:
    """Adds a training with these settings. If it cannot, the reason is kept to be shown in the sidebar."""
    own = own_training()
    own.trouble = own.note = None
    try:
        begin(make_settings())
    except InputError as error:
        own.trouble = str(error)
    return own.trouble is None


def begin(settings: Settings) -> None:
    """Adds a training to the queue, and starts it if nothing else trains. Raises InputError if it cannot."""
    check_training_allowed()
    name, deleted = queue_training(runs_folder(), settings, own_browser(), runs_in_use())
    _remember(name)
    if deleted:
        own_training().note = (
            f"Old runs were deleted to make room ({', '.join(deleted)}): the page keeps {MAX_RUNS} runs "
            f"and {MAX_RUNS_BYTES / 1e9:.0f} GB at most."
        )


def resume(run: Run) -> None:
    """Adds a run that was cancelled or has failed to the queue again. Raises InputError if it cannot."""
    check_may_change(run.owner)
    queue_again(runs_folder(), run.name)
    _remember(run.name)


def _remember(name: str) -> None:
    own = own_training()
    own.run = name
    own.trouble = own.note = own.cancelling = None
    start_next(runs_folder())


def notice_end() -> bool:
    """Whether the training that this session added last has ended since the last look, and why if it never began."""
    own = own_training()
    if own.run is None:
        return False
    runs = runs_folder()
    run, latest = find_run(runs, own.run), latest_run(runs)
    if run is not None and run.is_unfinished:
        return False
    if run is not None and run.status == "failed" and (latest is None or latest.name != run.name):
        own.trouble = run.error
    own.run = None
    return True


def _cancel(run: Run) -> None:
    """Cancel or Withdraw was pressed. Ending a trainer may take a second, in which the page goes on reading."""
    if not may_change(run.owner):
        return
    runs, name = runs_folder(), run.name
    own_training().cancelling = name, submit("cancelling", lambda _: cancel_training(runs, name))


def show_cancel(run: Run, key: str, label: str = "Cancel", width: Literal["content", "stretch"] = "content") -> None:
    """The button that cancels a training and, if that failed, the reason; for others, that they cannot."""
    if not training_allowed():
        return
    if not may_change(run.owner):
        st.caption(SOMEBODY_ELSES)
        return
    name, cancelling = own_training().cancelling or (None, None)
    cancelling = cancelling if name == run.name else None
    trouble = None if cancelling is None else cancelling.failure()
    waits = cancelling is not None and trouble is None
    st.button("Cancelling …" if waits else label, key=key, width=width, on_click=_cancel, args=(run,))
    if trouble:
        show_error(trouble)


def show_queue(found: Trainings) -> None:
    """The trainings that wait for the current one, with their places; of others' only on a local page."""
    before = found.current
    for place, run in enumerate(found.queue, start=1):
        if before is not None and (is_local() or run.owner == own_browser()):
            with st.container(key=f"waiting_{run.name}"):
                where = f"**{in_order(place)} in the queue:** {plain(name_run(run))}"
                st.caption(f"{where} starts when {plain(name_run(before))} is done.")
                if may_change(run.owner):
                    show_cancel(run, f"withdraw_{run.name}", "Withdraw")
        before = run


def in_order(place: int) -> str:
    """A place from 1 in words, such as "2nd"."""
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def _wish(run: Run, what: Wish) -> None:
    if not may_change(run.owner):
        return
    own = own_training()
    try:
        wish(run.folder, what)
    except OSError as error:
        own.trouble = f"The training could not be told ({error.strerror or error}): free some space, then try again."


def show_pausing(run: Run) -> None:
    """Pause or, for a training that is paused, buttons to go on, by one batch or epoch, too; nothing for others."""
    if not may_change(run.owner):
        return
    if run.progress.phase == PAUSED:
        _offer_wish(run, "go", "Go on", "play_arrow")
        with st.container(horizontal=True, key="steps_of_training"):
            _offer_wish(run, "batch", "One batch", "skip_next")
            _offer_wish(run, "epoch", "One epoch", "skip_next")
    else:
        waits = wished(run.folder)[0] == "pause"
        _offer_wish(run, "pause", "Pausing …" if waits else "Pause", "pause")


def _offer_wish(run: Run, what: Wish, label: str, icon: str) -> None:
    st.button(
        label,
        key=f"wish_{what}",
        icon=f":material/{icon}:",
        width="stretch",
        on_click=_wish,
        args=(run, what),
    )


def show_progress(run: Run | None) -> None:
    """How far a training has come; None for one that has yet to be started."""
    if run is None:
        st.progress(0.0, "Starting")
        return
    said = f"{run.progress.in_words() or 'Starting'} · {run.seconds or 0:.0f} s so far"
    st.progress(progress_fraction(run), plain(said))


def progress_fraction(run: Run) -> float:
    """How much of a training is done, 0–1."""
    return min(max(run.progress.fraction or 0.0, 0.0), 1.0)
