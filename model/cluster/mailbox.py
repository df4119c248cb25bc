"""What passes between the driver and the nodes: parcels with what was learned, and wishes to pause.

The mailbox is an actor on the driver's node. It keeps the newest files of each part that is not finished, so that a
part whose node was lost goes on elsewhere from its last whole epoch, even if the driver has not collected them yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from model.files import atomic_write, read_json
from model.runs import (
    FILTERS_FILE,
    HISTORY_FILE,
    MODEL_FILE,
    MOMENTS_FILE,
    OVER,
    READINGS_FILE,
    RUN_FILE,
    SCORE_FILE,
    Progress,
    Wish,
)

# Of a part, in the order in which they are written, as local training does: a network never has more epochs than its
# history. They are read in the reverse order.
FILES = (RUN_FILE, READINGS_FILE, FILTERS_FILE, MOMENTS_FILE, HISTORY_FILE, MODEL_FILE, SCORE_FILE)

Wished = tuple[Wish, int]


@dataclass(frozen=True)
class Parcel:
    """What is new of a part."""

    progress: Progress = field(default_factory=Progress)
    paused: float = 0.0
    """For how many seconds it was paused, all in all."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The content of those files that have changed."""
    done: bool = False


class Mailbox:
    """The actor itself. A part is known by its number."""

    def __init__(self, begun: dict[int, dict[str, bytes]], wished: Wished) -> None:
        """`begun`: the files of the parts that were trained earlier."""
        self.files, self.wished = begun, wished
        self.attempts: dict[int, int] = {}
        self.news: dict[int, Parcel] = {}
        self.complaint: str | None = None

    def begin(self, number: int) -> tuple[int, dict[str, bytes], Wished]:
        """The attempt that begins now, the files to go on from, and the last wish."""
        self.attempts[number] = self.attempts.get(number, 0) + 1
        return self.attempts[number], self.files.get(number, {}), self.wished

    def put(self, number: int, attempt: int, parcel: Parcel) -> Wished | None:
        """Takes what a node has sent and returns the last wish; None if the part goes on elsewhere by now.

        A node may be taken for dead, because it could not be reached, and come back.
        """
        if attempt != self.attempts.get(number):
            return None
        before = self.news.get(number, Parcel())
        self.news[number] = replace(parcel, files={**before.files, **parcel.files})
        self.files[number] = {} if parcel.done else {**self.files.get(number, {}), **parcel.files}
        return self.wished

    def forget(self, number: int) -> None:
        """A part is over: it never goes on elsewhere."""
        self.files.pop(number, None)

    def complain(self, sentence: str) -> None:
        """Takes why the whole training cannot go on."""
        self.complaint = sentence

    def take(self, wished: Wished) -> tuple[dict[int, Parcel], str | None]:
        """What is new since the last call, by part, and a complaint; leaves a wish for the nodes."""
        self.wished = wished
        news, self.news = self.news, {}
        return news, self.complaint


def open_mailbox(ray: ModuleType, parts: Mapping[int, Path], wished: Wished) -> Any:  # noqa: ANN401 - Ray's own handle
    """A mailbox on this machine, with what the folders of the parts hold."""
    from ray.util import scheduling_strategies  # pyright: ignore[reportMissingImports] - an extra

    here = scheduling_strategies.NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    begun = {number: read_part(folder) for number, folder in parts.items()}
    return ray.remote(Mailbox).options(num_cpus=0, scheduling_strategy=here).remote(begun, wished)


def read_part(folder: Path) -> dict[str, bytes]:
    """The files that a part goes on from; of a trial that is over, not its network."""
    over = read_json(folder / RUN_FILE).get("status") in OVER
    names = [name for name in reversed(FILES) if not (over and name == MODEL_FILE)]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def write_part(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files of a part, each complete or not at all. Raises OSError."""
    folder.mkdir(exist_ok=True)
    for name in FILES:
        if name in files:
            with atomic_write(folder / name) as new:
                new.write_bytes(files[name])
