"""What a page and its server say to each other, so that a test can wait for an answer, not for a length of time."""

import time
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.server import PATIENCE

_traffic = WeakKeyDictionary()


class _Traffic:
    """The requests of a page that came from its user, not from a timer, and those that are not answered yet."""

    def __init__(self):
        self.requests = 0
        self.open = {}  # the number of each request that is not answered yet, and its fragment; "" is the whole page
        self.asked, self.shown = set(), set()  # requests before the current run began, and fragments that it has shown
        self.cut_short = set()  # requests that the run before has answered, but perhaps not to the end

    def sent(self, payload):
        message = BackMsg.FromString(payload)
        if message.HasField("rerun_script") and not message.rerun_script.is_auto_rerun:
            self.requests += 1
            self.open[self.requests] = message.rerun_script.fragment_id

    def received(self, payload):
        message = ForwardMsg.FromString(payload)
        if message.HasField("new_session"):
            self.asked, self.shown = set(self.open), set()
        elif message.HasField("delta"):
            self.shown.add(message.delta.fragment_id)
        elif message.HasField("script_finished"):
            self._finish(message.script_finished)

    def _finish(self, status):
        """A run is over.

        If the next one begins before this is sent, Streamlit says of a finished run, too, that it was cut short. Once
        the next one is finished, that makes no difference: if a run was cut short, it was by one of the whole page.
        """
        whole_page = status == ForwardMsg.FINISHED_SUCCESSFULLY
        answered = {each for each in self.asked if whole_page or self.open.get(each) in self.shown}
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.cut_short |= answered
            return
        for each in answered | self.cut_short:
            self.open.pop(each, None)
        self.cut_short = set()


def listen(page):
    """Records what the page and its server say to each other. Call this before the page is opened."""
    traffic = _traffic[page] = _Traffic()

    def begin(socket):
        socket.on("framesent", traffic.sent)
        socket.on("framereceived", traffic.received)

    page.on("websocket", begin)


@contextmanager
def answered(page):
    """After the block, waits until the server has answered what it did to the page, and the page shows the answer."""
    traffic = _traffic[page]
    before = traffic.requests
    yield
    deadline = time.monotonic() + PATIENCE / 1000
    while traffic.requests == before or traffic.open:
        assert time.monotonic() < deadline, f"{traffic.requests - before} requests, unanswered: {traffic.open}"
        page.wait_for_timeout(10)
    show(page)


def wait_for(page, condition):
    """The first true value of a condition, which may depend on what the page tells its test."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not (found := condition()):
        assert time.monotonic() < deadline, "timed out"
        page.wait_for_timeout(20)
    return found


def show(page):
    """Waits until the browser has drawn what it was last told."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
