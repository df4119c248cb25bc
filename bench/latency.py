"""Measures how long the page takes from the start to the first answer, and how closely its bars follow the pen.

    python -m bench.latency

The page is started several times, in a browser that is already running. Then, once Keras is there, answers are counted
while strokes are drawn, and each says which picture of the drawing it belongs to. So the time from pen-up is that until
the bars of the finished stroke are on the screen. Both at rest and while a network trains.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine
from model.runs import Settings, cancel_training, queue_training, read_history, start_next
from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, draw, heading, press, wait_for_heading, wait_for_network
from tests.support.server import FLAGS, PATIENCE, find_chromium, serve

STARTS = 5
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


class Start(NamedTuple):
    """How long a page took to start, in seconds from `streamlit run`."""

    canvas: float  # until there was a canvas to draw on
    answer: float  # until the first answer
    network: float  # until the network could be looked into


def main() -> None:
    with tempfile.TemporaryDirectory() as runs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        starts = []
        for _ in range(STARTS):
            with started(browser, runs) as (_, start):
                starts.append(start)
        with started(browser, runs) as (page, _):
            idle = follow_strokes(page)
            with training(Path(runs)):
                busy = follow_strokes(page)
    print(machine())
    print(f"Over {STARTS} starts, the seconds from `streamlit run` to:")
    print("| | median | lowest | highest |\n| --- | --- | --- | --- |")
    names = ("a canvas to draw on", "the first answer", "a network to look into")
    for name, each in zip(names, np.array(starts).T, strict=True):
        print(f"| {name} | {np.median(each):.1f} | {each.min():.1f} | {each.max():.1f} |")
    drawn = f"{STROKES} strokes of {MOVES * MOVE_TIME:.1f} s"
    print(f"Over {drawn}; the wait is from pen-up to the bars of the finished stroke:")
    print("| | answers a second | wait, median | p95 |\n| --- | --- | --- | --- |")
    for name, each in (("at rest", idle), ("while a network trains", busy)):
        print(f"| {name} | {np.median(each.answers):.1f} | {np.median(each.wait):.0f} ms | {p95(each.wait):.0f} ms |")
    ratios = [measure(busy.wait) / measure(idle.wait) for measure in (np.median, p95)]
    print(f"Training makes the wait {ratios[0]:.2f} times as long at the median, {ratios[1]:.2f} times at p95.")


@contextmanager
def started(browser: Browser, runs: str) -> Iterator[tuple[Page, Start]]:
    """Starts the page and draws a 7 as soon as there is a canvas."""
    begun = time.perf_counter()
    with serve(runs) as (address, _), browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.locator(MAIN).wait_for()
        canvas = time.perf_counter()
        draw(page, DIGITS[7])
        page.wait_for_function("document.querySelector('.st-key-answer h2')?.textContent")
        answer = time.perf_counter()
        wait_for_network(page)
        yield page, Start(*(each - begun for each in (canvas, answer, time.perf_counter())))


def p95(times: np.ndarray) -> float:
    """The 95th percentile."""
    return float(np.percentile(times, 95))


@contextmanager
def training(runs: Path) -> Iterator[None]:
    """Trains a large network during the block, started in the way the sidebar does."""
    name, _ = queue_training(runs, Settings.of("keras-cnn", data="digits", epochs=1000))
    start_next(runs)
    while not read_history(runs / name):
        time.sleep(0.2)
    yield
    cancel_training(runs, name)


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
