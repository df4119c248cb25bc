"""Starting and ending a training from the page, whichever region asks for it."""

import os
import time
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st

from model import InputError
from model.files import read_json
from model.runs import KEPT_BYTES, KEPT_RUNS, RUN_FILE, make_room, running_run, runs_folder
from model.trainer import ALREADY_RUNNING, Launch, cancel_training, resume_training, start_training


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
    deleted = make_room(runs_folder())
    _remember(start_training(runs_folder(), settings))
    if deleted:
        st.session_state.training_note = (
            f"The oldest runs were deleted to make room ({', '.join(deleted)}): the page keeps {KEPT_RUNS} runs, "
            f"and {KEPT_BYTES / 1e9:.0f} GB."
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
    st.session_state.launch, st.session_state.launched = launch, time.monotonic()
    st.session_state.training_trouble = st.session_state.training_note = None


def cancel() -> None:
    """Cancel was pressed. Ending the trainer may take a second, in which the page goes on reading."""
    if not training_allowed():
        return
    st.session_state.cancelling = True
    Thread(target=_cancel_quietly, args=(runs_folder(), launched()), daemon=True).start()


def _cancel_quietly(runs: Path, launch: Launch | None) -> None:
    try:
        cancel_training(runs, launch)
    except InputError:
        return  # it goes on, and the page goes on showing it
