"""Measures what an open tab costs: the time from pen-up to the new bars with each tab open, compared with none.

    python -m bench.tabs

On one server, a page without tabs and one with the tab in question take turns, a few strokes each, so that whatever
else the machine does affects both. Between strokes the hand rests, for a different time each: that is when a tab that
follows the drawing does its work.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine
from bench.latency import follow_strokes, p95
from model.paths import ROOT
from tests.support.digits import DIGITS
from tests.support.mouse import draw, wait_for_heading, wait_for_network
from tests.support.server import FLAGS, PATIENCE, find_chromium, serve

ROUNDS, STROKES = 5, 8  # rounds, and strokes in each round on each of the two pages
MAX_REST = 1.5  # seconds
MAX_RATIOS = {"median": 1.2, "p95": 1.5}  # times as long as without a tab
QUIET, MAX_LOAD = 3_000, 120_000  # ms: a tab has loaded once nothing has changed for so long, or after so long at most

# The page as it is, except that a visitor can ask for it with every tab closed.
WITHOUT_TABS = """
import runpy
import types

import streamlit as st

def closed(names, **settings):
    if "notabs" in st.query_params:
        return [types.SimpleNamespace(open=False) for _ in names]
    return st.real_tabs(names, **settings)

if not hasattr(st, "real_tabs"):
    st.real_tabs, st.tabs = st.tabs, closed
runpy.run_path({app!r})
"""

SETTLED = """([quiet, longest]) => new Promise(resolve => {
  const tabs = document.querySelector(".st-key-tabs");
  const done = () => { observer.disconnect(); resolve(); };
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(tabs.querySelector("[data-testid=stSkeleton]") ? look : done, quiet);
  };
  setTimeout(done, longest);
  let timer = setTimeout(look, 0);
  const observer = new MutationObserver(look);
  observer.observe(tabs, { subtree: true, childList: true, characterData: true });
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints what each open tab adds to the time from pen-up to the bars.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of {STROKES} strokes (default: {ROUNDS})")
    parser.add_argument("--tabs", nargs="*", metavar="NAME", help="only these tabs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as runs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        with page_with_and_without_tabs(runs) as address:
            without, times = measure(browser, address, arguments.rounds, arguments.tabs)
        browser.close()
    print(machine())
    strokes = arguments.rounds * STROKES
    print(
        f"From pen-up to the bars of the finished stroke, in ms: {strokes} strokes with each tab open, and as many in "
        "between with none."
    )
    print("| open tab | median | p95 | none: median | p95 | ratio of medians | ratio of p95 | |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for name, with_tab in times.items():
        print(row(name, with_tab, without[name]))
    everything = np.concatenate(list(without.values()))
    print(f"None open, over all {len(everything)}: median {np.median(everything):.0f}, p95 {p95(everything):.0f}")


def row(name: str, times: np.ndarray, without: np.ndarray) -> str:
    """A line of the table."""
    ratios = [measured(times) / measured(without) for measured in (np.median, p95)]
    verdict = "" if all(ratio <= most for ratio, most in zip(ratios, MAX_RATIOS.values(), strict=True)) else "too slow"
    figures = " | ".join(f"{figure:.0f}" for each in (times, without) for figure in (np.median(each), p95(each)))
    return f"| {name} | {figures} | {ratios[0]:.2f} | {ratios[1]:.2f} | {verdict} |"


@contextmanager
def page_with_and_without_tabs(runs: str) -> Iterator[str]:
    """Serves the page, whose tabs stay closed with ?notabs=1, and yields its address."""
    script = Path(runs) / "page.py"
    script.write_text(WITHOUT_TABS.format(app=str(ROOT / "app.py")), encoding="utf-8")
    shutil.copytree(ROOT / ".streamlit", script.parent / ".streamlit")
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with serve(script.parent / "runs", app=script, PYTHONPATH=path) as (address, _):
        yield address


def measure(
    browser: Browser, address: str, rounds: int, only: list[str] | None
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Milliseconds per stroke without a tab and with one, each by the name of the tab."""
    bare, page = open_page(browser, f"{address}/?notabs=1"), open_page(browser, address)
    names = [name for name in page.get_by_role("tab").all_inner_texts() if not only or name in only]
    rests = np.random.default_rng(0)
    without: dict[str, list[np.ndarray]] = {name: [] for name in names}
    times: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for name in names:  # each loads what it needs, once, so that none is still busy when another is measured
        open_tab(page, name)
    for _ in range(rounds):
        for name in names:
            open_tab(page, name)
            pauses = rests.uniform(0, MAX_REST, STROKES)
            for each, kept in ((bare, without), (page, times)):
                follow_strokes(each, 1)  # warms up: it is the first stroke since the page changed
                kept[name].append(follow_strokes(each, STROKES, pauses).wait)
    return _joined(without), _joined(times)


def _joined(times: dict[str, list[np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate(parts) for name, parts in times.items()}


def open_page(browser: Browser, address: str) -> Page:
    """A page whose network has loaded, with a digit on its canvas."""
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.set_default_timeout(2 * PATIENCE)
    page.goto(address)
    page.locator(".st-key-canvas canvas.upper-canvas").wait_for()
    wait_for_network(page)
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    return page


def open_tab(page: Page, name: str) -> None:
    """Opens a tab and waits until it has shown everything for the drawing on the canvas."""
    page.get_by_role("tab", name=name, exact=True).click()
    page.mouse.wheel(0, -10_000)
    page.evaluate(SETTLED, [QUIET, MAX_LOAD])


if __name__ == "__main__":
    main()
