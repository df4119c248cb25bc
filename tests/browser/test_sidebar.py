"""The sidebar on a phone and on a small laptop, without training anything."""

from playwright.sync_api import expect

from tests.support.mouse import wait_for_network
from tests.support.server import PATIENCE
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)
PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 720}}
# What can be tapped in the sidebar and is lower than a thumb needs. Behind each "?" is only a hint, and a select box
# opens wherever it is tapped.
SMALL = """() => {
    const exempt = "[aria-label=Open], [aria-label^=Help]";
    const kinds = "button, summary, .stSelectbox [role=group], [data-testid=stNumberInputContainer], .stCheckbox label";
    return [...document.querySelectorAll("[data-testid=stSidebar] :is(" + kinds + ")")]
        .filter(each => each.getClientRects().length && !each.matches(exempt))
        .filter(each => each.getBoundingClientRect().height < 44)
        .map(each => each.outerHTML.slice(0, 200));
}"""


def open_settings(page):
    """Opens the settings and, in them, those behind "More"."""
    with answered(page):
        page.locator(".st-key-settings summary").first.click()
    page.locator(".st-key-more_settings summary").click()
    expect(page.locator(".st-key-seed input")).to_be_visible()


def test_a_thumb_can_press_everything_in_the_sidebar(open_page, address):
    page = open_page(address, **PHONE)
    wait_for_network(page)
    button = page.locator("[data-testid=stExpandSidebarButton]")
    assert min(button.bounding_box()[side] for side in ("width", "height")) >= 44
    button.click()
    open_settings(page)
    page.wait_for_function(f"({SMALL})().length === 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


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
