"""The sidebar of the page, as a browser shows it."""

from playwright.sync_api import expect

from tests.support.traffic import answered


def queue(page):
    """The visitor's trainings that wait."""
    return page.locator("[class*=st-key-waiting_]")


def open_settings(page):
    """Opens the settings and, in them, those behind "More"."""
    with answered(page):
        page.locator(".st-key-settings summary").first.click()
    page.locator(".st-key-more_settings summary").click()
    expect(page.locator(".st-key-seed input")).to_be_visible()
