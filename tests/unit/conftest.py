"""What the unit tests share."""

import pytest

from model import load_recognizer


@pytest.fixture(scope="session")
def recognizer():
    """The built-in network, ready to read. Tests must not modify it."""
    return load_recognizer()
