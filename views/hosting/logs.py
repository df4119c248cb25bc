"""One line of the log for each request and each error, so that programs can read it: `DIGITS_LOG=lines`."""

import logging
import os
import sys
import time
from traceback import extract_tb
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.logger import get_logger
from streamlit.runtime.scriptrunner import get_script_run_ctx

PLACES = 5  # of the code where an error came through, the innermost last
_LOGGER = get_logger(__name__)


def is_on() -> bool:
    return os.environ.get("DIGITS_LOG") == "lines"


def log_lines() -> None:
    """Makes each record of any logger one line, if that is asked for. Call this when the page starts."""
    if not is_on() or logging.getLogRecordFactory() is _in_a_line:
        return
    logging.setLogRecordFactory(_in_a_line)
    # A descriptor of its own: the usual one is silenced while TensorFlow is imported.
    usual, sys.stderr = sys.stderr, os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1)
    for logger in logging.root.manager.loggerDict.values():
        for handler in logger.handlers if isinstance(logger, logging.Logger) else ():
            if isinstance(handler, logging.StreamHandler) and handler.stream is usual:
                handler.setStream(sys.stderr)


def _in_a_line(*arguments: Any, **options: Any) -> logging.LogRecord:  # noqa: ANN401 - those of logging.LogRecord
    """A record whose message is one line: what happened, in whose session, and the error with its place in the code."""
    record = logging.LogRecord(*arguments, **options)
    parts = [record.getMessage()]
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        parts.append(f"session={context.session_id[:8]}")
    if record.exc_info and record.exc_info[1] is not None:
        parts.append(_describe(record.exc_info[1]))
    record.msg, record.args, record.exc_info = " ".join(" ".join(parts).split()), None, None
    return record


def _describe(error: BaseException) -> str:
    places = extract_tb(error.__traceback__)[-PLACES:]
    way = " > ".join(f"{place.filename}:{place.lineno}" for place in places)
    return f"error={type(error).__name__}: {error} at={way}"


class LogRequests:
    """Middleware that logs each request once it is answered, and each session once it is over."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_on() or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), "none"

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.close"):
                status = message.get("status") or message.get("code")
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            client = scope.get("client") or ("-",)
            seconds = time.perf_counter() - began
            what = f"{scope.get('method', 'WEBSOCKET')} {scope['path']}"
            if (scope["path"], status) != ("/healthz", 200):  # every few seconds, for ever
                _LOGGER.info("request=%r status=%s seconds=%.3f client=%s", what, status, seconds, client[0])
