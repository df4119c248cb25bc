"""The page without a browser, on a machine that has neither runs nor MNIST."""

import pytest


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "missing.npz"))
    return tmp_path / "runs"
