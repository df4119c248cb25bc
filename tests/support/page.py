"""Reads a page in Streamlit's AppTest, and waits for what it shows."""

import json
import re
import time

from views.shared.state import REMEMBERED, held_by, name_of

PATIENCE = 100  # seconds


def texts(page):
    """All that the page says in words: Markdown, without the backslashes before signs that are meant as they are."""
    kinds = (page.caption, page.error, page.warning, page.info, page.success, page.markdown, page.subheader)
    said = "\n".join(element.value for kind in kinds for element in kind)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said)


def keys(page):
    """The keys of the page's buttons."""
    return {button.key for button in page.button}


def told(page, element):
    """What one of the page's own elements, by its name, is told to show; None if the page has no such element."""
    elements = {each.proto.component_name: each.proto.json for each in page.get("bidi_component")}
    return json.loads(elements[element]) if element in elements else None


def press_train(page):
    """Presses Train, which starts a training unless something is wrong."""
    return page.button("train").click().run()


def run_until(page, ready):
    """Runs the page until the condition holds, as a waiting page does in a browser.

    Half of the time is left to what it waits for, which is done in another thread.
    """
    began = time.monotonic()
    while True:
        before = time.monotonic()
        page.run()
        if ready():
            break
        assert time.monotonic() - began < PATIENCE, "timed out"
        time.sleep(max(0.05, time.monotonic() - before))
    assert not page.exception


def remember(page, value):
    """Lets the session of a page remember an object of a dataclass, in place of the one that it has."""
    if REMEMBERED not in page.session_state:
        page.session_state[REMEMBERED] = {}
    page.session_state[REMEMBERED][name_of(type(value))] = value


def select_runs(page, names):
    """What ticking rows of the table of runs does; AppTest cannot."""
    from views.tabs.runs.tab import _Runs

    remember(page, _Runs(selected=names))


def choose_network(page, name):
    """Reads with the network of a run, as somebody's browser remembers that they have chosen it."""
    from views.shared.in_use import _InUse

    remember(page, _InUse(name))


def network_in_use(page):
    """The name of the run whose network the page reads with; None for the built-in one."""
    from views.shared.in_use import NONE, _InUse

    chosen = held_by(page.session_state, _InUse).chosen
    return None if chosen == NONE else chosen
