"""What this session has selected and pressed in the tab, and changing drawings from there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import InputError
from model.drawings import KeptDrawing
from views.shared import hand
from views.shared.jobs import Job
from views.shared.state import session

if TYPE_CHECKING:
    from model.drawings import Drawings


@dataclass
class Tab:
    """What this session has selected and pressed."""

    shown: tuple[str, ...] = ()
    """The drawings of the grid, in its order."""
    selected: str | None = None
    """The one of them that is shown in full."""
    deleted: KeptDrawing | None = None
    """The drawing that was deleted last."""
    job: Job | None = None
    """A change that is being written."""
    changed: bool = False
    """Whether the rest of the page is out of date."""
    trouble: str | None = None
    """Why the last change failed."""
    note: str | None = None
    """What the last change has done, if it cannot be seen."""


def change(work: "Callable[[Drawings], object]") -> None:
    """Changes the drawings in the background."""
    tab = session(Tab)
    tab.trouble = tab.note = None
    try:
        tab.job = hand.change(work)
    except InputError as error:
        tab.trouble = str(error)
