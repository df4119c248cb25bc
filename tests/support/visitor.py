"""A visitor without a browser: speaks to the page over Streamlit's websocket as the browser's side of it does.

It keeps what a browser keeps: the ids of elements and fragments, the timers, the large messages that the server then
only refers to, and the strip below the canvas that asks for an update after each new picture.
"""

import asyncio
import json
import secrets
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.support.frames import PEN, frame

SAMPLE_INTERVAL = 0.05  # seconds, as in sampler.js
LAYERS_INTERVAL, LAYERS_SHARE, LAYERS_MAX_WAIT, LAYERS_FOLLOW = 0.11, 8, 2.0, 0.5  # as in layers.js
FRAMES = 20  # different pictures of a digit while it is drawn
UNSENT = 0.35  # seconds until the canvas sends a stroke by itself
TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{}__events"


class Lost(Exception):  # noqa: N818
    """An answer that did not come in time."""


class Visitor:
    """One tab. `async with Visitor(address) as visitor:` opens the page and waits for its canvas."""

    def __init__(self, address, patience=10.0, token=None, query=""):
        self.address, self.patience = address, patience
        self.token = token or secrets.token_urlsafe(32)
        self.query = query
        """The part of the page's address behind the "?"; it names the drawing once there is one."""
        self.sample = self.used = 0
        self.bars = {"sample": 0, "used": 0, "settled": True}
        self.answer = {}
        """What the page says of the drawing, as reading.js gets it."""
        self.usable = []
        """The tools that are not greyed out."""
        self.initial = None
        """What the canvas was told to show."""
        self._ids, self._fragments, self._values = {}, {}, {}  # by the key of an element; what elements say by their id
        self._run, self._in_run, self._script = 0, [], ""
        self._kept, self._kept_for = {}, 2  # large messages, and for how many runs they stay
        self._runs = 0  # that have ended
        self._timers, self._waiting, self._tasks = {}, [], set()
        self._usable_since = self._answered_in = 0  # runs
        self._down = False  # the pen, when the last picture was taken
        self._layers = _Layers(lambda now: self._start(self._trigger("layers", "asked", now)))

    async def __aenter__(self):
        socket = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        headers = {"Cookie": f"draw-a-digit-visitor={self.token}"}
        self._socket = await connect(
            socket,
            subprotocols=["streamlit"],
            origin=self.address,
            additional_headers=headers,
            max_size=None,
            compression=None,
            open_timeout=60,
            ping_interval=None,
        )
        self._start(self._receive())
        await self._rerun()
        await self.wait_for(lambda: "reading_element" in self._ids and "tools" in self._ids, patience=60)
        return self

    async def __aexit__(self, *_):
        await self.close()

    async def close(self):
        self._layers.stop()
        self._stop_timers()
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    # What a person does

    async def draw(self, digit, seconds=0.0):
        """Draws a digit on a blank canvas and lifts the pen; `seconds` long, the answers follow the pen meanwhile.

        Yields the kind of each thing done, the seconds until its answer, and None as the seconds of a lost one.
        """
        begun, sent = time.perf_counter(), 0.0
        while (passed := time.perf_counter() - begun) < seconds:
            sent = time.perf_counter()
            yield "live", await self._timed(self.take(frame(digit, round(FRAMES * passed / seconds) / FRAMES), "down"))
            await asyncio.sleep(max(0.0, SAMPLE_INTERVAL - (time.perf_counter() - sent)))
        yield "stroke", await self._timed(self.take(frame(digit), "lifted"))
        await asyncio.sleep(UNSENT)
        yield "canvas", await self._timed(self.send_canvas(frame(digit)))

    async def clear(self):
        """Presses "Clear" and lets the canvas confirm it."""
        yield "clear", await self._timed(self.use("clear"))
        await self._send_canvas(frame(None))

    async def _timed(self, action):
        begun = time.perf_counter()
        try:
            await action
        except Lost:
            return None
        return time.perf_counter() - begun

    async def take(self, drawn, pen):
        """Sends a picture, as sampler.js does, and waits for the answer that names it. Raises Lost."""
        self.sample += 1
        number = self.sample
        self._down = pen == "down"
        value = {"number": number, "image": drawn.small, "pen": pen, "used": self.used}
        await self._trigger("reading_element", "sample", value)
        await self.wait_for(lambda: self.bars["sample"] >= number)

    async def send_canvas(self, drawn):
        """Sends what the canvas shows after a stroke on a blank one, and waits until it is known and answered."""
        await self._send_canvas(drawn)
        await self.wait_for(lambda: "clear" in self.usable and self._answered_in >= self._usable_since)

    async def use(self, tool):
        """Uses a tool, as tools.js does, and waits until its outcome is answered."""
        self.used += 1
        number = self.used
        value = [{"number": number, "tool": tool, "width": PEN, "erasing": False}]
        await self._trigger("tools", "used", value)
        await self.wait_for(lambda: self.bars["used"] >= number and self.bars["settled"])

    async def wait_for(self, condition, patience=None):
        """Waits until the page is so. Raises Lost if that takes too long, and ConnectionError if the page is gone."""
        if condition():
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((condition, future))
        try:
            await asyncio.wait_for(future, patience or self.patience)
        except TimeoutError:
            raise Lost from None
        finally:
            self._waiting = [each for each in self._waiting if each[1] is not future]

    async def wait_for_network(self, patience=120.0):
        """Waits until Keras has loaded the network: the strip below the canvas then shows it, or is about to."""
        await self.wait_for(lambda: self._layers.loaded, patience)

    # What the browser does

    async def _send_canvas(self, drawn):
        objects = {"version": "7.4.0", "objects": drawn.objects}
        self._values[self._ids["drawing"]] = json.dumps({"drawing": {"raw": objects, "data": drawn.large}})
        await self._rerun(self._fragments["drawing"])

    async def _trigger(self, element, event, value):
        await self._rerun(self._fragments[element], (self._ids[element], [{"event": event, "value": value}]))

    async def _rerun(self, fragment="", trigger=None, auto=False):
        state = ClientState(
            query_string=self.query, page_script_hash=self._script, fragment_id=fragment, is_auto_rerun=auto
        )
        state.cached_message_hashes.extend(self._kept)
        state.context_info.url = self.address
        for name, value in self._values.items():
            state.widget_states.widgets.add(id=name, json_value=value)
        if trigger is not None:
            name, value = trigger
            state.widget_states.widgets.add(id=TRIGGERS.format(name), json_trigger_value=json.dumps(value))
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    async def _receive(self):
        try:
            async for data in self._socket:
                self._take_in(ForwardMsg.FromString(data), data)
                for condition, future in self._waiting:
                    if not future.done() and condition():
                        future.set_result(None)
        finally:
            self._stop_timers()
            for _, future in self._waiting:
                if not future.done():
                    future.set_exception(ConnectionError("The page is gone."))

    def _take_in(self, message, data):
        if message.WhichOneof("type") == "ref_hash":
            message = ForwardMsg.FromString(self._kept[message.ref_hash][0])
        elif message.metadata.cacheable:
            self._kept[message.hash] = data, self._runs, message.delta.fragment_id
        match message.WhichOneof("type"):
            case "new_session":
                self._run += 1
                self._in_run = list(message.metadata.run.fragment_ids)
                self._script = message.new_session.page_script_hash
                self._kept_for = message.new_session.config.max_cached_message_age
                if not self._in_run:
                    self._stop_timers()
            case "delta" if message.delta.new_element.HasField("bidi_component"):
                self._show(message.delta)
            case "auto_rerun":
                self._set_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._stop_timer(fragment)
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._forget()

    def _forget(self):
        """Drops large messages that the last runs did not show, as the browser does."""
        self._runs += 1
        for name, (_, run, fragment) in list(self._kept.items()):
            if (not self._in_run or fragment in self._in_run) and self._runs - run > self._kept_for:
                del self._kept[name]

    def _show(self, delta):
        element = delta.new_element.bidi_component
        key = element.id.rsplit("-", 1)[-1]
        known = key in self._ids
        self._ids[key], self._fragments[key] = element.id, delta.fragment_id
        match key:
            case "styled" if not known:
                self._start(self._trigger("styled", "ready", True))
            case "drawing":
                self.initial = json.loads(element.json)["initialDrawing"]
            case "tools":
                usable = json.loads(element.json)["usable"]
                if usable != self.usable:
                    self.usable, self._usable_since = usable, self._run
            case "reading_element":
                data = json.loads(element.json)
                self.bars, self.answer, self._answered_in = data["bars"], data["answer"], self._run
                self._layers.look(data["picture"], self._down)
            case "layers":
                self._layers.answered(json.loads(element.json))

    def _start(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _set_timer(self, fragment, interval):
        if fragment in self._timers and self._timers[fragment][0] == interval:
            return
        self._stop_timer(fragment)

        async def tick():
            while True:
                await asyncio.sleep(interval)
                await self._rerun(fragment, auto=True)

        self._timers[fragment] = interval, self._start(tick())

    def _stop_timer(self, fragment):
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    def _stop_timers(self):
        for fragment in list(self._timers):
            self._stop_timer(fragment)


class _Layers:
    """When the strip below the canvas asks for an update: after a new picture, and not too often, as layers.js does."""

    def __init__(self, ask):
        self.ask, self.loaded = ask, False
        self._picture = self._told = self._sent = self._timer = None
        self._there, self._pending, self._wait, self._last = False, False, LAYERS_INTERVAL, 0.0
        self._down, self._since, self._follows = False, 0.0, False

    def look(self, picture, down):
        if down or self._picture == self._told != picture:
            self._since = time.perf_counter()
        self._picture, self._down = picture, down
        self._consider()

    def answered(self, data):
        if self._sent is not None:
            took = time.perf_counter() - self._sent
            self._wait = min(LAYERS_MAX_WAIT, max(LAYERS_INTERVAL, LAYERS_SHARE * took))
        self._there, self._sent, self._pending, self._follows = True, None, data["pending"], data["follows"]
        self.loaded |= bool(data["pending"] or data["content"])
        if not data["pending"] and data["content"] and data["content"]["picture"] == self._picture:
            self._told = self._picture
        self._consider()

    def _consider(self):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._there and self._sent is None and (self._pending or self._picture != self._told):
            due = self._last + self._wait
            if self._follows and not self._down and not self._pending:
                due = max(due, self._since + LAYERS_FOLLOW)
            wait = max(0.0, due - time.perf_counter())
            self._timer = asyncio.get_running_loop().call_later(wait, self._ask)

    def _ask(self):
        self._timer, self._told, self._sent = None, self._picture, time.perf_counter()
        self._last = self._sent
        self.ask(round(1000 * self._sent))

    def stop(self):
        if self._timer is not None:
            self._timer.cancel()
