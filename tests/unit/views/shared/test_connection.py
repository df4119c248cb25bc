"""Messages to the browser are not held back."""

import asyncio
import socket
from types import SimpleNamespace

from tests.support.loops import run
from views.shared.connection import _switch_off_nagle


def held_back(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0


def test_a_connection_that_holds_messages_back_is_told_to_send_them_at_once():
    """The server binds its socket as Streamlit does: asyncio does not recognise it as one of TCP."""

    async def connect():
        listener = socket.socket(socket.AF_INET)
        listener.bind(("localhost", 0))
        accepted = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), sock=listener)
        _, client = await asyncio.open_connection(*listener.getsockname())
        connection = (await accepted).get_extra_info("socket")
        before = held_back(connection)
        _switch_off_nagle(asyncio.get_running_loop())
        after = held_back(connection)
        client.close()
        (await accepted).close()
        server.close()
        return before, after

    assert run(connect()) == (True, False)


def test_a_closed_connection_is_passed_over():
    async def close_and_switch():
        accepted = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), "localhost", 0)
        _, client = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        for writer in (client, await accepted):
            writer.close()
            await writer.wait_closed()
        assert writer.get_extra_info("socket").fileno() < 0
        loop = SimpleNamespace(_transports={7: writer.transport})
        _switch_off_nagle(loop)
        server.close()

    run(close_and_switch())
