"""Nothing that people can give to the project brings it down: it is used, left out, or refused in a sentence.

`tests/support/hostile.py` lists what is tried.
"""

import base64
import contextlib
import json
import os
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
import pytest

import train
from model import InputError, load_light_reader
from model.data import load_data
from model.preprocessing import MAX_AREA, load_strokes
from model.runs import (
    MAX_RUNS,
    RUN_FILE,
    Record,
    Settings,
    delete_run,
    latest_run,
    list_runs,
    make_room,
    next_number,
    queue_training,
    read_folds,
    read_history,
    running_run,
    usable_runs,
)
from model.uploads import LIMITS, decode_upload, import_upload
from tests.support.hostile import DRAWINGS, PICTURES, RESUMED, RUNS, SMALL
from tests.support.runs import make_run, make_usable_run
from tests.support.services import posix

pytestmark = posix  # Windows has neither pipes nor such names
NOBODY = 65534  # the user that may do nothing
TIMES, MOST = 3, 30  # how often a plain picture is read, and how many times as long any other may take
cases = pytest.mark.parametrize


def is_shown(text):
    """Whether the page can send a text to a browser, and it stays in its line."""
    return text.encode() and text.isprintable()


@pytest.mark.timeout(20)
@cases("plant", RUNS.values(), ids=RUNS)
def test_a_bad_run_is_one_bad_row(tmp_path, plant):
    make_usable_run(tmp_path, "good")
    plant(tmp_path)
    runs = list_runs(tmp_path)
    assert "good" in usable_runs(tmp_path)
    assert (running_run(tmp_path), latest_run(tmp_path)) == (None, None)
    for run in runs:
        texts = [run.name, run.error, run.network, run.data, run.taught, run.progress.in_words(), run.about.title]
        texts += [run.owner, *run.about.notes.splitlines()]
        assert all(is_shown(text) for text in texts if text)
        read_history(run.folder), read_folds(run.folder, 2, 1)
        assert run.size >= 0
    for run in runs:
        delete_run(tmp_path, run.name)
    assert list_runs(tmp_path) == []


@pytest.mark.timeout(60)
@cases("damage", RESUMED.values(), ids=RESUMED)
def test_a_run_that_cannot_be_resumed_says_why_in_a_sentence(tmp_path, damage, capsys):
    folder = make_run(tmp_path, "mine", "cancelled", settings=Settings.of("quick", data="digits").to_json())
    content = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    settings = content["settings"] | damage.get("settings", {})
    (folder / RUN_FILE).write_text(json.dumps(content | damage | {"settings": settings}), encoding="utf-8")
    given = train.parse_arguments(["--resume", "--out", str(folder)])
    try:
        record = train.resume_run(given)
    except InputError as error:
        assert "\n" not in str(error)
        assert str(error).endswith(".")
    else:
        record.write(folder)  # as the trainer does before anything else
        assert Record.load(folder).settings == record.settings


def test_a_folder_that_may_not_be_read_hides_no_other():
    """As another user, because root may read everything."""
    with TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        runs = Path(parent) / "runs"
        make_usable_run(runs, "good")
        make_usable_run(runs, "locked").chmod(0)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        try:
            found, usable = {run.name: run for run in list_runs(runs)}, usable_runs(runs)
        finally:
            if is_root:
                os.seteuid(0)
            (runs / "locked").chmod(0o755)
    assert set(found) == {"good", "locked"}
    assert set(usable) == {"good"}
    assert "Permission denied" in found["locked"].error


def test_what_cannot_be_dated_is_never_deleted_to_make_room(tmp_path):
    for number in range(MAX_RUNS):
        make_run(tmp_path, f"run-{number:02}", started=1_000.0 + number)
    damaged = make_run(tmp_path, "damaged")
    (damaged / RUN_FILE).write_text("{", encoding="utf-8")
    assert make_room(tmp_path) == ["run-00", "run-01"]
    assert (damaged / "model.keras").exists()


def test_the_newest_run_stays_if_the_clock_was_set_back(tmp_path):
    for number in range(MAX_RUNS - 1):
        make_run(tmp_path, f"run-{number:02}", started=1_000.0 + number)
    newest = make_run(tmp_path, "newest", started=1.0, number=next_number(tmp_path))
    assert list_runs(tmp_path)[0].name == "newest"
    assert make_room(tmp_path) == ["run-00"]
    assert newest.exists()


def test_a_clock_before_1980_is_named_before_anything_is_trained_or_deleted(tmp_path, monkeypatch, capsys):
    """As on a small computer that keeps no time while it is off."""
    monkeypatch.setattr("time.localtime", lambda *_: time.gmtime(1_000))
    with pytest.raises(InputError, match=r"clock .* 1970.* set the clock"):
        queue_training(tmp_path, Settings.of("quick", data="digits"))
    assert train.main(["--network", "quick", "--data", "digits", "--out", str(tmp_path / "mine")]) == train.BAD_INPUT
    assert "set the clock" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def light():
    return load_light_reader()


@pytest.fixture(scope="module")
def usual(light):
    """Seconds of processor time that it takes to read a plain photograph of the largest size."""
    side = int(MAX_AREA**0.5)
    photograph = np.random.default_rng(0).normal(200, 5, (side, side)).astype(np.uint8)
    photograph[side // 4 : side // 2, side // 2 : side // 2 + side // 50] = 60
    started = time.process_time()
    for _ in range(TIMES):
        assert light.read_ways(photograph)[0].digit is not None
    return (time.process_time() - started) / TIMES


class Watch:
    """The most memory that this process has taken more, and that any process which it has started has taken."""

    def __enter__(self):
        self._me = psutil.Process()
        self._before, self.own, self.others = self._me.memory_info().rss, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def _look(self):
        while not self._over.wait(0.005):
            self.own = max(self.own, self._me.memory_info().rss - self._before)
            for child in self._me.children():
                with contextlib.suppress(psutil.Error):  # it has just ended
                    if child.cmdline() != self._me.cmdline():  # else it is a copy of this process that has yet to start
                        self.others = max(self.others, child.memory_info().rss)

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


@pytest.mark.timeout(60)
@cases("make", PICTURES.values(), ids=PICTURES)
def test_no_picture_takes_more_than_its_share(light, usual, make):
    content = make()
    with Watch() as watch:
        started = time.process_time()
        try:
            picture = decode_upload(content)
        except InputError as error:
            assert str(error).endswith(".")
        else:
            assert picture.shape[0] * picture.shape[1] <= MAX_AREA
            readings = light.read_ways(picture)
            assert all(np.isfinite(each.probabilities).all() for each in readings)
        assert time.process_time() - started < MOST * usual
    assert watch.own < 300_000_000
    assert watch.others <= 1.1 * LIMITS.memory


@pytest.mark.timeout(60)
@cases("make", DRAWINGS.values(), ids=DRAWINGS)
def test_no_file_of_drawings_takes_more_than_its_share(tmp_path, make):
    content, path = make(), tmp_path / "drawings"
    path.write_bytes(content)
    with Watch() as watch, pytest.raises(InputError, match=r"\.$"):
        import_upload("drawings", content)
    assert watch.own < 100_000_000
    assert watch.others <= 1.1 * LIMITS.memory
    for load in (load_data, load_strokes):
        if not content.startswith(b"\x1f\x8b"):  # who names a file on this machine may take some memory
            with pytest.raises(InputError, match=r"\.$"):
                load(str(path))


def test_after_a_file_that_took_too_much_the_next_is_read(monkeypatch):
    import model.uploads as uploads

    monkeypatch.setattr(uploads, "LIMITS", LIMITS._replace(seconds=0.0))
    with pytest.raises(InputError, match="too much memory or time"):
        decode_upload(PICTURES["every second pixel"]())
    monkeypatch.undo()
    assert decode_upload(base64.b64decode(SMALL.partition(",")[2])).shape == (10, 10)
