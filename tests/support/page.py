"""What a page of Streamlit's AppTest says, and waiting for it."""

import time

PATIENCE = 100  # seconds


def texts(page):
    """All that the page says in words."""
    kinds = (page.caption, page.error, page.warning, page.info, page.success, page.markdown, page.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def keys(page):
    """The keys of its buttons."""
    return {button.key for button in page.button}


def press_train(page):
    """With a working trainer, this would start one."""
    return page.button("train").click().run()


def run_until(page, ready):
    """Runs the page until the condition holds, as a browser does whose page looks again and again."""
    deadline = time.monotonic() + PATIENCE
    page.run()
    while not ready():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
        page.run()
    assert not page.exception
