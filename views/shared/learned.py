"""What the network in use has learned from, and whether that is on this machine."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from model import InputError, default_network
from model.data import mnist_file
from model.files import read_json
from model.paths import SHIPPED_NETWORK, SHIPPED_RUN
from model.runs import Record, Settings, checksums, network_settings, runs_folder
from views.shared import loading
from views.shared.in_use import run_in_use


@dataclass(frozen=True)
class Learned:
    """What the network in use has learned from."""

    settings: Settings | None
    """Those that it was trained with; None if they cannot be read."""
    missing: str | None
    """Why the images of its data set cannot be looked at here, as a clause about it; None if they can."""


def learned_from() -> Learned:
    """What the network has learned from that the page reads with."""
    name = None if loading.trouble() else run_in_use()
    try:
        if name is None and default_network() != SHIPPED_NETWORK:
            return Learned(None, None)
        if name is None:
            settings, before = shipped_settings(), None
        else:
            record = Record.load(runs_folder() / name)
            settings, before = network_settings(record), record.checksums.get("data")
    except (InputError, KeyError, TypeError):
        return Learned(None, None)
    return Learned(settings, _missing(settings, before))


def shipped_settings() -> Settings:
    """Those of the built-in network, which learned from MNIST itself, wherever its file was."""
    return replace(Settings.from_json(read_json(SHIPPED_RUN)["settings"]), data="mnist")


def _missing(settings: Settings, before: int | None) -> str | None:
    if settings.data == "digits":
        return None
    file = mnist_file() if settings.data == "mnist" else Path(settings.data)
    try:
        status = file.stat()
        now = _checksum(settings, file, status.st_mtime_ns, status.st_size)
    except OSError:
        return "which is not on this machine"
    return None if before in (None, now) else "which has changed since"


@lru_cache(maxsize=16)
def _checksum(settings: Settings, file: Path, time: int, size: int) -> int | None:
    """That of the data, by the file, its time and its size: it takes a while, and the page asks in each of its runs."""
    return checksums(replace(settings, strokes=None))["data"]
