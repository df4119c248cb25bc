"""What is told when the database fails, with real failures of real databases; and that it works again afterwards."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from model.drawings import open_drawings
from tests.support.databases import PNG, add, another_process, copy, fails, opened
from tests.support.services import posix

QUICK = {"sqlite": "?timeout=0.1", "postgresql": "&options=-c%20lock_timeout=100ms"}
NOBODY = 65534


@pytest.fixture
def folder():
    """A folder that everybody may search, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextlib.contextmanager
def unprivileged():
    """To root, every file may be written."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


HOLD_SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
"""
HOLD_POSTGRESQL = """
import psycopg, sys
connection = psycopg.connect(sys.argv[1].replace("+psycopg", ""))
connection.execute("LOCK TABLE drawings")
"""


def test_a_database_that_another_process_has_locked(url):
    kind = url.partition(":")[0].partition("+")[0]
    drawings = open_drawings(url + QUICK[kind])
    kept = add(drawings)
    held = (HOLD_SQLITE, url.removeprefix("sqlite:///")) if kind == "sqlite" else (HOLD_POSTGRESQL, url)
    with another_process(*held):
        fails(lambda: add(drawings), "in use by another program", "try again")
        if kind == "sqlite":  # where it can be read meanwhile
            assert drawings.of("me") == [kept]
        else:
            fails(lambda: drawings.of("me"), "in use by another program")
    assert drawings.of("me") == [kept]
    add(drawings)


def test_a_full_database(tmp_path):
    def limit(connection, _):
        connection.execute("PRAGMA max_page_count=100")

    event.listen(Engine, "connect", limit)
    try:
        drawings = opened(tmp_path / "drawings.db")
        kept = add(drawings)
        fails(lambda: drawings.add_all("me", [(1, None, PNG)] * 1_000), "no space", "free some")
        assert drawings.of("me") == [kept]
        fails(lambda: [add(drawings) for _ in range(1_000)], "no space", "delete drawings")
        for deleted in drawings.of("me")[:5]:
            drawings.delete("me", deleted.id)
        assert add(drawings) in drawings.of("me")
    finally:
        event.remove(Engine, "connect", limit)


@posix
def test_a_disk_that_takes_no_more(tmp_path):
    resource = pytest.importorskip("resource")
    drawings = opened(tmp_path / "drawings.db")
    kept = add(drawings)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        fails(lambda: [add(drawings) for _ in range(100)], "disk", "free some")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert kept in drawings.of("me")
    add(drawings)


@posix
@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_file_that_may_not_be_written(folder, journal):
    path = folder / "drawings.db"
    kept = add(opened(folder / "first.db"))
    copy(folder / "first.db", path, journal)
    path.chmod(0o444)
    folder.chmod(0o555)
    drawings = opened(path)
    with unprivileged():
        if journal == "DELETE":
            assert drawings.of("me") == [kept]
        else:  # of which SQLite makes more files, even to read it
            fails(lambda: drawings.of("me"), str(path), "permissions")
        fails(lambda: add(drawings), str(path), "may not be written", "permissions")
        fails(lambda: drawings.keep_canvas("page", [], PNG), "may not be written")
        fails(lambda: add(opened(folder / "other.db")), "cannot be opened", "permissions")
    path.chmod(0o666)
    folder.chmod(0o777)
    with unprivileged():
        add(drawings)
        assert len(drawings.of("me")) == 2


@posix
def test_a_file_that_may_not_be_read(folder):
    path = folder / "closed" / "drawings.db"
    kept = add(opened(path))
    path.parent.chmod(0)
    drawings = opened(path)
    with unprivileged():
        fails(lambda: drawings.of("me"), "cannot be opened", "permissions")
        fails(lambda: add(drawings), "cannot be opened", "permissions")
    path.parent.chmod(0o700)
    assert drawings.of("me") == [kept]


def test_a_database_that_is_opened_for_reading_alone(tmp_path):
    kept = add(opened(tmp_path / "drawings.db"))
    drawings = open_drawings(f"sqlite:///file:{tmp_path}/drawings.db?mode=ro&uri=true")
    assert drawings.of("me") == [kept]
    fails(lambda: add(drawings), "may not be written")


@pytest.mark.services
def test_a_server_that_lets_nobody_write(postgresql):
    url = postgresql.new_database("unwritable")
    drawings = open_drawings(url)
    kept = add(drawings)
    with postgresql.connect() as connection:
        connection.execute("ALTER DATABASE unwritable SET default_transaction_read_only = on")
    other = open_drawings(f"{url}&application_name=other")
    assert other.of("me") == [kept]
    fails(lambda: add(other), "may not be written")
    with postgresql.connect("unwritable") as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("CREATE ROLE visitor LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO visitor")
    visitor = open_drawings(
        url.replace(f"//{postgresql.name}@", "//visitor@") + "&options=-c%20transaction_read_only=off"
    )
    assert visitor.of("me") == [kept]
    fails(lambda: add(visitor), "may not be written")


@pytest.mark.parametrize("content", [b"This is a text." * 1_000, b"\0" * 10_000])
def test_a_file_that_is_no_database(tmp_path, content):
    path = tmp_path / "drawings.db"
    path.write_bytes(content)
    drawings = opened(path)
    fails(lambda: drawings.of("me"), str(path), "not a database", "move it away")
    fails(lambda: add(drawings), str(path), "not a database")
    assert path.read_bytes() == content


@pytest.mark.parametrize("damage", ["strokes = '{'", "kept = 'yesterday'"])
def test_a_row_that_somebody_has_damaged(tmp_path, damage):
    drawings = opened(tmp_path / "drawings.db")
    add(drawings)
    with contextlib.closing(sqlite3.connect(tmp_path / "drawings.db")) as connection, connection:
        connection.execute(f"UPDATE drawings SET {damage}")
    fails(lambda: drawings.of("me"), "damaged")


def test_a_damaged_database(tmp_path):
    path = tmp_path / "drawings.db"
    first = opened(tmp_path / "first.db")
    kept = [add(first) for _ in range(20)]
    copy(tmp_path / "first.db", path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    drawings = opened(path)
    fails(lambda: drawings.of("me"), "damaged", "put a copy in its place")
    fails(lambda: add(drawings), "damaged")
    path.write_bytes(whole)
    assert drawings.of("me") == kept


@pytest.mark.services
def test_a_server_that_is_stopped_and_started_again(postgresql):
    drawings = open_drawings(postgresql.new_database("stopped"))
    kept = add(drawings)
    postgresql.stop()
    try:
        fails(lambda: drawings.of("me"), "cannot be reached", "start it")
        fails(lambda: add(drawings), "cannot be reached")
    finally:
        postgresql.start()
    assert drawings.of("me") == [kept]
    add(drawings)


@pytest.mark.services
def test_a_server_that_knows_no_such_database_or_is_not_there(postgresql):
    missing = open_drawings(postgresql.url("missing"))
    fails(lambda: missing.of("me"), "cannot be reached", "does not exist", "DIGITS_DATABASE")
    nowhere = open_drawings("postgresql+psycopg://me:secret@localhost:9/digits")
    fails(lambda: add(nowhere), "postgresql+psycopg://me:***@localhost:9/digits", "cannot be reached")
