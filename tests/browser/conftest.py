"""The real page, served by Streamlit, in a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 60_000  # milliseconds: importing TensorFlow beside a browser takes long on a busy machine


def find_chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def free_port():
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return listener.getsockname()[1]


@contextmanager
def serve(runs, *, port=None, app=ROOT / "app.py", **environment):
    """The page on a server of its own, with its own folder of runs: the address and the process."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}", "--server.headless=true"]
    variables = os.environ | {"DIGITS_RUNS": str(runs)} | environment
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL)
    try:
        address = f"http://localhost:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            except OSError:
                assert process.poll() is None, "the server stopped"
                time.sleep(0.1)
        yield address, process
    finally:
        process.kill()
        process.wait()


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
    """One server for all tests that leave nothing behind in it."""
    with serve(tmp_path_factory.mktemp("runs")) as (address, _):
        yield address


@pytest.fixture
def open_page(browser):
    """Opens an address in a fresh window and waits for the canvas; the keywords are Playwright's."""
    contexts = []

    def open_page(address, **settings):
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}} | settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.locator(".st-key-canvas canvas.upper-canvas").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page, address):
    return open_page(address)
