"""Several servers that share the work: each says its name to the browser, in a cookie.

What a visitor uploads, and what is sent to be downloaded, belongs to the server that holds the session. A balancer that
goes by this cookie finds it, also after another server has taken over.
"""

import os

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "replica"


class NameReplica:
    """Middleware that names this server, if `DIGITS_REPLICA` does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._name = app, os.environ.get("DIGITS_REPLICA")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = self._name
        if scope["type"] == "lifespan" or name is None or HTTPConnection(scope).cookies.get(COOKIE) == name:
            await self._app(scope, receive, send)
            return

        async def send_named(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                # Not Strict: a link on another site leads to the same server, too
                MutableHeaders(scope=message).append("Set-Cookie", f"{COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        await self._app(scope, receive, send_named)
