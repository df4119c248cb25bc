"""Starting, watching and cancelling a training from the page, whichever region asks for it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from model import InputError
from model.files import read_json
from model.runs import (
    ALREADY_RUNNING,
    MAX_RUNS,
    MAX_RUNS_BYTES,
    RUN_FILE,
    Launch,
    Run,
    Settings,
    cancel_training,
    resume_training,
    running_run,
    runs_folder,
    start_training,
)
from views.shared.jobs import Job, submit
from views.shared.state import session


@dataclass
class OwnTraining:
    """The training that this session started last, and what is to be said about it."""

    launch: Launch | None = None
    launched: float | None = None
    """When, by `time.monotonic`."""
    cancelling: Job[None] | None = None
    trouble: str | None = None
    """Why it could not start, or ended without leaving a run."""
    note: str | None = None


def own_training() -> OwnTraining:
    """To be read only; the functions of this module change it."""
    return session(OwnTraining)


def training_allowed() -> bool:
    """Not if DIGITS_TRAINING is off, for a page that is open to others."""
    return os.environ.get("DIGITS_TRAINING", "on").strip().lower() not in ("off", "0", "no", "false")


def is_busy() -> bool:
    """Whether a training is running, or this session has just started one."""
    runs, launch = runs_folder(), own_training().launch
    if running_run(runs) is not None:
        return True
    if launch is None or launch.process.poll() is not None:
        return False
    return read_json(launch.folder / RUN_FILE).get("pid") != launch.process.pid  # it has not written run.json yet


def try_to_begin(make_settings: Callable[[], Settings]) -> bool:
    """Starts a training with these settings. If it cannot, the reason is kept to be shown in the sidebar."""
    own = own_training()
    own.trouble = own.note = None
    try:
        begin(make_settings())
    except InputError as error:
        own.trouble = str(error)
    return own.trouble is None


def begin(settings: Settings) -> None:
    """Starts a training. Raises InputError if it cannot."""
    _check_free()
    launch = start_training(runs_folder(), settings)
    _remember(launch)
    if launch.deleted:
        own_training().note = (
            f"The oldest runs were deleted to make room ({', '.join(launch.deleted)}): the page keeps {MAX_RUNS} runs "
            f"and {MAX_RUNS_BYTES / 1e9:.0f} GB at most."
        )


def resume(name: str) -> None:
    """Resumes a run that was cancelled or has failed. Raises InputError if it cannot."""
    _check_free()
    _remember(resume_training(runs_folder(), name))


def _check_free() -> None:
    if not training_allowed():
        raise InputError("Training is switched off on this page.")
    if is_busy():
        raise InputError(ALREADY_RUNNING)


def _remember(launch: Launch) -> None:
    own = own_training()
    own.launch, own.launched = launch, time.monotonic()
    own.trouble = own.note = own.cancelling = None


def notice_end() -> bool:
    """Whether the trainer that this session started has ended since the last look, and why if it left no run."""
    own = own_training()
    launch = own.launch
    if launch is None or launch.process.poll() is None:
        return False
    own.trouble = launch.failure() or own.trouble
    own.launch = None
    return True


def _cancel() -> None:
    """Cancel was pressed. Ending the trainer may take a second, in which the page goes on reading."""
    if not training_allowed():
        return
    runs, own = runs_folder(), own_training()
    launch = own.launch
    own.cancelling = submit("cancelling", lambda _: cancel_training(runs, launch))


def forget_cancelling() -> None:
    """Call once nothing trains any more, so that the next training does not begin as one to be cancelled."""
    own_training().cancelling = None


def show_cancel(key: str, width: Literal["content", "stretch"] = "content") -> None:
    """The Cancel button and, if cancelling failed, the reason."""
    if not training_allowed():
        return
    cancelling = own_training().cancelling
    trouble = None if cancelling is None else cancelling.failure()
    waits = cancelling is not None and trouble is None
    st.button("Cancelling …" if waits else "Cancel", key=key, width=width, on_click=_cancel)
    if trouble:
        st.error(trouble, icon=":material/error:")


def show_progress(run: Run | None) -> None:
    """How far a training has come; None for one that has left nothing to read yet."""
    if run is None:
        launched = own_training().launched
        st.progress(0.0, f"Starting · {0 if launched is None else time.monotonic() - launched:.0f} s")
        return
    st.progress(progress_fraction(run), f"{run.progress.in_words() or 'Starting'} · {run.seconds or 0:.0f} s so far")


def progress_fraction(run: Run) -> float:
    """How much of a training is done, 0–1."""
    return min(max(run.progress.fraction or 0.0, 0.0), 1.0)
