"""Programs started beside the page: they outlive it if they must, and give way to it."""

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

WINDOWS = sys.platform == "win32"
LOWEST_PRIORITY = 19  # as Unix counts
# Linux may divide time among sessions first, whatever the priority of their processes. With 5, the program still gets a
# quarter of a core that somebody else keeps busy; with 19, another program could bring it to a standstill.
SESSION_PRIORITY = 5


def start_yielding(command: list[str], **options: Any) -> subprocess.Popen:  # noqa: ANN401 - Popen's own
    """Starts a program that gives way to every other. `options` are those of `subprocess.Popen`. Raises OSError.

    It has a session of its own, so the Ctrl-C that ends the page does not reach it.
    """
    if WINDOWS:
        options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.IDLE_PRIORITY_CLASS
    else:
        options["start_new_session"] = True  # else the whole session of the page would yield with it
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process(process.pid).nice(psutil.IDLE_PRIORITY_CLASS if WINDOWS else LOWEST_PRIORITY)
    with contextlib.suppress(OSError):
        Path(f"/proc/{process.pid}/autogroup").write_text(str(SESSION_PRIORITY), encoding="utf-8")
    return process


def last_complaint(stderr: str, program: str) -> str | None:
    """The last line that a program wrote to stderr, without its name in front; None if it wrote nothing."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1].removeprefix(f"{program}: ") if lines else None
