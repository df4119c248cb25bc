"""What the unit tests share."""

from functools import cache

import pytest

from model import load_recognizer
from model.data import datasets


@pytest.fixture(scope="session")
def recognizer():
    """The built-in network, ready to read. Tests must not modify it."""
    return load_recognizer()


@pytest.fixture(scope="session", autouse=True)
def _embedded_digits_once():
    """Preparing the embedded digits takes a second, so all trainings of this process share them."""
    with pytest.MonkeyPatch.context() as patched:
        load = datasets.load_embedded_digits

        @cache
        def load_once():
            data = load()
            for array in (*data.train, *data.test):
                array.setflags(write=False)
            return data

        patched.setattr(datasets, "load_embedded_digits", load_once)
        yield
