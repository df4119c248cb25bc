"""Measures how long the page takes from the start to the first answer, and how closely its bars follow the pen.

    python -m bench.latency

Answers are counted while strokes are drawn, and each says which picture of the drawing it belongs to. So the time from
pen-up is that until the bars of the finished stroke are on the screen. Both at rest and while a network trains.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Page, sync_playwright

from bench import machine
from model.runs import Settings, cancel_training, read_history, start_training
from tests.support.digits import DIGITS
from tests.support.mouse import draw, heading, press, wait_for_heading
from tests.support.server import FLAGS, PATIENCE, find_chromium, serve

STROKES = 60
MOVES, MOVE_TIME = 75, 0.016  # of each stroke, and the seconds that each takes: as a mouse reports them

# Notes when each picture was answered on the screen, and at pen-up, which picture shows the finished stroke.
RECORDER = """() => {
  window.shown = new Map();
  const meters = document.querySelector(".st-key-probabilities [data-root]");
  new MutationObserver(() => {
    const sample = Number(meters.dataset.sample);
    requestAnimationFrame(() => { if (!shown.has(sample)) shown.set(sample, performance.now()); });
  }).observe(meters, { attributeFilter: ["data-sample"] });
  addEventListener("pointerdown", () => { window.penDown = performance.now(); }, true);
  addEventListener("pointerup", () => {
    window.penUp = performance.now();
    setTimeout(() => { window.last = Number(document.querySelector(".st-key-canvas").dataset.sample); });
  }, true);
  window.last = 0;
}"""
MEASURED = """() => [
  [...shown.values()].filter((time) => time > penDown && time <= penUp).length / (penUp - penDown) * 1000,
  shown.get(last) - penUp,
]"""


class Followed(NamedTuple):
    """How closely the bars followed the pen, stroke by stroke: float (strokes,) each."""

    answers: np.ndarray  # a second, while the stroke was drawn
    wait: np.ndarray  # milliseconds from pen-up to the bars of the finished stroke


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
            idle = follow_strokes(page)
            with training(Path(runs)):
                busy = follow_strokes(page)
    print(machine())
    print(f"From `streamlit run` to a canvas to draw on: {canvas:.1f} s; to the first answer: {first:.1f} s")
    drawn = f"{STROKES} strokes of {MOVES * MOVE_TIME:.1f} s"
    print(f"Over {drawn}; the wait is from pen-up to the bars of the finished stroke:")
    print("| | answers a second | wait, median | p95 |\n| --- | --- | --- | --- |")
    for name, each in (("at rest", idle), ("while a network trains", busy)):
        print(f"| {name} | {np.median(each.answers):.1f} | {np.median(each.wait):.0f} ms | {p95(each.wait):.0f} ms |")
    ratios = [measure(busy.wait) / measure(idle.wait) for measure in (np.median, p95)]
    print(f"Training makes the wait {ratios[0]:.2f} times as long at the median, {ratios[1]:.2f} times at p95.")


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


def follow_strokes(page: Page, strokes: int = STROKES, rests: Sequence[float] | np.ndarray = ()) -> Followed:
    """Draws strokes at the speed of a hand and measures each. The page must be ready to answer.

    `rests` are the seconds that the hand rests after each stroke; by default, none.
    """
    page.evaluate(RECORDER)
    measured = []
    for turn in range(strokes):
        if heading(page):
            press(page, "clear")
        wait_for_heading(page, "")
        draw(page, [resample(np.concatenate(DIGITS[turn % 10]), MOVES)], MOVE_TIME)
        page.wait_for_function("shown.has(last) && last > 0")
        page.wait_for_function("['', 'rests', undefined].includes(document.documentElement.dataset.pen)")
        measured.append(page.evaluate(MEASURED))
        if len(rests):
            page.wait_for_timeout(1000 * rests[turn])
    return Followed(*np.array(measured).T)


def resample(stroke: np.ndarray, count: int) -> np.ndarray:
    """A stroke of as many points as wanted, (count, 2)."""
    places = np.linspace(0, len(stroke) - 1, count)
    return np.column_stack([np.interp(places, range(len(stroke)), axis) for axis in stroke.T])


if __name__ == "__main__":
    main()
