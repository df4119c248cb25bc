"""A real Ray cluster on this machine: a head without cores for the driver, and nodes, each a raylet of its own."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psutil

from tests.support.services import require

PATIENCE = 300  # seconds: each node and each worker is several programs, which start slowly on a busy machine
# Beyond those that the system and Ray give out themselves: gRPC shares a port with whoever else listens there
PORTS = range(20_000, 32_000)
OBJECT_STORE = 100_000_000  # bytes, of each node
# By default, workers give way to everything else on the machine, and Ray keeps a token in the home of whoever runs it,
# which changes how the next cluster starts.
ENVIRONMENT = {"RAY_worker_niceness": "0", "RAY_AUTH_MODE": "disabled"}
LIMITS = [f"--object-store-memory={OBJECT_STORE}", "--disable-usage-stats", "--block"]


def require_ray():
    """Skips the test where Ray is missing, or fails if services are required."""
    require(find_spec("ray"), "Ray")


def _is_free(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


class Cluster:
    """A head, and the nodes that have been added and not killed."""

    def __init__(self, folder):
        self.folder, self.nodes = folder, []
        port = next(filter(_is_free, random.sample(PORTS, len(PORTS))))
        self.address = f"127.0.0.1:{port}"
        flags = [f"--port={port}", "--num-cpus=0", "--include-dashboard=false", f"--temp-dir={folder}"]
        self.head = self._start("head", "--head", *flags)

    def add(self, cores=1, **environment):
        """A node with so many cores, whose processes see this environment."""
        node = self._start(f"node-{len(self.nodes)}", f"--address={self.address}", f"--num-cpus={cores}", **environment)
        self.nodes.append(node)
        return node

    def kill(self, node):
        """All processes of a node end at once, as if its machine had lost its power."""
        self.nodes.remove(node)
        _kill(node)

    def stop(self):
        for process in (*self.nodes, self.head):
            _kill(process)

    def _start(self, name, *flags, **environment):
        log = self.folder / f"{name}-{time.monotonic_ns()}.log"
        with log.open("wb") as file:
            command = [Path(sys.executable).with_name("ray"), "start", *flags, *LIMITS]
            process = subprocess.Popen(command, stdout=file, stderr=file, env=os.environ | ENVIRONMENT | environment)
        deadline = time.monotonic() + PATIENCE
        while b"runtime started" not in log.read_bytes():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        return process


def _kill(process):
    """Ends a process with all that it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
    process.kill()
    process.wait()


@contextlib.contextmanager
def serve_ray():
    """A cluster without nodes, in a folder whose name is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
