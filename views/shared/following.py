"""A region that follows the drawing and never gets in its way.

A stroke reruns the drawing's fragment and nothing else. following.js notices in the browser that another picture has
been read, and says so once the hand rests. The result is then worked out in a thread; when it is there, the region is
shown again, and no other part of the page. While somebody draws, none of this runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import streamlit as st

from model import InputError, Reading, Recognizer
from views.shared.jobs import Job, submit
from views.shared.notes import show_error
from views.shared.reading import network_and_reading
from views.shared.state import session
from views.shared.style import script_element

WATCH, REGION = "following", "following_region"  # the keys of the two fragments

_follower = script_element("follower", "following", "report")
_turns = count()  # so that the browser is told of each answer, even if it is the same again

Work = Callable[[Recognizer, Reading], Any]
Show = Callable[[Any], None]


@dataclass
class _Task:
    """What is made of one drawing, read by one network."""

    subject: tuple[Any, ...]
    job: Job
    shown: bool = False


@dataclass
class _Following:
    """What this session works out, and what it worked out last."""

    task: _Task | None = None
    last: tuple[tuple, Job] | None = None
    """The last job that was done, behind what it was about."""


def follow(work: Work, show: Show, *about: Any) -> None:  # noqa: ANN401
    """A region that shows what `work` makes of the drawing, now and after each further stroke. A page may have one.

    `work(recognizer, reading)` runs in a thread, so it must not call Streamlit. It may raise InputError, and
    should take less than half a second. `show(result)` is quick; it gets None until there is a first result, and the
    last one while the next is worked out. The same `about` promises the same result for the same drawing.
    """
    _watch(work, about)
    st.fragment(_show, key=REGION)(work, show, about)


@st.fragment(key=WATCH)
def _watch(work: Work, about: tuple) -> None:
    task = _current_task(work, about)
    _follower(
        data={"pending": task is not None and not task.shown, "turn": next(_turns)},
        key="follower",
        on_changed_change=partial(_look, work, about),
    )


def _look(work: Work, about: tuple) -> None:
    """The browser says that the drawing has changed, or asks whether the work is done."""
    task = _current_task(work, about)
    if task is not None and task.job.done() and not task.shown:
        st.rerun([REGION, WATCH])


def _show(work: Work, show: Show, about: tuple) -> None:
    task, following = _current_task(work, about), session(_Following)
    if task is None:
        st.caption("The network is loading. Then this shows what it makes of your drawing.")
        return
    if task.job.done():
        task.shown = True
        following.last = about, task.job
    try:
        last = following.last
        show(last[1].result() if last is not None and _same(last[0], about) else None)
    except InputError as error:
        show_error(str(error))


def _current_task(work: Work, about: tuple) -> _Task | None:
    """The task for the drawing as it is now, begun if the drawing has changed. None while the network loads."""
    now, following = network_and_reading(), session(_Following)
    if now is None:
        return None
    subject = (*now, *about)
    if following.task is None or not _same(following.task.subject, subject):
        if following.task is not None:
            following.task.job.cancel()
        following.task = _Task(subject, submit("following", lambda _: work(*now)))
    return following.task


def _same(one: tuple, other: tuple) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
