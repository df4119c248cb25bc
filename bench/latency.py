"""Measures how long the page takes from the start to the first answer, and from pen-up to the new bars on the screen.

    python -m bench.latency

The second is measured both at rest and while a network trains.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench import machine
from model.runs import Settings, cancel_training, read_history, start_training
from tests.support.digits import DIGITS
from tests.support.mouse import draw
from tests.support.server import FLAGS, PATIENCE, find_chromium, serve

STROKES = 60
CANVAS_WAITS = 200  # ms: the canvas's own wait after the pen is lifted; the page's own time comes on top

# Notes the time of pen-up, and of the first frame that shows different bars.
RECORDER = """() => {
  addEventListener("mouseup", () => { window.penUp = performance.now(); window.shown = null; }, true);
  new MutationObserver(() => {
    if (!window.shown) { window.shown = Infinity; requestAnimationFrame(() => (window.shown = performance.now())); }
  }).observe(document.querySelector(".st-key-probabilities"), { subtree: true, attributeFilter: ["aria-valuenow"] });
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as runs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        started = time.perf_counter()
        with serve(runs) as (address, _):
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.set_default_timeout(PATIENCE)
            page.goto(address)
            page.locator(".st-key-canvas canvas.upper-canvas").wait_for()
            canvas = time.perf_counter() - started
            draw(page, DIGITS[7])
            page.wait_for_function("document.querySelector('.st-key-answer h2')?.textContent")
            first = time.perf_counter() - started
            idle = pen_up_to_bars(page)
            with training(Path(runs)):
                busy = pen_up_to_bars(page)
    print(machine())
    print(f"From `streamlit run` to a canvas that can be drawn on: {canvas:.1f} s; to the first answer: {first:.1f} s")
    print(f"From pen-up to the new bars over {STROKES} strokes, in ms beyond the {CANVAS_WAITS} that the canvas waits:")
    print("| | median | p95 |\n| --- | --- | --- |")
    for name, times in (("at rest", idle), ("while a network trains", busy)):
        print(f"| {name} | {np.median(times):.0f} | {np.percentile(times, 95):.0f} |")
    # People wait for the canvas as well, so its own wait is part of both sides of the ratio.
    ratios = [measure(busy + CANVAS_WAITS) / measure(idle + CANVAS_WAITS) for measure in (np.median, p95)]
    print(f"Training makes the whole wait {ratios[0]:.2f} times as long at the median, {ratios[1]:.2f} times at p95.")


def p95(times: np.ndarray) -> float:
    """The 95th percentile."""
    return float(np.percentile(times, 95))


@contextmanager
def training(runs: Path) -> Iterator[None]:
    """Trains a large network during the block, started in the way the sidebar does."""
    launch = start_training(runs, Settings.of("keras-cnn", data="digits", epochs=1000))
    while not read_history(launch.folder):
        time.sleep(0.2)
    yield
    cancel_training(runs, launch)


def pen_up_to_bars(page: Page, strokes: int = STROKES, rests: Sequence[float] | np.ndarray = ()) -> np.ndarray:
    """Milliseconds from pen-up to the new bars, beyond the canvas's own wait, for each stroke in turn: (strokes,).

    The page must be ready to answer. `rests` are the seconds that the hand rests after each stroke; by default, none.
    """
    page.evaluate(RECORDER)
    times = []
    for turn in range(strokes):
        page.locator(".st-key-clear button").click()
        page.wait_for_function("document.querySelector('.st-key-answer h2').textContent === ''")
        draw(page, [np.concatenate(DIGITS[turn % 10])])
        page.wait_for_function("window.shown > window.penUp && window.shown < Infinity")
        times.append(page.evaluate("window.shown - window.penUp") - CANVAS_WAITS)
        if len(rests):
            page.wait_for_timeout(1000 * rests[turn])
    return np.array(times)


if __name__ == "__main__":
    main()
