"""Starting and ending a training from the page, whichever region asks for it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st

from model import InputError
from model.files import read_json
from model.runs.store import KEPT_BYTES, KEPT_RUNS, RUN_FILE, running_run, runs_folder
from model.runs.process import ALREADY_RUNNING, Launch, cancel_training, resume_training, start_training


@dataclass
class Cancelling:
    """What comes of a wish to cancel, which a thread looks after."""

    trouble: str | None = None  # why it cannot be


def training_allowed() -> bool:
    """Not if DIGITS_TRAINING is off, for a page that is open to others."""
    return os.environ.get("DIGITS_TRAINING", "on").strip().lower() not in ("off", "0", "no", "false")


def launched() -> Launch | None:
    """The training that this session started last, if any."""
    return st.session_state.get("launch")


def is_busy() -> bool:
    """Whether a training runs, or this session has just started one."""
    runs, launch = runs_folder(), launched()
    if running_run(runs) is not None:
        return True
    if launch is None or launch.process.poll() is not None:
        return False
    return read_json(launch.folder / RUN_FILE).get("pid") != launch.process.pid  # it has not come to its run yet


def begin(settings: dict[str, Any]) -> None:
    """Starts a training. Raises InputError if it cannot."""
    _check_free()
    launch = start_training(runs_folder(), settings)
    _remember(launch)
    if launch.deleted:
        st.session_state.training_note = (
            f"The oldest runs were deleted to make room ({', '.join(launch.deleted)}): the page keeps {KEPT_RUNS} "
            f"runs, and {KEPT_BYTES / 1e9:.0f} GB."
        )


def go_on(name: str) -> None:
    """Goes on with a run that was cancelled or failed. Raises InputError if it cannot."""
    _check_free()
    _remember(resume_training(runs_folder(), name))


def _check_free() -> None:
    if not training_allowed():
        raise InputError("Training is switched off on this page.")
    if is_busy():
        raise InputError(ALREADY_RUNNING)


def _remember(launch: Launch) -> None:
    state = st.session_state
    state.launch, state.launched = launch, time.monotonic()
    state.training_trouble = state.training_note = state.cancelling = None


def cancel() -> None:
    """Cancel was pressed. Ending the trainer may take a second, in which the page goes on reading."""
    if not training_allowed():
        return
    st.session_state.cancelling = cancelling = Cancelling()
    Thread(target=_cancel, args=(runs_folder(), launched(), cancelling), daemon=True).start()


def _cancel(runs: Path, launch: Launch | None, cancelling: Cancelling) -> None:
    try:
        cancel_training(runs, launch)
    except InputError as error:
        cancelling.trouble = str(error)


def show_cancel(key: str, width: str = "content") -> None:
    """The button that cancels, and why it could not."""
    if not training_allowed():
        return
    cancelling: Cancelling | None = st.session_state.get("cancelling")
    waits = cancelling is not None and cancelling.trouble is None
    st.button("Cancelling …" if waits else "Cancel", key=key, width=width, on_click=cancel)
    if cancelling is not None and cancelling.trouble:
        st.error(cancelling.trouble, icon=":material/error:")
