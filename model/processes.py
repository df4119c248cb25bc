"""Starts programs that run beside the page at low priority and may outlive it, and limits what a process takes."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Literal, NamedTuple

import psutil

LOWEST_PRIORITY = 19  # a nice value, so the highest number
# Linux may divide a processor among sessions first (autogroup), whatever the nice values of their processes. At 5, the
# program still gets a quarter of a core that another one keeps busy; at 19, it could come to a standstill.
SESSION_PRIORITY = 5


class Limits(NamedTuple):
    """What a process may take before whoever waits for it ends it."""

    memory: int  # bytes in use
    seconds: float  # of processor time
    wait: float  # seconds in all, on a machine that has other work to do

    def exceeded(self, process: psutil.Process, began: float, used: float = 0.0) -> Literal["memory", "time"] | None:
        """What a process takes too much of. It began at `began`, by `time.monotonic`, after `used` processor seconds.

        Raises psutil.Error if it has ended.
        """
        if process.memory_info().rss > self.memory:
            return "memory"
        too_long = processor_seconds(process) - used > self.seconds or time.monotonic() - began > self.wait
        return "time" if too_long else None


def processor_seconds(process: psutil.Process) -> float:
    """The processor time that a process has taken. Raises psutil.Error if it has ended."""
    times = process.cpu_times()
    return times.user + times.system


def start_yielding(command: list[str], **options: Any) -> subprocess.Popen:  # noqa: ANN401 - Popen's own
    """Starts a program that gives way to every other. `options` are those of `subprocess.Popen`. Raises OSError.

    It gets its own session, so that the Ctrl-C that ends the page does not reach it.
    """
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.IDLE_PRIORITY_CLASS
    else:
        options["start_new_session"] = True  # without its own, the session priority below would slow the page, too
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)
    lowest = psutil.IDLE_PRIORITY_CLASS if sys.platform == "win32" else LOWEST_PRIORITY
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process(process.pid).nice(lowest)
    with contextlib.suppress(OSError):
        Path(f"/proc/{process.pid}/autogroup").write_text(str(SESSION_PRIORITY), encoding="utf-8")
    return process


def last_complaint(stderr: str, program: str) -> str | None:
    """The last line a program wrote to stderr, without the program's name in front; None if it wrote nothing."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1].removeprefix(f"{program}: ") if lines else None
