"""The two databases on which everything is tested: SQLite's, and a real PostgreSQL."""

import itertools

import pytest

from model.drawings import open_drawings
from tests.support.postgresql import find_postgresql, serve_postgresql
from tests.support.services import require

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql():
    with serve_postgresql(require(find_postgresql(), "PostgreSQL")) as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def url(request, tmp_path):
    """The URL of a database that holds nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/drawings.db"
    return request.getfixturevalue("postgresql").new_database(f"digits{next(_numbers)}")


@pytest.fixture
def drawings(url):
    return open_drawings(url)
