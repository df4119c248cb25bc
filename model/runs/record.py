"""run.json: what a training says about itself. Its trainer writes it while it trains and when it ends."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

from model.errors import InputError
from model.files import MAX_JSON_BYTES, parse_json, read_file, write_json
from model.runs.progress import Progress
from model.runs.settings import Settings
from model.runs.values import MAX_OWNER, finite, text

RUN_FILE, MODEL_FILE, RECIPE_FILE = "run.json", "model.keras", "recipe.json"
WRITE_INTERVAL = 0.5  # seconds between two writes of run.json
FIRST_ZIP_YEAR = 1980  # a .keras file is a zip archive, which cannot hold an earlier date


@dataclass
class Record:
    """A run as its trainer keeps it. Its values are replaced, never modified, since another thread writes them out."""

    settings: Settings
    checksums: dict[str, int | None]
    """Those of the files that it learns from, so that it is never resumed with others."""
    status: str = "running"
    """queued, running, done, cancelled or failed."""
    pid: int = field(default_factory=os.getpid)
    error: str | None = None
    """Why it failed, in a sentence."""
    progress: Progress = field(default_factory=lambda: Progress("Starting"))
    number: int = 0
    """1 for the first run in its folder: what tells the later of two runs, even if the clock was set back meanwhile."""
    started: float = field(default_factory=time.time)
    """Seconds since 1970."""
    owner: str | None = None
    """Which visitor of the page started it; None if it was started from the command line."""
    ticket: int = 0
    """Its place in the queue: the lowest number comes first; 0 if it does not wait."""
    seconds: float = 0.0
    """How long it has trained, including the time before it was resumed, but not that for which it was paused."""
    paused: float = 0.0
    """For how many seconds this process was paused; it is not written."""
    metrics: dict[str, Any] = field(default_factory=dict)
    """The results: accuracy and loss on test images and the score on real drawings, or the accuracies of the folds."""

    @classmethod
    def load(cls, folder: Path) -> "Record":
        """The record of a run that was begun earlier. Raises InputError if its run.json cannot be used."""
        content = read_run_file(folder)
        checksums, metrics = content.get("checksums"), content.get("metrics")
        return cls(
            settings=Settings.from_json(content["settings"]),
            checksums=checksums if isinstance(checksums, dict) else {},
            status=str(content.get("status")),
            number=int(finite(content.get("number")) or 0),
            started=finite(content.get("started")) or time.time(),
            seconds=finite(content.get("seconds")) or 0.0,
            metrics=metrics if isinstance(metrics, dict) else {},
            owner=text(content.get("owner"), MAX_OWNER),
        )

    def start(self) -> None:
        """Makes this process the one that trains it."""
        if not self.seconds:  # it has waited in the queue, but never trained
            self.started = time.time()
        self.status, self.pid, self.error, self.progress = "running", os.getpid(), None, Progress("Starting")
        self.ticket = 0

    def enter(self, phase: str) -> None:
        """Reports what the trainer does next, outside the batches, such as loading the images."""
        self.progress = replace(self.progress, phase=phase)

    def write(self, folder: Path) -> None:
        """Writes run.json. Raises OSError."""
        content = {
            each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("metrics", "paused")
        }
        content |= {"settings": self.settings.to_json(), "progress": self.progress.to_json()}
        write_run_file(folder, content | ({"metrics": self.metrics} if self.metrics else {}))


@contextlib.contextmanager
def reporting(folder: Path, record: Record, tell: Callable[[], None] | None = None) -> Iterator[None]:
    """Keeps run.json up to date during the block, and a line on the terminal if there is one.

    For a part of a larger training, `tell` is called in place of that line. A thread does it, because importing
    TensorFlow, downloading and saving take seconds in which no batch ends.
    """
    before, started = record.seconds, time.perf_counter()
    over = Event()

    def report() -> None:
        record.seconds = round(before + time.perf_counter() - started - record.paused, 1)
        record.write(folder)
        if tell is not None:
            tell()
        elif sys.stdout.isatty():
            print(f"\r\033[K{record.progress.in_words()}", end="", flush=True)

    def keep_reporting() -> None:
        while not over.wait(WRITE_INTERVAL):
            with contextlib.suppress(OSError):  # if the disk is full, saving the network fails and says so
                report()

    report()
    thread = Thread(target=keep_reporting, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        record.seconds = round(before + time.perf_counter() - started - record.paused, 1)
        if tell is None and sys.stdout.isatty():
            print("\r\033[K", end="")


def write_run_file(folder: Path, content: dict[str, Any]) -> None:
    """Writes run.json, complete or not at all. Raises OSError."""
    write_json(folder / RUN_FILE, content)


def read_run_file(folder: Path) -> dict[str, Any]:
    """The content of run.json; its `settings` are a dictionary. Raises InputError if it is missing or damaged."""
    try:
        content = parse_json(read_file(folder / RUN_FILE, MAX_JSON_BYTES))
    except FileNotFoundError:
        raise InputError(f"There is no run in {folder}: it holds no {RUN_FILE}.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{folder / RUN_FILE} cannot be read ({why}): delete the run, or repair the file.") from None
    if not isinstance(content, dict) or not isinstance(content.get("settings"), dict):
        raise InputError(f"{folder / RUN_FILE} holds no settings: delete the run, or repair the file.")
    return content


def check_clock() -> None:
    """Raises InputError if the clock is so wrong that no network could be saved."""
    year = time.localtime().tm_year
    if year < FIRST_ZIP_YEAR:
        raise InputError(
            f"The clock of this machine says {year}, and no network can be saved with a date before {FIRST_ZIP_YEAR}: "
            "set the clock, then train."
        )


def remove_leftovers(folder: Path) -> None:
    """Deletes the temporary files that a killed trainer left in a run folder; the page may be writing others."""
    for path in folder.rglob(".*-*-*.*"):  # as `atomic_write` names them
        writer = path.name.split("-")[-2]
        if not (writer.isdecimal() and psutil.pid_exists(int(writer))):
            path.unlink(missing_ok=True)
