"""Tries to load somebody else's network in a process of its own, which is ended if that takes too much.

A small file can describe layers that take gigabytes or minutes to build, and there is no way to interrupt that in the
process that does it.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from model.errors import InputError
from model.paths import ROOT
from model.processes import Limits

# TensorFlow alone takes 600 MB, and 5 to 10 seconds to be imported
LIMITS = Limits(memory=2_500_000_000, seconds=60.0, wait=180.0)
INTERVAL = 0.05  # seconds


def check_in_process(path: Path) -> None:
    """Raises InputError if a network cannot be used, or if loading it takes too much memory or time."""
    _run(path)


def adopt_in_process(path: Path, new: Path) -> dict[str, Any]:
    """What `model.foreign.adopt` does, in a process of its own. Raises InputError like `check_in_process`."""
    return json.loads(_run(path, str(new.absolute())).splitlines()[-1])


def _run(path: Path, *arguments: str) -> str:
    """What `python -m model.foreign` prints."""
    command = [sys.executable, "-m", "model.foreign", str(path.absolute()), *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            trouble = _watch(process)
        finally:
            process.kill()
        said = process.stdout.read().decode(errors="replace").strip() if process.stdout else ""
    if trouble is not None:
        raise InputError(f"{path} cannot be used: loading it takes more than {trouble}; give a smaller network.")
    if process.returncode:
        raise InputError(said.splitlines()[-1] if said else f"{path} cannot be used: loading it ends the program.")
    return said


def _watch(process: subprocess.Popen) -> str | None:
    """Waits for the process to end. Returns what it takes too much of before that, in words."""
    began = time.monotonic()
    words = {"memory": f"{LIMITS.memory / 1e9:.1f} GB of memory", "time": f"{LIMITS.seconds:.0f} seconds"}
    try:
        child = psutil.Process(process.pid)
        while process.poll() is None:
            if beyond := LIMITS.exceeded(child, began):
                return words[beyond]
            time.sleep(INTERVAL)
    except psutil.Error:  # it has just ended
        process.wait()
    return None
