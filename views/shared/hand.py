"""The drawings of this session's hand, and reading with them.

A database may be slow, locked or gone, so it is only ever asked in the background. The page goes on with what it knows,
and looks again after each stroke: what another tab has changed counts from the next one on, and what another process
has changed a moment later.
"""

import contextlib
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from model import InputError, Reader, Recognizer
from model.drawings import KeptDrawing, open_drawings, picture_of
from model.preprocessing import SIZE, prepare
from views.shared import loading
from views.shared.jobs import Job, submit
from views.shared.loading import loaded_recognizer
from views.shared.state import session
from views.shared.visitor import own_hand

if TYPE_CHECKING:
    from model.drawings import Drawings

PATIENCE = 0.3  # seconds that a page waits for the database; what comes later is shown later
FRESH = 2.0  # seconds for which a look counts, unless something has been changed in this process
MAX_LOOKS = 8  # hands, each with a network, that are remembered for all sessions: a class may share one


@dataclass(frozen=True)
class Example:
    """A drawing that is kept."""

    kept: KeptDrawing
    """Without its strokes, which take much memory."""
    likeness: str
    """The same for the same drawing, whatever it is kept as."""
    drawn: bool
    """Whether its strokes are known."""
    image: np.ndarray
    """As the network sees it, float32 (28, 28) in 0–1."""


@dataclass(frozen=True)
class Look:
    """What the database held of a hand, and a network that knows it."""

    hand: str
    version: Hashable
    network: Recognizer
    examples: tuple[Example, ...]
    reader: Recognizer

    @property
    def has_strokes(self) -> bool:
        """Whether the strokes of any drawing are known."""
        return any(each.drawn for each in self.examples)


_looks: OrderedDict[tuple[str, int], Look] = OrderedDict()  # by the hand and the identity of the network
_changes = count(1)
_last_change = 0  # of any hand in this process


@dataclass
class _Own:
    """What this session knows of its hand."""

    look: Look | None = None
    job: Job[Look | None] | None = None
    """A look, or a change with a look after it, that is not done yet."""
    looked: tuple[float, int] = (-FRESH, 0)
    """When the last look began, and the last change before it."""
    trouble: str | None = None
    """Why the last one failed."""
    taught: tuple[str, Job[bool]] | None = None
    """A hand, and whether there are drawings of it: all that is looked up before the network is there."""


def look_again(patience: float = PATIENCE) -> None:
    """Looks up what has changed since the last look. Raises InputError if the network cannot be loaded."""
    own, network, hand = session(_Own), loaded_recognizer(), own_hand()
    _notice(own)
    if network is None:
        if own.taught is None or own.taught[0] != hand:
            own.taught = hand, submit("drawings", lambda _: hand in open_drawings().hands())
        return
    if own.job is not None or _is_fresh(own):
        return
    own.looked, last = (time.monotonic(), _last_change), own.look
    own.job = submit("drawings", lambda _: _look(hand, network, last), patience)
    _notice(own)


def _is_fresh(own: _Own) -> bool:
    """Whether the last look succeeded and need not be repeated yet."""
    looked, change = own.looked
    if own.trouble is not None or change != _last_change or time.monotonic() - looked >= FRESH:
        return False
    return current_look() is not None


def change(work: Callable[["Drawings"], object]) -> Job[Look | None]:
    """Changes the drawings, one change after the other, and looks again. `work` runs in a thread, and may fail.

    Raises InputError if there is no network to read with.
    """
    own, hand, network = session(_Own), own_hand(), loaded_recognizer()
    last = own.look

    def run(_: Job) -> Look | None:
        global _last_change
        try:
            work(open_drawings())
        finally:
            _last_change = next(_changes)
        return None if network is None else _look(hand, network, last)

    job = own.job = submit("drawings", run, PATIENCE)
    _notice(own)
    return job


def current_look() -> Look | None:
    """The last look at the hand, with the network in use. None before the first. Raises InputError like `reader`."""
    look = session(_Own).look
    return look if look is not None and (look.network, look.hand) == (loaded_recognizer(), own_hand()) else None


def examples() -> tuple[Example, ...]:
    """The drawings of the hand, the oldest first, as they were at the last look."""
    look = session(_Own).look
    return look.examples if look is not None and look.hand == own_hand() else ()


def reader() -> Reader | None:
    """What to read with now: the network in use, with the drawings of this hand as its examples.

    While the network loads, OpenCV's copy, but not if there are such drawings: an answer would change once they count.
    None then, and while a network loads that has no copy. Raises InputError if nothing can be loaded.
    """
    if (look := current_look()) is not None:
        return look.reader
    network = loaded_recognizer()
    return network or (None if _is_taught() else loading.reader())


def trouble() -> str | None:
    """Why no drawing can be looked up, in a sentence; None if the database was well when it was last asked."""
    return session(_Own).trouble


def awaited() -> Job | None:
    """The look or the change that takes longer than the page has waited."""
    return session(_Own).job


def find(likeness: str) -> Example | None:
    """The drawing of this hand that is the same, if there is one."""
    return next((each for each in reversed(examples()) if each.likeness == likeness), None)


def likeness(strokes: list | None, png: bytes) -> str:
    """The same text for the same drawing: by its strokes or, if they do not make it up, by its picture."""
    content = json.dumps(strokes).encode() if strokes else png
    return hashlib.sha256(content).hexdigest()


def _is_taught() -> bool:
    """Whether there are drawings of this hand, as far as that is known before the first look."""
    taught = session(_Own).taught
    return taught is not None and taught[1].done() and taught[1].failure() is None and taught[1].result()


def _notice(own: _Own) -> None:
    if own.job is None or not own.job.done():
        return
    job, own.job = own.job, None
    own.trouble = job.failure()
    if own.trouble is None:
        own.look = job.result() or own.look


def _look(hand: str, network: Recognizer, last: Look | None) -> Look:
    """What the database holds of a hand now; `last` is this session's look before.

    Only called in the lane of drawings, whose one thread keeps `_looks`.
    """
    key = hand, id(network)
    version, known = open_drawings().version(hand), _looks.pop(key, None)
    if known is None and last is not None and last.hand == hand:  # more hands are in use than are remembered
        known = last
    if known is None or (known.version, known.network) != (version, network):
        same = known is not None and known.network.skipped == network.skipped
        prepared = {each.kept.id: each for each in known.examples} if known and same else {}
        examples = tuple(_to_example(kept, prepared.get(kept.id), network.skipped) for kept in open_drawings().of(hand))
        taught = [(each.image, each.kept.digit) for each in examples if each.kept.digit is not None]
        known = Look(hand, version, network, examples, network.adapted(taught) if taught else network)
    _looks[key] = known
    while len(_looks) > MAX_LOOKS:
        _looks.popitem(last=False)
    return known


def _to_example(kept: KeptDrawing, prepared: Example | None, skipped: Collection[str]) -> Example:
    if prepared is not None:
        return replace(prepared, kept=replace(kept, strokes=None))
    same = likeness(kept.strokes, kept.png)
    return Example(replace(kept, strokes=None), same, bool(kept.strokes), _prepare(kept, skipped))


def _prepare(kept: KeptDrawing, skipped: Collection[str]) -> np.ndarray:
    """A drawing as the network sees it, float32 (28, 28) in 0–1; zeros if it is blank or no picture."""
    with contextlib.suppress(InputError):
        if (image := prepare(picture_of(kept), skipped)) is not None:
            return image
    return np.zeros((SIZE, SIZE), np.float32)
