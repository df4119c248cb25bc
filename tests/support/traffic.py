"""What a page and its server say to each other, so that a test can wait for an answer, not for a length of time."""

import json
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
        self.values, self.told, self.settled = {}, {}, True  # of elements, of the canvas, and whether that is read
        self.confirmations = self.canvas_runs = 0
        self.whole_page = True  # in this run

    def sent(self, payload):
        message = BackMsg.FromString(payload)
        if message.HasField("rerun_script") and not message.rerun_script.is_auto_rerun:
            self.requests += 1
            if self._confirms(message.rerun_script.widget_states.widgets):
                self.confirmations += 1  # the server leaves it at that
            else:
                self.open[self.requests] = message.rerun_script.fragment_id

    def _confirms(self, widgets):
        """Whether it says no more than that the canvas shows what it was told to, which is read."""
        before, self.values = self.values, {each.id: each.SerializeToString() for each in widgets}
        new = [each for each in widgets if before.get(each.id) != self.values[each.id]]
        if not self.settled or [each.id.rsplit("-", 1)[-1] for each in new] != ["drawing"]:
            return False
        drawn = json.loads(new[0].json_value).get("drawing") or {}
        told, self.told = self.told, {}
        return bool(told) and (drawn.get("raw") or {}).get("objects") == told["objects"]

    def received(self, payload):
        message = ForwardMsg.FromString(payload)
        if message.HasField("new_session"):
            self.asked, self.shown = set(self.open), set()
            self.whole_page = not message.metadata.run.fragment_ids
        elif message.HasField("delta"):
            self.shown.add(message.delta.fragment_id)
            self._take_in(message.delta.new_element.bidi_component)
        elif message.HasField("script_finished"):
            self._finish(message.script_finished)

    def _take_in(self, element):
        if element.id.endswith("-drawing"):
            self.canvas_runs += not self.whole_page
            self.told = json.loads(element.json)["initialDrawing"] or {}
        elif element.id.endswith("-reading_element"):
            self.settled = json.loads(element.json)["bars"]["settled"]

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


def confirmations(page):
    """How often the canvas has only said that it shows what it was told to."""
    return _traffic[page].confirmations


def canvas_runs(page):
    """How often the part of the page that holds the canvas has run without the rest."""
    return _traffic[page].canvas_runs


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
