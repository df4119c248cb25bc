"""Has messages to the browser sent at once, not held back for up to 40 ms until it has confirmed the one before.

Streamlit (1.67) binds its socket itself, without naming the protocol, and asyncio then leaves Nagle's algorithm on for
every connection (https://github.com/Kludex/uvicorn/issues/3149). A run of the page is several small messages, so
nearly every answer would wait.
"""

import socket

from streamlit.runtime import Runtime


def send_at_once() -> None:
    """Call this when the page runs: it is for all connections that there are by then."""
    if Runtime.exists():
        loop = Runtime.instance()._get_async_objs().eventloop
        loop.call_soon_threadsafe(_switch_off_nagle, loop)


def _switch_off_nagle(loop: object) -> None:
    for transport in list(getattr(loop, "_transports", {}).values()):  # Windows's loop has none
        connection = transport.get_extra_info("socket")
        if connection is None or connection.fileno() < 0:  # it is closed, but still remembered
            continue
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
