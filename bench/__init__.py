"""What prints the figures of the README: `python -m bench.NAME`."""

import os
import platform
from importlib.metadata import version


def machine() -> str:
    """One line on where a figure was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "tensorflow", "opencv-python"))
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{system}, Python {platform.python_version()}, {packages}"
