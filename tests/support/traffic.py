"""What a page and its server say to each other, so that a test can wait for an answer instead of a moment."""

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
        self.open = []  # the fragments that were asked for; "" is the whole page
        self.asked, self.shown = [], set()  # those open when the script run under way began, and those it has shown

    def sent(self, payload):
        message = BackMsg.FromString(payload)
        if message.HasField("rerun_script") and not message.rerun_script.is_auto_rerun:
            self.requests += 1
            self.open.append(message.rerun_script.fragment_id)

    def received(self, payload):
        message = ForwardMsg.FromString(payload)
        if message.HasField("new_session"):
            self.asked, self.shown = list(self.open), set()
        elif message.HasField("delta"):
            self.shown.add(message.delta.fragment_id)
        elif message.HasField("script_finished") and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            whole_page = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            for each in self.asked:
                if whole_page or each in self.shown:
                    self.open.remove(each)
            self.asked = []


def listen(page):
    """Call before the page is opened."""
    traffic = _traffic[page] = _Traffic()

    def begin(socket):
        socket.on("framesent", traffic.sent)
        socket.on("framereceived", traffic.received)

    page.on("websocket", begin)


@contextmanager
def answered(page):
    """Waits until the server has answered what is done to the page meanwhile, and the page shows it."""
    traffic = _traffic[page]
    before = traffic.requests
    yield
    deadline = time.monotonic() + PATIENCE / 1000
    while traffic.requests == before or traffic.open:
        assert time.monotonic() < deadline, f"{traffic.requests - before} requests, unanswered: {traffic.open}"
        page.wait_for_timeout(10)
    show(page)


def show(page):
    """Waits until the browser has drawn what it was last told."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
