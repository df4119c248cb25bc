"""Several processes on one database, killed at any time."""

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import create_engine, text

from model.drawings import open_drawings
from model.paths import ROOT
from tests.support.services import posix

pytestmark = posix
PROCESSES = 8
PATIENCE = 120  # seconds
# Keeps drawings as fast as it can, and says which ones it was told are kept. Every third is relabelled or deleted.
WRITE = """
import itertools, os, sys
from model.drawings import open_drawings

drawings, me = open_drawings(sys.argv[1]), sys.argv[2]
for number in itertools.count():
    picture = f"{me} {number} ".encode() * 500
    kept = drawings.add("all", number % 10, [{"points": [[0.5, 0.5]] * 50, "width": 0.05}], picture)
    drawings.keep_canvas(me, [{"number": number}], picture)
    state = kept.digit
    if number % 6 == 0:
        state = 9 - number % 10
        drawings.relabel("all", kept.id, state)
    elif number % 6 == 3:
        state = None
        drawings.delete("all", kept.id)
    os.write(1, f"{kept.id} {number} {state}\\n".encode())
"""


def write(url, name, log):
    if url.startswith("sqlite"):
        url += f"?timeout={PATIENCE}"  # nobody is favoured who waits, and the machine may be busy
    with log.open("wb") as output:
        return subprocess.Popen([sys.executable, "-c", WRITE, url, name], cwd=ROOT, stdout=output)


def told(log):
    """What a process said it was told is kept: whole lines only."""
    return [line.split() for line in log.read_text().rpartition("\n")[0].splitlines()]


def test_nothing_that_was_kept_is_lost_when_eight_that_write_are_killed(url, tmp_path):
    rng = random.Random(7)
    logs = [tmp_path / f"log-{number}" for number in range(PROCESSES)]
    writers = [write(url, f"writer-{number}", log) for number, log in enumerate(logs)]
    ends = [rng.randint(5, 60) for _ in range(PROCESSES)]
    deadline = time.monotonic() + PATIENCE
    try:
        while any(writer.poll() is None for writer in writers):
            assert time.monotonic() < deadline, "timed out"
            for writer, log, end in zip(writers, logs, ends, strict=True):
                if writer.poll() is None and len(told(log)) >= end:
                    time.sleep(rng.random() * 0.01)
                    writer.send_signal(signal.SIGKILL)
                    writer.wait()
            time.sleep(0.005)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    assert [writer.returncode for writer in writers] == [-signal.SIGKILL] * PROCESSES

    drawings = open_drawings(url)
    found = {each.id: each for each in drawings.of("all")}
    for name, log in enumerate(logs):
        for id_, number, state in told(log):
            if state == "None":
                assert id_ not in found
            else:
                assert found[id_].digit == int(state)
                assert found[id_].png == f"writer-{name} {number} ".encode() * 500
        canvas = drawings.canvas(f"writer-{name}")
        assert canvas.png == f"writer-{name} {canvas.strokes[0]['number']} ".encode() * 500
        assert canvas.strokes[0]["number"] >= len(told(log)) - 1
    kept = sum(state != "None" for log in logs for _, _, state in told(log))
    assert kept <= len(found) <= kept + PROCESSES
    assert all(len(each.strokes[0]["points"]) == 50 for each in found.values())
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(tmp_path / "drawings.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    drawings.add("all", 6, None, b"PNG")


def test_a_new_drawing_of_one_process_is_seen_by_another(url, drawings, tmp_path):
    drawings.add("all", 6, None, b"PNG")
    seen = drawings.version("all")
    writer = write(url, "writer", tmp_path / "log")
    deadline = time.monotonic() + PATIENCE
    try:
        while drawings.version("all") == seen:
            assert time.monotonic() < deadline, "timed out"
            time.sleep(0.01)
    finally:
        writer.kill()
        writer.wait()
    assert len(drawings.of("all")) >= 2


def test_many_may_keep_the_same_canvas_at_once(url, drawings):
    """As two tabs do that were opened from one address."""
    drawings.keep_canvas("another", [], b"PNG")
    with ThreadPoolExecutor(PROCESSES) as pool:
        for page in map(str, range(20)):
            together = Barrier(PROCESSES)

            def keep(number, page=page, together=together):
                together.wait()
                drawings.keep_canvas(page, [number], b"PNG")

            list(pool.map(keep, range(PROCESSES)))
            assert drawings.canvas(page).strokes[0] in range(PROCESSES)


def test_many_may_begin_together(url):
    """Each finds no table, and only one makes it. Threads with an engine each are to a database what processes are."""
    sign = "&application_name=" if "?" in url else "?cached_statements="
    together = Barrier(PROCESSES)

    def begin(number):
        drawings = open_drawings(f"{url}{sign}{100 + number}")
        together.wait()
        return drawings.add("me", 6, None, b"PNG")

    with ThreadPoolExecutor(PROCESSES) as pool:
        added = list(pool.map(begin, range(PROCESSES)))
    assert {each.id for each in open_drawings(url).of("me")} == {each.id for each in added}
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT version FROM drawings_version")).all() == [1]
    engine.dispose()
