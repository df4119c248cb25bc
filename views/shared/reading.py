"""The last reading of this session's drawing: the drawing sets it, and the tabs that follow the drawing use it."""

from collections.abc import Callable
from dataclasses import dataclass

from model import BLANK, Reading, Recognizer
from views.shared.loading import in_use
from views.shared.state import session


@dataclass
class _Last:
    """The last reading, with the network that read it and its picture.

    One value, set at once: another run of the page may take over before this one is through.
    """

    reading: tuple[Recognizer, bytes, Reading] | None = None


def read_once(recognizer: Recognizer, image: bytes, read: Callable[[], Reading]) -> Reading:
    """What `read` returns for a picture, a PNG; the last reading if the same network has read the same picture."""
    last = session(_Last)
    known = last.reading
    if known is None or known[0] is not recognizer or known[1] != image:
        known = last.reading = recognizer, image, read()
    return known[2]


def read_nothing() -> Reading:
    """The reading of a canvas that holds no drawing, any more or yet."""
    session(_Last).reading = None
    return BLANK


def network_and_reading() -> tuple[Recognizer, Reading] | None:
    """The network in use and the drawing as it was last read; None while the network loads or if it cannot."""
    loading = in_use()
    if not loading.done() or loading.failure() is not None:
        return None
    last = session(_Last).reading
    return loading.result(), BLANK if last is None else last[2]
