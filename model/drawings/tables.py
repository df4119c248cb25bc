"""The table of drawings, and its versions."""

from collections.abc import Callable

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    update,
)

from model.drawings.kept import MAX_DRAWING_BYTES, MAX_NAME
from model.errors import InputError

MAX_NETWORK = 200  # characters of the name of a network

METADATA = MetaData()

DRAWINGS = Table(
    "drawings",
    METADATA,
    Column("id", String(MAX_NAME), primary_key=True),
    Column("hand", String(MAX_NAME), nullable=False),  # empty: on a canvas
    Column("label", Integer),  # 0–9; null: on a canvas
    Column("strokes", JSON(none_as_null=True)),
    Column("png", LargeBinary(MAX_DRAWING_BYTES), nullable=False),
    Column("answered_digit", Integer),
    Column("answered_probability", Double),
    Column("answered_network", String(MAX_NETWORK)),
    Column("kept", DateTime, nullable=False),  # in UTC
    Column("size", Integer, nullable=False),  # bytes of strokes and picture
    Column("revision", BigInteger, nullable=False),  # a random number, another one after each change
    # Holds all that is counted and compared, so that this needs no picture to be read.
    Index("drawings_of_hand", "hand", "kept", "label", "size", "revision"),
)

_VERSION = Table("drawings_version", METADATA, Column("version", Integer, primary_key=True))

# After a change of the table: what makes it of one of the version before. The first turns version 1 into 2, and so on.
MIGRATIONS: tuple[Callable[[Connection], None], ...] = ()
_MIGRATION_LOCK = 0x4469676974  # for PostgreSQL: a number that nobody else locks


def latest_version() -> int:
    """The version of the table that this program knows."""
    return len(MIGRATIONS) + 1


def read_version(connection: Connection, place: str) -> int:
    """The version of the table in a database; 0 if there is no table yet. Raises InputError if it is a newer one."""
    if not inspect(connection).has_table(_VERSION.name):
        return 0
    version = connection.scalar(select(func.max(_VERSION.c.version))) or 0
    if version > latest_version():
        raise InputError(
            f"The drawings in {place} were kept by a newer version of this program: update it, or name another "
            "database with DIGITS_DATABASE."
        )
    return version


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Makes the table, or one of the latest version of an older one, as a part of the connection's transaction."""
    if connection.dialect.name == "postgresql":  # others make their transactions wait for each other
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
    version = read_version(connection, place)
    if version == 0:
        METADATA.create_all(connection)
        connection.execute(insert(_VERSION).values(version=latest_version()))
    for number, migrate in enumerate(MIGRATIONS, start=1):
        if number == version:
            migrate(connection)
            version += 1
            connection.execute(update(_VERSION).values(version=version))
