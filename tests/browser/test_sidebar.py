"""The sidebar on a small laptop, without training anything."""

from playwright.sync_api import expect

from tests.support.server import PATIENCE
from tests.support.sidebar import open_settings
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)
LAPTOP = {"viewport": {"width": 1280, "height": 720}}


def test_train_is_in_sight_and_a_reload_keeps_the_settings(open_page, address):
    page = open_page(address, **LAPTOP)
    expect(page.locator(".st-key-train")).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-epochs input")).to_be_hidden()
    open_settings(page)
    for key, value in (("epochs", "7"), ("seed", "3")):
        with answered(page):
            page.locator(f".st-key-{key} input").fill(value)
            page.keyboard.press("Enter")
    page.wait_for_url("**/?*epochs=7*seed=3*")
    page.reload()
    expect(page.locator(".st-key-epochs input")).to_be_visible()  # they are still open
    expect(page.locator(".st-key-epochs input")).to_have_value("7")
    expect(page.locator(".st-key-seed input")).to_have_value("3")
    expect(page.locator(".st-key-training")).to_contain_text("7 epochs")
