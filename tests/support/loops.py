"""Runs what is asynchronous, wherever a test is: while a browser of Playwright's is open, this thread has its loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(coroutine):
    """The result of a coroutine, which gets a thread and an event loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
