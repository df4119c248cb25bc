"""Draws on the page with a mouse, reads its answer, and checks how it fits a phone."""

import time

from playwright.sync_api import expect

from tests.support.server import PATIENCE
from tests.support.traffic import answered, show

MAIN = ".st-key-canvas canvas.upper-canvas"
LAYOUT_PATIENCE = 10  # seconds
LONG = 10  # points of a stroke
HAS_NETWORK = """() => {
    const strip = document.querySelector(".layer-strip")?.parentElement.strip;
    return Boolean(strip && (strip.pending || strip.content));
}"""


def draw(page, strokes, move_time=0.0):
    """Draws strokes, in fractions of the canvas, with the mouse. `move_time` is how many seconds each move takes.

    If no time is given, every sixth point of a long stroke has to do, but for its end: each costs the browser a frame
    and the server a reading.
    """
    page.locator(MAIN).scroll_into_view_if_needed()  # a test may have scrolled down to a tab
    box = page.locator(MAIN).bounding_box()
    for stroke in strokes:
        kept = stroke if move_time or len(stroke) < LONG else [*stroke[:-2:6], *stroke[-2:]]
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in kept]
        page.mouse.move(*points[0])
        page.mouse.down()
        due = time.monotonic()
        for point in points[1:]:
            page.mouse.move(*point)
            if move_time:
                due += move_time
                page.wait_for_timeout(max(0.0, 1000 * (due - time.monotonic())))
        page.mouse.up()


def press(page, key):
    page.locator(f".st-key-{key} button").click()


def make_wide(page, wide=True):
    """Makes the canvas wide or square, and waits until it is."""
    with answered(page):
        press(page, "wide")
    wait_for_shape(page, "wide" if wide else "square")
    page.locator(f".st-key-wide [aria-pressed={str(wide).lower()}]").wait_for()


def wait_for_shape(page, shape):
    """Waits until the canvas is "wide" or "square", and the page around it fits."""
    page.wait_for_function(f"document.documentElement.dataset.canvas === '{shape}'")
    page.wait_for_function(
        "wide => document.querySelector('.st-key-canvas').drawn?.shadow.querySelector('.upper-canvas').width === wide",
        arg=1400 if shape == "wide" else 560,
    )


def choose(page, key, option):
    """Chooses from the list of a select box, which opens below it and is closed by scrolling."""
    field = page.locator(f".st-key-{key} input")
    field.scroll_into_view_if_needed()
    show(page)
    with answered(page):
        field.click()
        page.get_by_role("option", name=option).click()


def set_epochs(page, count):
    """Opens the settings of the next training, and enters how many epochs it is to have."""
    with answered(page):
        page.locator(".st-key-settings summary").first.click()
    field = page.locator(".st-key-epochs input")
    with answered(page):
        field.fill(str(count))
        field.press("Enter")


def heading(page):
    """The digit that the page answers; an empty string on a blank canvas."""
    return page.locator(".st-key-answer h2").text_content()


def wait_for_heading(page, text):
    """Waits until the page answers this. If it never does, the error says what it answers instead."""
    expect(page.locator(".st-key-answer h2").first).to_have_text(str(text), timeout=PATIENCE)


def wait_for_rest(page):
    """Waits until the page takes the drawing for finished."""
    page.wait_for_function("!['down', 'lifted'].includes(document.documentElement.dataset.pen)")


def has_network(page):
    """Whether Keras has loaded the network: the strip below the canvas then shows it, or asks for what to show."""
    return page.evaluate(HAS_NETWORK)


def wait_for_network(page):
    """Waits until Keras has loaded the network. The page reads before that, but cannot look into the network."""
    page.wait_for_function(HAS_NETWORK)


# The parts of the open tab that overflow the window, unless they scroll inside themselves or are clipped, and its
# buttons that are too small for a thumb.
TOO_WIDE_OR_SMALL = """() => {
    const tab = [...document.querySelectorAll("[role=tabpanel]")].find(each => each.offsetParent);
    const own = ".scroller, [data-testid=stDataFrame], [data-testid=stTable], [data-testid=stFileUploader] ul, "
        + "[style*=clip-path]";
    const shown = [...tab.querySelectorAll("*")].filter(each => each.getClientRects().length);
    const wide = shown.filter(each => !each.parentElement.closest(own)).filter(each => {
        const { left, right, width } = each.getBoundingClientRect();
        return width > 1 && (left < -0.5 || right > innerWidth + 0.5);
    });
    const exempt = "[aria-label=Open], [aria-label^=Help], [data-testid=stElementToolbar] *";
    const small = shown.filter(each => each.matches("button") && !each.matches(exempt))
        .filter(each => each.getBoundingClientRect().height < 44);
    const page = [document.documentElement, document.querySelector("[data-testid=stMain]")]
        .filter(each => each.scrollWidth > each.clientWidth);
    return [...page, ...wide, ...small].map(each => each.outerHTML.slice(0, 200));
}"""


def check_phone(page):
    """Checks that nothing in the open tab overflows on a phone, and that all its buttons are large enough to tap."""
    page.set_viewport_size({"width": 390, "height": 844})
    deadline, good = time.monotonic() + LAYOUT_PATIENCE, 0
    while good < 5:  # charts and tables take their new size one after the other
        found = page.evaluate(TOO_WIDE_OR_SMALL)
        good = 0 if found else good + 1
        assert time.monotonic() < deadline, "\n".join(found)
        page.wait_for_timeout(100)


def probabilities(page):
    meters = page.locator(".st-key-probabilities [role=meter]")
    return [float(meter.get_attribute("aria-valuenow")) for meter in meters.all()]


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def fill(page, key, value):
    """Enters a value in a field."""
    field = page.locator(f".st-key-{key} input")
    with answered(page):
        field.fill(str(value))
        field.press("Enter")
