"""Pausing a training: whoever looks at it leaves a wish in its folder, and its trainer looks there between batches."""

from pathlib import Path
from typing import Literal

from model.files import read_json, write_json

WISH_FILE = "wish.json"
PAUSED = "paused"  # the phase of the progress of a paused training

MAX_NUMBER = 10**9  # whoever claims more wishes has damaged the file

Wish = Literal["go", "pause", "batch", "epoch"]


def wish(folder: Path, what: Wish) -> None:
    """Asks the trainer of the run in `folder` to pause, to go on, or to train one more batch or epoch, then pause.

    Raises OSError.
    """
    number = _number(read_json(folder / WISH_FILE)) + 1
    write_json(folder / WISH_FILE, {"wish": what, "number": number})


def pass_on(folder: Path, what: Wish, number: int) -> None:
    """Repeats a wish in another folder, where a part of the training takes place. Raises OSError."""
    write_json(folder / WISH_FILE, {"wish": what, "number": number})


def wished(folder: Path) -> tuple[Wish, int]:
    """The last wish and its number, so that a step is made once; ("go", 0) if there is none, or it is damaged."""
    content = read_json(folder / WISH_FILE)
    what = content.get("wish")
    return (what, _number(content)) if what in ("pause", "batch", "epoch") else ("go", _number(content))


def forget_wishes(folder: Path) -> None:
    """Called before a training begins or is resumed. Raises OSError."""
    (folder / WISH_FILE).unlink(missing_ok=True)


def _number(content: dict) -> int:
    number = content.get("number")
    return number if isinstance(number, int) and 0 < number < MAX_NUMBER else 0
