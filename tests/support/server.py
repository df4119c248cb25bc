"""The page on a server of its own, and the browser that shows it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from model.paths import ROOT

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 60_000  # milliseconds: on a busy machine, importing TensorFlow while a browser runs takes long
TRAINER_PATIENCE = 4 * PATIENCE  # it imports TensorFlow, too, and gives way to everything else


def find_chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def free_port():
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return listener.getsockname()[1]


@contextmanager
def serve(runs, *, port=None, app=ROOT / "app.py", log=None, **environment):
    """The page on a server of its own, with its own folder of runs: the address and the process.

    `log` is a file for what the server writes to its terminal.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}", "--server.headless=true"]
    variables = os.environ | {"DIGITS_RUNS": str(runs)} | environment
    process = subprocess.Popen(command, cwd=Path(app).parent, env=variables, stdout=subprocess.DEVNULL, stderr=log)
    try:
        address = f"http://localhost:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            except OSError:
                assert process.poll() is None, "the server stopped"
                time.sleep(0.1)
        yield address, process
    finally:
        process.kill()
        process.wait()


class Server:
    """The page on a server that can be stopped, and started again at the same address."""

    def __init__(self, runs, **environment):
        self.runs, self._port, self._environment = runs, free_port(), environment
        self.address = f"http://localhost:{self._port}"
        self._serving = None

    def start(self):
        if self._serving is None:
            self._serving = serve(self.runs, port=self._port, **self._environment)
            self._serving.__enter__()

    def kill(self):
        if self._serving is not None:
            self._serving.__exit__(None, None, None)
            self._serving = None
