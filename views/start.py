"""What happens when Streamlit starts, before anybody has opened the page."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread

import streamlit as st
from streamlit import cli_util
from streamlit.web.server import server_util

from views.hosting import allow_many_files, forget_left_sessions, log_lines
from views.shared.reruns import hear_runners_out
from views.shared.turns import take_turns
from views.shared.values import look_once

# What the page's first run needs. Streamlit imports pandas with the first element that is given a list.
NEEDED = ("views.drawing", "views.sidebar", "views.tabs", "pandas")


def _keep_queue(imports: Thread) -> None:
    """Starts the trainings that wait, also those from before a restart."""
    imports.join()
    from views.shared.trainings import keep_starting

    keep_starting()


@asynccontextmanager
async def prepare(_app: st.App) -> AsyncIterator[None]:
    """Imports the page, which takes as long as the browser takes to load Streamlit's own files, and opens it there."""
    log_lines()
    allow_many_files()
    hear_runners_out()
    look_once()
    take_turns()
    imports = Thread(target=lambda: [import_module(name) for name in NEEDED], name="imports", daemon=True)
    imports.start()
    Thread(target=_keep_queue, args=(imports,), name="queue", daemon=True).start()
    if port := os.environ.get("DIGITS_METRICS"):
        from views.shared.metrics import serve_metrics

        serve_metrics(port)
    if not st.get_option("server.headless"):  # Streamlit (1.67) opens no browser for an `App`
        cli_util.open_browser(server_util.get_url(st.get_option("browser.serverAddress")))
    sweeping = asyncio.create_task(forget_left_sessions())
    yield
    sweeping.cancel()
