"""Reads a page in Streamlit's AppTest, and waits for what it shows."""

import time

PATIENCE = 100  # seconds


def texts(page):
    """All that the page says in words."""
    kinds = (page.caption, page.error, page.warning, page.info, page.success, page.markdown, page.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def keys(page):
    """The keys of the page's buttons."""
    return {button.key for button in page.button}


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
