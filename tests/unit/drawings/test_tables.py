import pytest
from sqlalchemy import create_engine, inspect, text

from model import InputError
from model.drawings import open_drawings, tables

# The first version of the table, as SQLite and PostgreSQL tell it, with a drawing: what any later version must read.
FIRST = {
    "sqlite": """
        CREATE TABLE drawings (id VARCHAR(64) NOT NULL, hand VARCHAR(64) NOT NULL, label INTEGER, strokes JSON,
            png BLOB NOT NULL, answered_digit INTEGER, answered_probability DOUBLE, answered_network VARCHAR(200),
            kept DATETIME NOT NULL, size INTEGER NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (id))""",
    "postgresql": """
        CREATE TABLE drawings (id VARCHAR(64) NOT NULL, hand VARCHAR(64) NOT NULL, label INTEGER, strokes JSON,
            png BYTEA NOT NULL, answered_digit INTEGER, answered_probability DOUBLE PRECISION,
            answered_network VARCHAR(200), kept TIMESTAMP WITHOUT TIME ZONE NOT NULL, size INTEGER NOT NULL,
            revision BIGINT NOT NULL, PRIMARY KEY (id))""",
}
PNG = {"sqlite": "X'504E47'", "postgresql": "'PNG'"}
REST = (
    "CREATE INDEX drawings_of_hand ON drawings (hand, kept, label, size, revision)",
    "CREATE TABLE drawings_version (version INTEGER NOT NULL, PRIMARY KEY (version))",
    "INSERT INTO drawings_version VALUES (1)",
    """INSERT INTO drawings VALUES ('0d', 'me', 6, '[{"points":[[0.25,0.5]],"width":0.05}]', {PNG}, 5, 0.625, 'reader',
        '2026-11-26 12:00:00.000000', 43, 123456789)""",
)


@pytest.fixture
def engine(url):
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def from_before(engine):
    """A database of the first version."""
    with engine.begin() as connection:
        for statement in (FIRST[engine.dialect.name], *REST):
            connection.exec_driver_sql(statement.replace("{PNG}", PNG[engine.dialect.name]))
    return engine


def table(engine):
    columns = inspect(engine).get_columns("drawings")
    return {(each["name"], str(each["type"]), each["nullable"]) for each in columns}


def test_drawings_of_the_first_version_are_still_there(from_before, drawings):
    (kept,) = drawings.of("me")
    assert (kept.id, kept.digit, kept.png, kept.answered.probability) == ("0d", 6, b"PNG", 0.625)
    assert kept.strokes == [{"points": [[0.25, 0.5]], "width": 0.05}]
    drawings.add("me", 6, None, b"PNG")
    assert len(drawings.of("me")) == 2


def test_a_new_table_is_like_one_of_the_first_version_brought_up_to_date(from_before, drawings, tmp_path):
    drawings.add("me", 6, None, b"PNG")
    if from_before.dialect.name == "sqlite":
        open_drawings(f"sqlite:///{tmp_path}/new.db").add("me", 6, None, b"PNG")
        new = create_engine(f"sqlite:///{tmp_path}/new.db")
        assert table(new) == table(from_before)
        new.dispose()


def add_column(connection):
    connection.execute(text("ALTER TABLE drawings ADD COLUMN mood VARCHAR(20) DEFAULT 'good'"))


def fail(connection):
    connection.execute(text("UPDATE drawings SET label = 1"))
    connection.execute(text("ALTER TABLE nothing ADD COLUMN mood INTEGER"))


@pytest.mark.parametrize("first", ["of", "add"])
def test_an_older_table_is_brought_up_to_date_before_it_is_read_or_written(from_before, drawings, monkeypatch, first):
    monkeypatch.setattr(tables, "MIGRATIONS", (add_column, add_column_of_another_name))
    if first == "of":
        assert [each.id for each in drawings.of("me")] == ["0d"]
    else:
        drawings.add("me", 6, None, b"PNG")
    assert {"mood", "weather"} <= {name for name, _, _ in table(from_before)}
    with from_before.connect() as connection:
        assert connection.scalar(text("SELECT version FROM drawings_version")) == 3
        assert connection.scalar(text("SELECT mood FROM drawings WHERE id = '0d'")) == "good"


def add_column_of_another_name(connection):
    connection.execute(text("ALTER TABLE drawings ADD COLUMN weather INTEGER"))


def test_a_table_that_cannot_be_brought_up_to_date_stays_as_it_was(from_before, drawings, monkeypatch):
    before = table(from_before)
    with monkeypatch.context() as patched:
        patched.setattr(tables, "MIGRATIONS", (add_column, fail))
        for _ in range(2):
            with pytest.raises(InputError, match="failed"):
                drawings.of("me")
    assert table(from_before) == before
    assert [each.digit for each in drawings.of("me")] == [6]
