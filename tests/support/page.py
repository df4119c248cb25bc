"""Reads a page in Streamlit's AppTest, and waits for what it shows."""

import json
import time

PATIENCE = 100  # seconds


def texts(page):
    """All that the page says in words."""
    kinds = (page.caption, page.error, page.warning, page.info, page.success, page.markdown, page.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


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
    """Runs the page until the condition holds, as a waiting page does in a browser."""
    deadline = time.monotonic() + PATIENCE
    page.run()
    while not ready():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.05)
        page.run()
    assert not page.exception
