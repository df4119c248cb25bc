"""A region that follows the drawing, and never gets in its way.

A stroke runs the drawing's fragment again, and nothing else. following.js notices in the browser that another picture
has been read, and once the hand rests, says so. The answer to the drawing is then worked out in a thread; when it is
there, the region is shown anew, and no other part of the page. While a hand draws, nothing of all this runs.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import streamlit as st

from model import InputError, Reading, Recognizer
from model.recognizer import BLANK
from views.shared.loading import loading

WATCH, REGION = "following", "following_region"  # the keys of the two fragments

_follower = st.components.v2.component(
    "follower", js=(Path(__file__).parent / "following.js").read_text(encoding="utf-8"), isolate_styles=False
)
_turns = count()  # so that the browser hears of each answer, even if it is the same again

Work = Callable[[Recognizer, Reading], Any]
Show = Callable[[Any], None]


@dataclass
class Job:
    """One drawing, read by one model, and what is made of it."""

    subject: tuple[Any, ...]
    future: Future
    shown: bool = False


def current() -> tuple[Recognizer, Reading] | None:
    """The model in use and this session's drawing as it was last read; None while the network loads."""
    ready = loading()
    if not ready.done() or ready.exception() is not None:
        return None
    return ready.result(), getattr(st.session_state.get("drawing_kept"), "reading", BLANK)


def follow(work: Work, show: Show, *about: Any) -> None:  # noqa: ANN401
    """A region that shows what `work` makes of the drawing, now and after each further stroke. One on the page.

    `work(recognizer, reading)` runs in a thread, so it makes no call of Streamlit's; it may raise InputError, and
    should take less than half a second. `show(result)` is quick; it gets None until there is a first result, and
    while another one is worked out, the last. The same `about` promises the same result for the same drawing.
    """
    _watch(work, about)
    st.fragment(_show, key=REGION)(work, show, about)


@st.fragment(key=WATCH)
def _watch(work: Work, about: tuple) -> None:
    job = _job(work, about)
    _follower(
        data={"pending": job is not None and not job.shown, "turn": next(_turns)},
        key="follower",
        on_changed_change=partial(_look, work, about),
    )


def _look(work: Work, about: tuple) -> None:
    """The browser says that the drawing has changed, or asks whether the work is done."""
    job = _job(work, about)
    if job is not None and job.future.done() and not job.shown:
        st.rerun([REGION, WATCH])


def _show(work: Work, show: Show, about: tuple) -> None:
    job = _job(work, about)
    if job is None:
        st.caption("The network is loading. What it makes of the drawing is shown here as soon as it is there.")
        return
    if job.future.done():
        job.shown = True
        st.session_state.following_last = about, job.future
    last_about, last = st.session_state.get("following_last", (None, None))
    try:
        show(last.result() if last is not None and _same(last_about, about) else None)
    except InputError as error:
        st.error(str(error), icon=":material/error:")


def _job(work: Work, about: tuple) -> Job | None:
    """The job for the drawing as it is now: begun if it is another one than before. None while the network loads."""
    now = current()
    if now is None:
        return None
    subject = (*now, *about)
    job = st.session_state.get("following_job")
    if job is None or not _same(job.subject, subject):
        if job is not None:
            job.future.cancel()  # nobody waits for it if it has not begun
        job = st.session_state.following_job = Job(subject, _worker().submit(work, *now))
    return job


def _same(one: tuple | None, other: tuple) -> bool:
    return one is not None and len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


@st.cache_resource(show_spinner=False)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="following")
