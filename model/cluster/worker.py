"""What a node does: trains a part in a scratch folder, and keeps sending what has changed in it."""

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import psutil

from model.cluster.mailbox import FILES, Parcel, Wished, write_part
from model.errors import InputError
from model.runs import Record, Settings, check_data, checksums, pass_on

INTERVAL = 0.3  # seconds between two looks at what has changed
SCRATCH = "digits-part-"  # and the process id: the names of scratch folders in the system's temporary folder


@dataclass(frozen=True)
class Job:
    """A part of a training, and how to send what it has learned."""

    number: int
    settings: Settings
    checksums: dict[str, int | None]
    """Those that the files to learn from must have."""
    mailbox: Any
    """The handle of the actor."""
    cores: int


@contextlib.contextmanager
def at_work(job: Job) -> Iterator[tuple[Path, Record, "Mirror"]]:
    """The folder of the part, with what it goes on from, its record, and what sends both while the block runs.

    Raises InputError if the data cannot be used on this node.
    """
    # Before TensorFlow is imported: it would take every core of the node
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = str(job.cores)
    _check_data_here(job)
    attempt, files, wished = answer_of(job.mailbox.begin.remote(job.number))
    with _scratch_folder() as scratch:
        folder = scratch / f"part-{job.number}"
        write_part(folder, files)
        record = Record(job.settings, job.checksums, number=job.number)
        mirror = Mirror(job, attempt, folder, record)
        mirror.obey(wished)
        with mirror:
            yield folder, record, mirror


class Mirror:
    """Sends what has changed in the folder of a part, and its progress; and brings wishes back."""

    def __init__(self, job: Job, attempt: int, folder: Path, record: Record) -> None:
        self.job, self.attempt, self.folder, self.record = job, attempt, folder, record
        self._sent = self._look()
        self._over, self._sending = Event(), Lock()
        self._thread = Thread(target=self._keep_sending, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def send(self, done: bool = False) -> None:
        """Sends what has changed. When it returns, it is in the mailbox."""
        with self._sending:
            now = self._look()
            changed = [name for name in reversed(FILES) if now[name] not in (None, self._sent[name])]
            files = {name: (self.folder / name).read_bytes() for name in changed}
            parcel = Parcel(self.record.progress, self.record.paused, files, done)
            wished = answer_of(self.job.mailbox.put.remote(self.job.number, self.attempt, parcel))
            self._sent = now
        self.obey(wished)

    def obey(self, wished: Wished | None) -> None:
        """Passes a wish on to the training; None means that the part goes on elsewhere, so that this process ends."""
        if wished is None:
            os._exit(1)
        pass_on(self.folder.parent, *wished)

    def _keep_sending(self) -> None:
        while not self._over.wait(INTERVAL):
            self.send()

    def _look(self) -> dict[str, tuple[int, int] | None]:
        """What tells whether a file has changed, by its name; it is looked at before the file is read."""
        found: dict[str, tuple[int, int] | None] = dict.fromkeys(FILES)
        for name in FILES:
            with contextlib.suppress(FileNotFoundError):
                status = (self.folder / name).stat()
                found[name] = status.st_mtime_ns, status.st_ino
        return found


def answer_of(call: Any) -> Any:  # noqa: ANN401 - whatever the mailbox answers
    """What a call of the mailbox returns. Inside a task, `ray.get` would give its cores to another one meanwhile."""
    return call.future().result()


def _check_data_here(job: Job) -> None:
    node = f"The node {platform.node()} of the cluster"
    now = checksums(job.settings)
    for name, expected in job.checksums.items():
        path = getattr(job.settings, name)
        if expected is not None and now[name] is None:
            raise InputError(
                f"{node} does not have the data ({path}): put it at the same path on each node, then resume."
            )
        if expected is not None and now[name] != expected:
            raise InputError(
                f"{node} has other data than this machine ({path}): put the same on each node, then resume."
            )
    try:
        check_data(job.settings)
    except InputError as error:
        raise InputError(f"{node} cannot train: {error}") from None


@contextlib.contextmanager
def _scratch_folder() -> Iterator[Path]:
    """A folder for a part. Those of processes that were killed are removed on this occasion."""
    for path in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        pid = path.name.removeprefix(SCRATCH).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(path, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-") as folder:
        yield Path(folder)
