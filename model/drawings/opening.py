"""Opens the database of drawings. SQLAlchemy, which takes a quarter of a second to import, is imported only then."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from model.runs import runs_folder

if TYPE_CHECKING:
    from sqlalchemy import URL

    from model.drawings.store import Drawings

FILE = "drawings.db"  # in the folder of runs, unless DIGITS_DATABASE names a database


def open_drawings(url: str | None = None) -> "Drawings":
    """The drawings in a database: of that URL, as SQLAlchemy writes it, else of DIGITS_DATABASE, else beside the runs.

    This takes no time after the first call, and nothing is created until the first drawing is kept. May be called, and
    its result used, by any thread. Raises InputError if the URL is wrong or its driver is not installed.
    """
    from sqlalchemy import URL

    from model.drawings.database import parse_url

    given = url or os.environ.get("DIGITS_DATABASE")
    return _open(parse_url(given) if given else URL.create("sqlite", database=str(runs_folder() / FILE)))


@lru_cache(maxsize=8)  # a process uses one; its tests, many
def _open(url: "URL") -> "Drawings":
    from model.drawings.database import Database
    from model.drawings.store import Drawings

    return Drawings(Database(url))
