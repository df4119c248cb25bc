"""Makes room for many sessions, and lets go of those whose tab is gone."""

import asyncio
import contextlib
import ctypes
import gc
import sys

from streamlit.runtime import Runtime

SWEEP_INTERVAL = 10.0  # seconds
MAX_FILES = 65_536  # open at once; a session takes four, and systems usually allow 1,024 at first


def allow_many_files() -> None:
    """Lets this process open as many files as the system allows it to."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def forget_left_sessions(interval: float = SWEEP_INTERVAL) -> None:
    """Has sessions end once nobody can come back to them. Runs until it is cancelled.

    Streamlit (1.67) keeps a session for two minutes after its tab was closed, but looks for expired ones only when
    another session comes or goes, so the last one would never end. Once nobody is there, their memory is given back.
    """
    while True:
        await asyncio.sleep(interval)
        manager = Runtime.instance()._session_mgr
        left = manager._session_storage._cache  # pyright: ignore[reportAttributeAccessIssue]
        count = len(left._data)
        left.expire()
        if len(left) < count and not manager.list_active_sessions():
            give_memory_back()


def give_memory_back() -> None:
    """Gives back to the system what nobody uses: sessions refer to themselves, and the C library keeps what is free."""
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # it is another C library
            ctypes.CDLL(None).malloc_trim(0)
