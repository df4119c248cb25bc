"""The last reading of this session's drawing: the drawing sets it, and the tabs that follow the drawing use it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from model import BLANK, Reader, Reading, Recognizer
from views.shared.loading import in_use
from views.shared.metrics import READING_SECONDS
from views.shared.state import session


@dataclass
class _Last:
    """The last reading, with the network that read it, its picture, and how many of its strokes were known.

    One value, set at once: another run of the page may take over before this one is through.
    """

    reading: tuple[Reader, Hashable, int, Reading] | None = None


def read_once(
    network: Reader,
    image: Hashable,
    read: Callable[[], Reading],
    strokes: int = 0,
    do_strokes_count: Callable[[Reading], bool] = lambda known: True,
) -> Reading:
    """What `read` returns for a picture; the last reading if the same network has read the same picture.

    `image` is a PNG, with anything else that the reading depends on. If it was read when another number of its strokes
    was known, it is read again only if these count, which depends on that reading.
    """
    last = session(_Last)
    known = last.reading
    same = known is not None and known[0] is network and known[1] == image
    if known is None or not same or (known[2] != strokes and do_strokes_count(known[3])):
        with READING_SECONDS.time():
            known = last.reading = network, image, strokes, read()
    return known[3]


def read_nothing() -> Reading:
    """The reading of a canvas that holds no drawing, any more or yet."""
    session(_Last).reading = None
    return BLANK


def current_reading() -> Reading:
    """The drawing as it was last read, with whatever network."""
    last = session(_Last).reading
    return BLANK if last is None else last[3]


def network_and_reading() -> tuple[Recognizer, Reading] | None:
    """The network in use and the drawing as it was last read; None while the network loads or if it cannot."""
    loading = in_use()
    if not loading.done() or loading.failure() is not None:
        return None
    return loading.result(), current_reading()
