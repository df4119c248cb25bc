"""What the tests of the analysis share."""

from functools import cache

import pytest

from model import Recognizer
from model.networks import NETWORKS
from tests.support.digits import on_canvas


@pytest.fixture(scope="session")
def untrained():
    """A function from the name of a network to a recognizer with it. Tests must not modify it."""
    return cache(lambda name: Recognizer(NETWORKS[name].build()))


@pytest.fixture(scope="session")
def seven(recognizer):
    """A 7 as a network sees it."""
    return recognizer.read(on_canvas(7, 0.6)).image
