"""A slow line between a browser and the page's server: a proxy on this machine that delays everything."""

import asyncio
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.support.server import free_port


@contextmanager
def slow_line(address, delay):
    """The address at which the server at another one can be reached, `delay` seconds further away in each direction."""
    port, target = free_port(), urlsplit(address)
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def run():
        async def connect(reader, writer):
            far_reader, far_writer = await asyncio.open_connection(target.hostname, target.port)
            await asyncio.gather(_pass_on(reader, far_writer, delay), _pass_on(far_reader, writer, delay))

        server = await asyncio.start_server(connect, "localhost", port)
        started.set()
        async with server:
            await server.serve_forever()

    task = None

    def work():
        nonlocal task
        asyncio.set_event_loop(loop)
        task = loop.create_task(run())
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass
        finally:
            for each in asyncio.all_tasks(loop):
                each.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    try:
        yield f"http://localhost:{port}"
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


async def _pass_on(reader, writer, delay):
    """Passes on what comes, each piece after the delay, in order."""
    queue = asyncio.Queue()
    now = asyncio.get_running_loop().time

    async def send():
        while (piece := await queue.get()) is not None:
            due, content = piece
            await asyncio.sleep(max(0.0, due - now()))
            writer.write(content)
        writer.close()

    sending = asyncio.ensure_future(send())
    try:
        while content := await reader.read(65536):
            queue.put_nowait((now() + delay, content))
    except ConnectionError:
        pass
    queue.put_nowait(None)
    await sending
