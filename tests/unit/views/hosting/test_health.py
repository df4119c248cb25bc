"""What is said of a network that cannot read."""

import pytest

from model import InputError
from tests.support.loading import held_back
from views.hosting import health
from views.shared.loading import load_run


@pytest.fixture
def gate():
    with held_back() as gate:
        yield gate


def test_the_built_in_network_reads_before_and_after_it_is_loaded(gate):
    assert health._trouble() == ""
    assert not load_run(None).done()
    gate.set()
    load_run(None).result()
    assert health._trouble() == ""


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    path = tmp_path / "own.keras"
    path.write_bytes(b"This is no network.")
    monkeypatch.setenv("DIGITS_MODEL", str(path))


def test_a_network_that_cannot_be_loaded_is_said_in_a_sentence(no_network, gate):
    assert health._trouble() == "The network is loading."
    gate.set()
    with pytest.raises(InputError, match=r"own\.keras"):
        load_run(None).result()
    assert health._trouble() == load_run(None).failure()
    assert "own.keras" in health._trouble()
