"""What a machine may lack. Without a program its tests are skipped, or fail if REQUIRE_SERVICES is set."""

import os

import pytest

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals, limits and permissions.")


def require(found, name):
    """What was found of a program."""
    if found is None and os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"{name} is missing and REQUIRE_SERVICES is set.")
    if found is None:
        pytest.skip(f"{name} is missing: install it for the tests that need it.")
    return found
