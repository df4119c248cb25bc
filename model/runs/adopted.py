"""Networks that somebody else has trained, kept as runs like any other: their curves are not known."""

import shutil
import tempfile
import time
from collections.abc import Collection
from pathlib import Path, PurePath

from model.checking import adopt_in_process
from model.errors import InputError
from model.files import explaining_os_errors
from model.runs.lock import queue_lock
from model.runs.record import MODEL_FILE, check_clock, write_run_file
from model.runs.store import make_room, new_run_name, next_number

SUFFIXES = (".keras", ".h5", ".hdf5")
MAX_NAME = 24  # characters of the file's name that are shown


def adopt_network(runs: Path, name: str, content: bytes, owner: str | None = None, in_use: Collection[str] = ()) -> str:
    """Keeps a network file of this name and content as a run in `runs`, once it has been tried. Returns the run's name.

    `owner` and `in_use` are those of `queue_training`.

    It is tried and saved anew in a process of its own, which takes some ten seconds: what is kept takes what networks
    that were trained here take. The oldest runs may be deleted to make room. Raises InputError if it cannot be used.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{name} is not a network file: choose one that ends in {', '.join(SUFFIXES)}.")
    check_clock()
    with explaining_os_errors("The network cannot be kept"):
        runs.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=".adopted-", dir=runs))
    try:
        file = place / f"network{suffix}"
        with explaining_os_errors("The network cannot be kept"):
            file.write_bytes(content)
        try:
            metrics = adopt_in_process(file, place / MODEL_FILE)
        except InputError as error:
            raise InputError(str(error).replace(str(file.absolute()), name).replace(str(file), name)) from None
        with queue_lock(runs), explaining_os_errors("The network cannot be kept"):
            file.unlink()
            make_room(runs, in_use)
            shown = name if len(name) <= MAX_NAME else f"…{name[1 - MAX_NAME :]}"
            settings = {"network": f"a network from {shown}", "data": "unknown"}
            run = {"status": "done", "number": next_number(runs), "started": time.time(), "metrics": metrics}
            run["owner"] = owner
            write_run_file(place, {"settings": settings} | run)
            folder = runs / new_run_name(runs, "file")
            place.rename(folder)
            folder.chmod(0o755)
        return folder.name
    finally:
        shutil.rmtree(place, ignore_errors=True)
