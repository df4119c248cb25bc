"""A hand that draws on the page, and eyes that read it."""

from model.preprocessing import CANVAS_SIZE

MAIN = ".st-key-canvas canvas.upper-canvas"


def draw(page, strokes):
    """Strokes in fractions of the canvas, with the mouse."""
    page.locator(MAIN).scroll_into_view_if_needed()  # a tab below may be what was last looked at
    box = page.locator(MAIN).bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * CANVAS_SIZE, box["y"] + y * CANVAS_SIZE) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def heading(page):
    """The digit that the page answers; an empty string on a blank canvas."""
    return page.locator(".st-key-answer h2").text_content()


def wait_for_heading(page, text):
    page.wait_for_function("text => document.querySelector('.st-key-answer h2')?.textContent === text", arg=str(text))


def rest(page):
    """Waits until the page is through with what was last done to it: the canvas and a slider say it 200 ms later."""
    page.wait_for_timeout(300)
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(100)  # to show it


# What of a tab is wider than the window or lies behind its edges; what scrolls inside itself may be. And what is there
# to be pressed, but too small for a thumb.
TOO_WIDE_OR_SMALL = """() => {
    const tab = [...document.querySelectorAll("[role=tabpanel]")].find(each => each.offsetParent);
    const own = ".scroller, [data-testid=stDataFrame], [data-testid=stTable], [data-testid=stFileUploader] ul";
    const shown = [...tab.querySelectorAll("*")].filter(each => each.getClientRects().length);
    const wide = shown.filter(each => !each.parentElement.closest(own)).filter(each => {
        const { left, right, width } = each.getBoundingClientRect();
        return width > 1 && (left < -0.5 || right > innerWidth + 0.5);
    });
    const mere = "[aria-label=Open], [aria-label^=Help], [data-testid=stElementToolbar] *";  // parts, and explanations
    const small = shown.filter(each => each.matches("button") && !each.matches(mere))
        .filter(each => each.getBoundingClientRect().height < 44);
    const page = [document.documentElement, document.querySelector("[data-testid=stMain]")]
        .filter(each => each.scrollWidth > each.clientWidth);
    return [...page, ...wide, ...small].map(each => each.outerHTML.slice(0, 200));
}"""


def check_phone(page):
    """Nothing of the open tab overflows a telephone, and all buttons in it can be hit."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    found = page.evaluate(TOO_WIDE_OR_SMALL)
    assert not found, "\n".join(found)


def probabilities(page):
    meters = page.locator(".st-key-probabilities [role=meter]")
    return [float(meter.get_attribute("aria-valuenow")) for meter in meters.all()]
