"""Measures the figures in docs/benchmarks.md, and makes the README's pictures: `python -m bench.NAME`."""

import os
import platform
from importlib.metadata import version


def machine() -> str:
    """A line that says where a figure was measured: system, cores, and versions of Python and the main packages."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "tensorflow", "opencv-python"))
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{system}, Python {platform.python_version()}, {packages}"
