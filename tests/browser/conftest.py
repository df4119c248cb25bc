"""The real page, served by Streamlit, in a real Chromium."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from model.paths import ROOT
from tests.support.mouse import MAIN
from tests.support.server import FLAGS, PATIENCE, find_chromium, serve
from tests.support.traffic import listen


@pytest.fixture(scope="session")
def browser():
    path = find_chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is missing and REQUIRE_BROWSER is set.")
        pytest.skip("Chromium is missing: install it to run the browser tests.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(browser, tmp_path_factory):
    """One server for all tests that leave nothing behind on it."""
    with serve(tmp_path_factory.mktemp("runs")) as (address, _):
        yield address


@pytest.fixture
def open_page(browser):
    """Opens an address in a fresh window and waits for the canvas. The keywords are Playwright's.

    However a test ends, none of its pages may show a traceback.
    """
    contexts = []

    def open_page(address, init_script="", **settings):
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}} | settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        listen(page)
        page.add_init_script(init_script)
        page.goto(address)
        page.locator(MAIN).wait_for()
        return page

    yield open_page
    tracebacks = [page.locator(".stException").count() for context in contexts for page in context.pages]
    for context in contexts:
        context.close()
    assert not any(tracebacks)


@pytest.fixture
def page(open_page, address):
    return open_page(address)


@pytest.fixture
def copy_of_the_product(tmp_path):
    """A copy of the page's files, to be damaged."""
    for name in ("model", "views", "assets", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    for name in ("app.py", "train.py"):
        shutil.copy(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"
