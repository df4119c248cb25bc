"""A real PostgreSQL of our own: Debian's package `postgresql`, or any other whose programs are on the PATH."""

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

PATIENCE = 60  # seconds
DEBIAN = Path("/usr/lib/postgresql")  # where its packages put the programs, which are not on the PATH
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


def find_postgresql():
    """The folder of PostgreSQL's programs; None if it is not installed."""
    program = shutil.which("initdb") or next(DEBIAN.glob("*/bin/initdb"), None)
    return program and Path(program).parent


class Server:
    """A PostgreSQL server in a folder, which can be stopped and started again."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.name = self.user or getpass.getuser()
        if self.user:
            shutil.chown(folder, self.user)
        self._run("initdb", "--no-sync", "--auth=trust", f"--pgdata={folder / 'data'}")
        self.start()

    def url(self, database="postgres"):
        return f"postgresql+psycopg://{self.name}@/{database}?host={self.folder}"

    def new_database(self, name):
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def connect(self, database="postgres"):
        return psycopg.connect(host=str(self.folder), user=self.name, dbname=database, autocommit=True)

    def start(self):
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            command = [self.programs / "postgres", "-D", self.folder / "data", *options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, user=self.user)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline, "PostgreSQL does not answer."
                time.sleep(0.05)

    def stop(self):
        self._run("pg_ctl", "stop", "--mode=immediate", f"--pgdata={self.folder / 'data'}")
        self.process.wait()

    def _run(self, program, *arguments):
        command = [self.programs / program, *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, user=self.user)


@contextmanager
def serve_postgresql(programs):
    """A server in a folder of its own, whose name is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="digits-"))
    try:
        server = Server(programs, folder)
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)
