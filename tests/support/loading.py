"""Networks that are loaded when a test says so: in this process, or in a copy of the product."""

from contextlib import contextmanager
from threading import Event

import pytest

from tests.support.page import PATIENCE
from views.shared import jobs, loading


@contextmanager
def held_back(load=None):
    """In the block, no network is there yet; loading one waits for the event that is yielded.

    `load` takes the path of a network and returns what the page gets for it; by default, it is loaded indeed.
    """
    gate, load = Event(), load or loading._load
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "_load", lambda path: gate.wait(PATIENCE) and load(path))
        _forget_networks()
        try:
            yield gate
        finally:
            gate.set()
            _forget_networks()


def _forget_networks():
    lane = jobs._opened["networks"]
    lane.jobs.clear()
    lane.held.clear()  # a session of an earlier test may still hold on to one


def hold_up_loading(product, gate):
    """No network is loaded before there is a file called `gate`. Otherwise it would be there before anybody looks."""
    path, first_line = product / "views" / "shared" / "loading.py", "    _wait_for_a_rest()\n"
    text = path.read_text(encoding="utf-8")
    assert text.count(first_line) == 1
    wait = f"    while not Path({str(gate)!r}).exists():\n        time.sleep(0.05)\n"
    path.write_text(text.replace(first_line, wait + first_line), encoding="utf-8")
