"""Takes the pictures of the README from the real page.

python -m bench.screenshot

One leads it: a drawing, its answer, and a network trained from the sidebar. The other shows how a drawing becomes what
the network sees.
"""

import tempfile

from playwright.sync_api import Page, sync_playwright

from tests.browser.hand import EXAMPLES, draw, wait_for_heading
from tests.browser.server import FLAGS, PATIENCE, find_chromium, serve
from views import ROOT

SCREENSHOT, STEPS = ROOT / "assets" / "screenshot.png", ROOT / "assets" / "steps.png"
DIGIT = 5
SMALL_DIGIT, SMALL, CORNER = 2, 0.55, (0.1, 0.35)  # the size of the second drawing, and where it begins


def main() -> None:
    with tempfile.TemporaryDirectory() as runs, serve(runs) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(2 * PATIENCE)
        page.goto(address)
        page.locator(".st-key-train button").click()
        page.get_by_text("Done after").wait_for()
        draw(page, EXAMPLES[DIGIT])
        wait_for_heading(page, DIGIT)
        page.mouse.move(5, 5)
        page.wait_for_timeout(1000)  # for the charts, and the toolbar to go
        page.screenshot(path=SCREENSHOT)
        take_steps(page)
        browser.close()
    print(f"Saved {SCREENSHOT} and {STEPS}")


def take_steps(page: Page) -> None:
    """A small drawing in a corner, so that each step has something to do."""
    page.locator(".st-key-clear button").click()
    wait_for_heading(page, "")
    page.get_by_text("How the drawing became this picture").click()
    draw(page, [[(CORNER[0] + SMALL * x, CORNER[1] + SMALL * y) for x, y in s] for s in EXAMPLES[SMALL_DIGIT]])
    wait_for_heading(page, SMALL_DIGIT)
    page.locator(".st-key-steps img").nth(3).wait_for()
    page.wait_for_timeout(1000)
    page.locator(".st-key-steps .steps").screenshot(path=STEPS)


if __name__ == "__main__":
    main()
