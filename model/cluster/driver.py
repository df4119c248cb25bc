"""The driver's side of all parts: collects what the nodes send, and writes it into the run folder."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType

from model.cluster.connection import cores_for
from model.cluster.mailbox import Parcel, open_mailbox, write_part
from model.cluster.worker import Job
from model.errors import InputError
from model.runs import Parts, Progress, Record, Settings, wished

INTERVAL = 0.3  # seconds between two collections


class Driver:
    """Collects the parts of a training, by their numbers."""

    def __init__(
        self,
        ray: ModuleType,
        folder: Path,
        record: Record,
        parts: Parts,
        folders: Mapping[int, Path],
        over: Collection[int] = (),
    ) -> None:
        """For the run in `folder`, with the folder of each part that is handed to a node.

        `over` are those of them that have ended already; `parts.done` includes them.
        """
        self.ray, self.folder, self.record, self.parts, self.folders = ray, folder, record, parts, folders
        self.cores = cores_for(ray, parts.count - parts.done)
        self.mailbox = open_mailbox(ray, folders, wished(folder))
        self._under_way: dict[int, Parcel] = {}
        self.finished = set(over)
        self._paused_before: dict[int, float] = {}  # seconds for which the training had been paused when a part began

    def job(self, number: int, settings: Settings) -> Job:
        """A part as it is handed to a node."""
        return Job(number, settings, self.record.checksums, self.mailbox, self.cores)

    def collect(self) -> None:
        """Writes what has come into the run folder, tells the progress, and passes on what is wished.

        Raises InputError if a part has complained of what keeps all from training, and OSError.
        """
        news, complaint = self.ray.get(self.mailbox.take.remote(wished(self.folder)))
        if complaint:
            raise InputError(complaint)
        for number, parcel in news.items():
            if number in self.finished:  # the last words of a trial that was ended early: it does not know
                continue
            write_part(self.folders[number], parcel.files)
            self._under_way[number] = parcel
            before = self._paused_before.setdefault(number, self.record.paused)
            self.record.paused = max(self.record.paused, before + parcel.paused)  # all are paused at once
        told: dict[int, Progress] = {number: each.progress for number, each in self._under_way.items()}
        self.record.progress = self.parts.combine(told, self.record.paused)

    def finish(self, number: int) -> None:
        """A part is over: it is counted as done."""
        self.parts.done += 1
        self.finished.add(number)
        self._under_way.pop(number, None)
        self.mailbox.forget.remote(number)
