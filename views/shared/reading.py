"""What the network has read in this session's drawing: the drawing writes it, the tabs that follow it read it."""

from dataclasses import dataclass

from model import Reading, Recognizer
from model.recognizer import BLANK
from views.shared.loading import in_use
from views.shared.state import session


@dataclass
class LastReading:
    """The last reading, of which picture and by which network."""

    recognizer: Recognizer | None = None
    image: bytes | None = None
    reading: Reading = BLANK


def last_reading() -> LastReading:
    return session(LastReading)


def network_and_reading() -> tuple[Recognizer, Reading] | None:
    """The network in use and the drawing as it was last read; None while the network loads or if it cannot."""
    loading = in_use()
    if not loading.done() or loading.failure() is not None:
        return None
    return loading.result(), last_reading().reading
