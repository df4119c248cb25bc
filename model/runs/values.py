"""Single values of a run.json, which may be damaged or edited: each is what it should be, or it is left out."""

import os
import zlib
from pathlib import Path

MAX_NAME_BYTES = 255  # of the name of a folder, on nearly every system
MAX_NUMBER = 1e12  # of anything that a run counts or measures
MAX_OWNER = 100  # characters that stand for a visitor


def finite(value: object) -> float | None:
    """The value if it is a number of a believable size, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < MAX_NUMBER else None  # false for NaN; the comparison takes a whole number of any size


def text(value: object, longest: int) -> str | None:
    """The value if it is a text, in one line of so many characters at most that can be shown anywhere, else None.

    What cannot be encoded, such as half a surrogate pair, becomes a question mark.
    """
    if not isinstance(value, str):
        return None
    shown = " ".join(value[: 4 * longest].encode("utf-8", "replace").decode().split())
    shown = "".join(each if each.isprintable() else "?" for each in shown)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def is_name(value: object) -> bool:
    """Whether it can only be the name of a folder in the folder of runs, can be shown, and leads nowhere else."""
    if not isinstance(value, str) or not value.isprintable() or value in ("", "..") or value[0] == ".":
        return False
    return len(value.encode()) <= MAX_NAME_BYTES and Path(value).name == value


def name_of(folder: Path) -> str:
    """What to call the run in a folder: the folder's name or, if that cannot be shown, one made of it."""
    name = folder.name
    return name if is_name(name) else f"{text(name, 40)}-{zlib.crc32(os.fsencode(name)):08x}"
