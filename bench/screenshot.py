"""Takes the screenshot at the top of the README: a drawing, its answer, and a network trained from the sidebar.

python -m bench.screenshot
"""

import tempfile

from playwright.sync_api import sync_playwright

from model.paths import ASSETS
from tests.support.digits import DIGITS
from tests.support.mouse import draw, wait_for_heading, wait_for_network
from tests.support.server import FLAGS, PATIENCE, find_chromium, serve

SCREENSHOT = ASSETS / "screenshot.png"
DIGIT = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as runs, serve(runs) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(2 * PATIENCE)
        page.goto(address)
        page.locator(".st-key-train button").click()
        page.get_by_text("Done after").wait_for()
        draw(page, DIGITS[DIGIT])
        wait_for_heading(page, DIGIT)
        wait_for_network(page)
        page.mouse.move(5, 5)
        page.wait_for_timeout(1000)  # until the charts are drawn and the toolbar is gone
        page.screenshot(path=SCREENSHOT)
        browser.close()
    print(f"Saved {SCREENSHOT}")


if __name__ == "__main__":
    main()
