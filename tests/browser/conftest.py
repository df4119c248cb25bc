"""The real page, served by Streamlit, in a real Chromium."""

import os
import re
import shutil
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

from model.paths import ROOT
from tests.support.mouse import MAIN
from tests.support.server import FLAGS, PATIENCE, Server, find_chromium, serve
from tests.support.traffic import listen
from tests.support.trainer import end_trainings
from views.shared.visitor import MAX_NAME, NAME_COOKIE

VIEWPORT = {"width": 1200, "height": 900}


@pytest.fixture(scope="session")
def browser():
    path = find_chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("Chromium is missing and REQUIRE_BROWSER is set.")
        pytest.skip("Chromium is missing: install it to run the browser tests.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--process-per-site"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(browser, tmp_path_factory):
    """One server for all tests that leave nothing behind on it."""
    with serve(tmp_path_factory.mktemp("runs")) as (address, _):
        yield address


@pytest.fixture(scope="session")
def _server(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    drawings, missing = f"sqlite:///{folder / 'drawings.db'}", str(folder / "missing.npz")
    server = Server(folder / "runs", DIGITS_DATABASE=drawings, DIGITS_MNIST=missing)
    yield server
    server.kill()


@pytest.fixture
def server(_server):
    """A server for tests that train, one after the other: its runs are the test's own, and MNIST is missing."""
    _server.start()
    yield _server
    end_trainings(_server.runs)
    shutil.rmtree(_server.runs, ignore_errors=True)


@pytest.fixture(scope="session")
def _windows(browser):
    """All windows that are kept for the next test, each with the settings that Playwright opened it with."""
    windows = []
    yield windows
    for window, _ in windows:
        window.close()


@pytest.fixture
def open_window(browser, address, _windows):
    """Opens a window that knows nothing of any other. Keywords are Playwright's, for a context.

    A `fresh` one has to load everything. In others, Chromium need not compile Streamlit's scripts anew, which takes
    longer than opening a page: once a test is over, its windows are emptied and kept for the next one. However it
    ends, none of its pages may show a traceback.
    """
    used, fresh_ones = [], []

    def open_window(fresh=False, **settings):
        if fresh:
            fresh_ones.append(browser.new_context(**settings))
            return fresh_ones[-1]
        kept = (each for each, its_settings in _windows if its_settings == settings and each not in used)
        window = next(kept, None)
        if window is None:
            window = browser.new_context(**settings)
            window.new_page().goto(f"{address}/_stcore/health")  # were no page open, it would forget the scripts
            _windows.append((window, settings))
        used.append(window)
        return window

    yield open_window
    pages = [page for window in (*used, *fresh_ones) for page in window.pages]
    tracebacks = [text for page in pages for text in page.locator(".stException").all_inner_texts()]
    for window in fresh_ones:
        window.close()
    for window in used:
        for page in window.pages[1:]:
            page.close()
        window.set_storage_state({"cookies": [], "origins": []})
    assert tracebacks == []


@pytest.fixture
def open_page(open_window):
    """Opens an address in a window of its own, and waits for the canvas. Further keywords are those of `open_window`.

    `prepare` is given the page before it loads.
    """

    def open_page(address, init_script="", prepare=None, viewport=VIEWPORT, color_scheme=None, **settings):
        page = open_window(**settings).new_page()
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        page.set_default_timeout(PATIENCE)
        listen(page)
        page.add_init_script(init_script)
        if prepare:
            prepare(page)
        page.goto(address)
        page.locator(MAIN).wait_for()
        return page

    return open_page


@pytest.fixture
def page(open_page, address):
    return open_page(address)


@pytest.fixture
def own_page(open_page, address, request):
    """A page whose browser has chosen a hand of its own: what is kept there changes no other test's answers."""
    name = re.sub(r"[\W_]+", " ", request.node.name)[-MAX_NAME:].strip()
    choose = f"if (!document.cookie.includes('{NAME_COOKIE}')) document.cookie = '{NAME_COOKIE}={quote(name)}; path=/'"
    return open_page(address, init_script=choose)


@pytest.fixture
def copy_of_the_product(tmp_path):
    """A copy of the page's files, to be damaged."""
    for name in ("model", "views", "assets", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    for name in ("app.py", "train.py"):
        shutil.copy(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"
