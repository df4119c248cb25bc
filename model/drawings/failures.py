"""Says in a sentence why a database failed, and what to do."""

import sqlite3

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from model.errors import InputError, first_line

BUSY = "{place}, where drawings are kept, is in use by another program: close that or wait, then try again."
FULL = "There is no space left for drawings in {place}: free some, or delete drawings."
READ_ONLY = (
    "{place}, where drawings are kept, may not be written: check its permissions and those of its folder, or name "
    "another database with DIGITS_DATABASE."
)
DAMAGED = (
    "{place} is damaged or is not a database: move it away, put a copy in its place, or name another database with "
    "DIGITS_DATABASE."
)
UNOPENED = (
    "{place}, where drawings are kept, cannot be opened: check its permissions and those of its folder, or name "
    "another database with DIGITS_DATABASE."
)
DISK = (
    "{place}, where drawings are kept, cannot be read or written ({why}): the disk may be full or failing; free some."
)
UNREACHABLE = "The database {place} cannot be reached ({why}): start it, or correct DIGITS_DATABASE."
FAILED = "The database {place} failed ({why}): try again, or name another one with DIGITS_DATABASE."

_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: UNOPENED,
    sqlite3.SQLITE_IOERR: DISK,
}
# Of the codes of SQL's standard and PostgreSQL, the beginnings
_OF_STANDARD = {
    "55P03": BUSY,
    "53100": FULL,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "08": UNREACHABLE,
    "28": UNREACHABLE,
    "3D": UNREACHABLE,
    "57P": UNREACHABLE,
}


def explain(error: SQLAlchemyError | ValueError, place: str) -> InputError:
    """What went wrong with the database at `place`."""
    cause = getattr(error, "orig", None) or error
    return InputError(_kind(error, cause).format(place=place, why=first_line(cause)))


def _kind(error: BaseException, cause: BaseException) -> str:
    if isinstance(error, ValueError):
        return DAMAGED
    if isinstance(error, PoolTimeoutError):
        return BUSY
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return _OF_SQLITE.get(code & 0xFF, FAILED)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return UNREACHABLE
    return next((kind for start, kind in _OF_STANDARD.items() if state.startswith(start)), FAILED)
