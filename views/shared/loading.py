"""The network that a session reads with: loaded in the background, once for all sessions that read with it.

Keras takes seconds to come. Until then the built-in network answers from OpenCV, and whatever looks into a network
waits.
"""

import gc
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model import InputError, Reader, Recognizer, default_network, load_light_reader, load_recognizer
from model.errors import first_line
from model.networks import import_keras
from model.paths import SHIPPED_NETWORK
from model.runs import MODEL_FILE, runs_folder
from views.shared.in_use import run_in_use
from views.shared.jobs import Job, start, watch
from views.shared.state import session

Loading = Job[Recognizer]
# While TensorFlow is imported, nothing else runs for up to half a second, and answers take twice as long for some more.
# So it begins when nobody draws.
REST = 1.0  # seconds without a stroke, and since the page was sent, after which the hand rests
MAX_WAIT = 10.0  # seconds, after which it begins in any case
FRESH = 0.02  # seconds for which a look at a file counts: one run looks a dozen times
_last_work = time.monotonic()
_versions: dict[Path, tuple[float, int]] = {}  # of files, and when they were looked at


@dataclass
class _Shown:
    """What this session's page has shown of the network."""

    missed: Loading | None = None
    """The one that was not there yet when the page asked for it."""
    ready: Loading | None = None
    """The last network in use that could be loaded, if there has been one. It is kept as long as the session."""


def load_run(name: str | None) -> Loading:
    """The network of a run, or the built-in one. The first call starts to load it."""
    path = default_network() if name is None else runs_folder() / name / MODEL_FILE
    return start("networks", (path, _version(path)), lambda _: _load(path))


def _version(path: Path) -> int:
    """When a file was last changed, in nanoseconds; 0 if it cannot be read, as loading it will say."""
    looked, version = _versions.get(path, (-math.inf, 0))
    if time.monotonic() - looked >= FRESH:
        try:
            version = path.stat().st_mtime_ns
        except OSError:
            version = 0
        _versions[path] = time.monotonic(), version
    return version


def in_use() -> Loading:
    """What to read with now: the chosen network; the one before while that is loading; the built-in one if it fails."""
    chosen, shown = load_run(run_in_use()), session(_Shown)
    if not chosen.done():
        return shown.ready or chosen
    found = chosen if chosen.failure() is None else load_run(None)
    if found.done() and found.failure() is None:
        shown.ready = found
    return found


def trouble() -> str | None:
    """Why the page reads with the built-in network instead of the chosen one."""
    return load_run(run_in_use()).failure()


def reader() -> Reader | None:
    """What to read a drawing with now: the network in use or, while Keras loads the built-in one, OpenCV's copy of it.

    None while another network loads; `rerun_when_loaded` then makes the page ask again. Raises InputError if nothing
    can be loaded.
    """
    recognizer = loaded_recognizer()
    if recognizer is not None or in_use() is not load_run(None) or default_network() != SHIPPED_NETWORK:
        return recognizer
    _note_work()
    return light_reader()


@cache
def light_reader() -> Reader:
    """OpenCV's copy of the built-in network. Raises InputError if it cannot be loaded."""
    return load_light_reader()


def loaded_recognizer() -> Recognizer | None:
    """The network in use. None while it loads; `rerun_when_loaded` then makes the page ask again.

    Raises InputError if nothing can be loaded.
    """
    found = in_use()
    if found.done():
        return found.result()
    session(_Shown).missed = found
    return None


def rerun_when_loaded(*others: Job | None) -> None:
    """Runs the page again once the network is there that `loaded_recognizer` did not have, or cannot be loaded.

    The same for anything else that the page shows as loading, or does without meanwhile. Put it last on the page.
    """
    _note_work()
    shown = session(_Shown)
    waiting = [each for each in (shown.missed, *others) if each is not None]
    shown.missed = None
    watch(*waiting)


def _note_work() -> None:
    global _last_work
    _last_work = time.monotonic()


def _wait_for_a_rest() -> None:
    deadline = time.monotonic() + MAX_WAIT
    while time.monotonic() < min(deadline, _last_work + REST):
        time.sleep(0.05)


def _load(path: Path) -> Recognizer:
    """Raises InputError whatever is wrong, so that the page can say it in a sentence."""
    try:
        return _import_and_load(path)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"TensorFlow does not run ({type(error).__name__}: {first_line(error)}): install what requirements.txt "
            "names, then start the page again."
        ) from error


def _import_and_load(path: Path) -> Recognizer:
    if "keras" in sys.modules:
        return load_recognizer(path)
    _wait_for_a_rest()
    with _others_first():
        # Streamlit makes Keras forget its layers after each run of the page, in case the page builds networks. Ours
        # does not, and it would add half a second to each stroke, and to the loading here.
        import_keras().backend.clear_session = lambda free_memory=True: None
        import tensorflow as tf

        # A single drawing is too little work to share: waking other threads takes longer than they save.
        tf.config.threading.set_intra_op_parallelism_threads(1)
        return load_recognizer(path)


@contextmanager
def _others_first() -> Iterator[None]:
    """What is imported in the block delays other threads as little as possible, and stays for good.

    So Python hands over to them ten times as often, and never stops them to look through all of it for garbage.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
        sys.setswitchinterval(usual)
