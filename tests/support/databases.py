"""Databases of drawings: how tests open, copy, fill and lock them, and check what is told when one fails."""

import contextlib
import itertools
import sqlite3
import subprocess
import sys

import pytest

from model import InputError
from model.drawings import open_drawings

PNG = b"x" * 5_000  # of a drawing that nobody looks at
_numbers = itertools.count()


def opened(path):
    """The drawings in a file, opened as if by another process: an address that is new to this one."""
    return open_drawings(f"sqlite:///{path}?cached_statements={100 + next(_numbers)}")


def copy(path, to, journal="DELETE"):
    """Copies the whole of a database that is in use."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    with contextlib.closing(sqlite3.connect(to)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")


def add(drawings):
    return drawings.add("me", 6, None, PNG)


def fails(action, *words):
    """Checks that the action fails, and says so in one sentence with these words."""
    with pytest.raises(InputError) as failure:
        action()
    sentence = str(failure.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert [word for word in words if word not in sentence] == [], sentence


@contextlib.contextmanager
def another_process(code, *arguments):
    """A Python program that has printed a line, and goes on until its standard input ends."""
    command = [sys.executable, "-c", f"{code}\nprint('ready', flush=True)\ninput()", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.communicate("\n")
