"""Transactions on the database of drawings: whole or not at all, from any thread, beside other processes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError

from model.drawings.failures import explain
from model.drawings.kept import to_json
from model.drawings.tables import bring_up_to_date, latest_version, read_version
from model.errors import InputError, first_line

BUSY_TIMEOUT = 5  # seconds to wait for a server, or for whoever is writing: a drawing is written within milliseconds


def parse_url(url: str) -> URL:
    """The URL of a database, as SQLAlchemy writes it. Raises InputError if it is none."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise InputError(
            "DIGITS_DATABASE is not the URL of a database: write sqlite:////path/to/drawings.db or "
            "postgresql+psycopg://user:password@host/database."
        ) from None


class Database:
    """A database, in transactions. The first one that writes creates what is missing."""

    def __init__(self, url: URL) -> None:
        """Connects to nothing yet. Raises InputError if the URL cannot be used."""
        self._file = _file(url)
        self._place = str(self._file or url.render_as_string())
        self._existed = False
        try:
            self._engine = _create_engine(url, self._file)
        except ModuleNotFoundError as error:
            raise InputError(
                f"The database {self._place} needs the package {error.name}, which is missing: install it, or name "
                "another database with DIGITS_DATABASE."
            ) from None
        except (SQLAlchemyError, TypeError, ValueError) as error:
            raise InputError(
                f"The database {self._place} cannot be used ({first_line(error)}): correct DIGITS_DATABASE."
            ) from None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A transaction that reads; None if nothing has been written yet. Raises InputError if it fails."""
        version = 0
        if not self._is_absent():
            with self._transaction() as connection:
                version = self._version(connection)
                if version == latest_version():
                    yield connection
                    return
        if version:  # an older one
            with self.writing() as connection:
                yield connection
        else:
            yield None

    @contextlib.contextmanager
    def writing(self, durable: bool = True) -> Iterator[Connection]:
        """A transaction that writes. Raises InputError if it fails; then nothing was written.

        What it has written outlives any crash of this program; if `durable`, also one of the machine, which takes
        SQLite some milliseconds instead of a fraction of one.
        """
        if self._is_absent() and self._file:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise InputError(
                    f"The folder {self._file.parent} cannot be made to keep drawings in ({error.strerror}): move away "
                    "what is there, or name a database with DIGITS_DATABASE."
                ) from None
        with self._transaction(writing=True, durable=durable) as connection:
            if self._version(connection) != latest_version():
                bring_up_to_date(connection, self._place)
            yield connection

    @contextlib.contextmanager
    def _transaction(self, **options: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                try:
                    with connection.execution_options(**options).begin():
                        yield connection
                except SQLAlchemyError:
                    connection.invalidate()  # the next one starts afresh
                    raise
        except InputError:
            raise
        except (SQLAlchemyError, ValueError) as error:  # a ValueError says that a column cannot be decoded
            raise explain(error, self._place) from None

    def _version(self, connection: Connection) -> int:
        """The version of the table, looked up once for each connection."""
        version = connection.info.get("version")
        if version is None:
            version = read_version(connection, self._place)
            if version == latest_version():
                connection.info["version"] = version
        return version

    def _is_absent(self) -> bool:
        """Whether there is no file yet. Raises InputError if there was one."""
        if self._file is None:
            return False
        try:
            exists = self._file.exists()
        except OSError:  # in a folder that may not be searched: opening the file will say so
            exists = True
        if not exists and self._existed:
            raise InputError(
                f"{self._place}, where drawings were kept, is gone: put it back, or start the page again to begin anew."
            )
        self._existed = exists
        return not exists


def _file(url: URL) -> Path | None:
    """The file of SQLite; None for other databases."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or ":memory:" in url.database:
        raise InputError("DIGITS_DATABASE names no file: write sqlite:////path/to/drawings.db.")
    return None if url.database.startswith("file:") else Path(url.database).absolute()


def _create_engine(url: URL, file: Path | None) -> Engine:
    options: dict[str, Any] = {"json_serializer": to_json}
    if url.get_backend_name() != "sqlite":
        options["pool_pre_ping"] = True  # the server may have been started again
    patience = {"connect_timeout": str(BUSY_TIMEOUT), "options": f"-c lock_timeout={BUSY_TIMEOUT}s"}
    if url.get_backend_name() == "sqlite":
        patience = {"timeout": str(BUSY_TIMEOUT)}
    elif url.get_driver_name() != "psycopg":
        patience = {}
    engine = create_engine(url.set(query=patience | dict(url.query)), **options)
    if engine.dialect.name == "sqlite":
        _tame_sqlite(engine, file)
    return engine


def _tame_sqlite(engine: Engine, file: Path | None) -> None:
    """Lets processes read while one writes, and begins transactions ourselves, as Python's module begins them late."""

    def identity() -> tuple[int, int] | None:
        with contextlib.suppress(OSError):
            return file and (file.stat().st_dev, file.stat().st_ino)
        return None

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:  # noqa: ANN401 - of the driver
        connection.isolation_level = None
        # Refused while another process makes the file. A connection to come will do it.
        with contextlib.suppress(OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
        record.info["file"] = identity()

    @event.listens_for(engine, "checkout")
    def _is_still_there(connection: Any, record: Any, proxy: Any) -> None:  # noqa: ANN401
        if record.info["file"] != identity():  # put back from a copy
            raise DisconnectionError

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("writing"):
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options['durable'] else 'NORMAL'}")
        # What is read in a transaction that writes must not change before it does.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
