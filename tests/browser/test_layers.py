"""The strip below the canvas: it follows the drawing, lays maps over it, and shows a kernel at work."""

import base64
import re
from itertools import pairwise

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from model import load_recognizer
from model.analysis import feature_maps, find_stages
from model.preprocessing import prepare_in_steps
from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, check_phone, draw, press, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.server import PATIENCE
from tests.support.traffic import wait_for

expect.set_options(timeout=PATIENCE)
TALL = {"width": 1280, "height": 1200}  # so that canvas and strip are in view together
OVERLAY = ".st-key-canvas .map-overlay"


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer()


@pytest.fixture
def open_strip(open_page, address):
    """Opens the page and waits until the strip is there. However the test ends, nothing may be on the console."""
    said = []

    def open_strip(**settings):
        page = open_page(address, **{"viewport": TALL} | settings)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        wait_for_network(page)
        expect(page.locator(".layer-strip .stage")).to_have_count(3)
        return page

    yield open_strip
    assert said == []


def decode(address, colours):
    """The picture in a data URL, uint8 (H, W) or (H, W, 3)."""
    return cv2.imdecode(np.frombuffer(base64.b64decode(address.split(",")[1]), np.uint8), colours)


def seen_by_network(page):
    """The 28×28 picture beside the canvas, uint8."""
    return decode(page.locator(".st-key-network_input img").get_attribute("src"), cv2.IMREAD_GRAYSCALE)


def pixels(canvas):
    """What a canvas of the page shows, uint8 (H, W, 4) RGBA."""
    data, width = canvas.evaluate(
        "each => [[...each.getContext('2d').getImageData(0, 0, each.width, each.height).data], each.width]"
    )
    return np.array(data, np.uint8).reshape(-1, width, 4)


def draw_digit(page, digit, strokes=None):
    """Draws a digit and waits until it is finished, and until the strip shows it."""
    draw(page, DIGITS[digit] if strokes is None else strokes)
    wait_for_rest(page)
    wait_for_heading(page, digit)
    page.locator(".layer-strip").scroll_into_view_if_needed()  # out of sight, it does not follow
    page.wait_for_function("""() => {
        const { asked, pending, told } = document.querySelector(".layer-strip").parentElement.strip;
        return asked === null && !pending && told === document.querySelector(".st-key-network_input img").src;
    }""")
    expect(page.locator(".layer-strip .answers .highest")).to_have_text(str(digit))


def press_map(page, stage, channel=None):
    """Opens the card of a map: the first that the strip shows of a stage, or the one of a channel."""
    which = ".map" if channel is None else f'.map[data-channel="{channel}"]'
    page.locator(".layer-strip .stage").nth(stage).locator(which).first.click()
    page.locator(".kernel-card[open]").wait_for()


def last_asked(page):
    return page.evaluate("document.querySelector('.layer-strip').parentElement.strip.last")


def use(page, tool, digit):
    """Uses a tool, and waits until the strip shows what comes of it."""
    press(page, tool)
    expect(page.locator(".layer-strip .answers .highest")).to_have_text([digit] if digit else [])


def test_of_a_finished_drawing_it_shows_the_way_unasked(open_strip):
    page = open_strip()
    draw_digit(page, 7)
    before = last_asked(page)
    for tool, digit in (("clear", ""), ("undo", "7"), ("redo", "")):
        use(page, tool, digit)
    assert last_asked(page) == before


def test_out_of_sight_it_waits_until_it_is_seen(open_strip):
    page = open_strip(viewport={"width": 390, "height": 664})
    page.locator(".layer-strip").scroll_into_view_if_needed()
    draw_digit(page, 7)
    page.evaluate("scrollTo(0, 0); document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    press(page, "clear")
    wait_for_heading(page, "")
    page.wait_for_function("document.querySelector('.layer-strip').parentElement.strip.follows === false")
    before = last_asked(page)
    for tool, heading in (("undo", 7), ("clear", ""), ("undo", 7)):
        press(page, tool)
        wait_for_heading(page, heading)
    assert last_asked(page) == before
    expect(page.locator(".layer-strip .answers .highest")).to_have_count(0)
    page.locator(".layer-strip").scroll_into_view_if_needed()
    expect(page.locator(".layer-strip .answers .highest")).to_have_text("7")


def test_the_strip_follows_the_drawing_and_nothing_moves(open_strip, recognizer):
    page = open_strip()
    strip = page.locator(".layer-strip")
    before = strip.bounding_box()
    assert strip.locator(".map:enabled").count() == 0
    for digit in (7, 3):
        draw_digit(page, digit)
        image = seen_by_network(page)
        assert np.array_equal(pixels(strip.locator(".image canvas"))[..., 0], image)
        for stage, element in zip(
            find_stages(recognizer, image.astype(np.float32) / 255), strip.locator(".stage").all(), strict=True
        ):
            maps = element.locator(".map").all()
            channels = [int(each.get_attribute("data-channel")) for each in maps]
            assert set(channels) <= set(stage.channels)
            for channel, button in zip(channels, maps, strict=True):
                blue = pixels(button.locator("canvas"))[..., 2] / 255.0
                expected = stage.pictures[stage.channels.index(channel)] / 255.0  # black, blue, nearly white
                assert blue == pytest.approx(
                    (237 * np.minimum(1, 2 * expected) + 18 * np.maximum(0, 2 * expected - 1)) / 255, abs=0.01
                )
        assert strip.bounding_box() == before
        press(page, "clear")
        wait_for_heading(page, "")
        expect(strip.locator(".map:enabled")).to_have_count(0)
    assert strip.bounding_box() == before
    _check_that_it_follows_while_the_pen_is_down(page)


def _check_that_it_follows_while_the_pen_is_down(page):
    box = page.locator(MAIN).bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in np.concatenate(DIGITS[1])]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    expect(page.locator(".layer-strip .answers .highest")).to_have_text("1")
    assert page.evaluate("document.documentElement.dataset.pen") == "down"
    page.mouse.up()


def test_a_map_lies_exactly_over_the_ink_it_comes_from_and_follows_it(open_strip, recognizer):
    page = open_strip()
    small = [stroke * 0.5 + (0.35, 0.1) for stroke in DIGITS[2]]  # off the centre
    draw_digit(page, 2, small)
    page.locator(".layer-strip .stage").first.locator(".map").first.hover()
    overlay = page.locator(OVERLAY)
    overlay.wait_for()
    canvas, lying = page.locator(MAIN).bounding_box(), overlay.locator("img").bounding_box()
    place = prepare_in_steps(_canvas_picture(page)).place
    expected = [place.left, place.top, place.width, place.height]
    measured = [lying["x"] - canvas["x"], lying["y"] - canvas["y"], lying["width"], lying["height"]]
    assert np.array(measured) / canvas["width"] == pytest.approx(expected, abs=0.03)  # a pixel of 28
    page.mouse.move(5, 5)
    expect(overlay).to_have_count(0)
    press(page, "clear")
    wait_for_heading(page, "")
    _draw_on_below_a_map(page, overlay)


def _canvas_picture(page):
    """The drawing on the canvas as it is read, uint8 (280, 280, 3)."""
    return decode(page.evaluate("document.querySelector('.st-key-canvas').drawn.picture()"), cv2.IMREAD_COLOR)


def _draw_on_below_a_map(page, overlay):
    draw(page, DIGITS[4][:1])
    expect(page.locator(".layer-strip .map:enabled").first).to_be_visible()
    _tab_to_the_strip(page)
    overlay.wait_for()
    first = overlay.locator("img").get_attribute("src")
    page.locator(".layer-strip").evaluate("strip => strip.parentElement.strip.pinned = strip.parentElement.strip.focus")
    draw(page, DIGITS[4][1:])
    wait_for_heading(page, 4)
    expect(overlay.locator("img")).not_to_have_attribute("src", first)


def _tab_to_the_strip(page):
    page.locator(".layer-strip .all").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".layer-strip .map:focus")).to_have_count(1)


def test_the_card_multiplies_and_adds_what_the_network_does(open_strip, recognizer):
    page = open_strip()
    draw_digit(page, 3)
    image = seen_by_network(page).astype(np.float32) / 255
    card = page.locator(".kernel-card")
    layers = [layer for layer in recognizer.model.layers if type(layer).__name__ == "Conv2D"]
    for number, stage in enumerate(find_stages(recognizer, image)):
        press_map(page, number)
        channel = int(card.locator(".title").inner_text().removeprefix("Map "))
        values = image[None, :, :, None]
        for layer in recognizer.model.layers[: recognizer.model.layers.index(layers[stage.layer])]:
            values = layer(values)
        sums = np.array(layers[stage.layer](values))[0, :, :, channel]
        after = feature_maps(recognizer, image)[stage.layer].values[..., channel]
        target = card.locator(".target .frame").bounding_box()
        for row, column in ((0, 0), (len(sums) // 2, 1), (len(sums) - 1, len(sums) - 1)):
            page.mouse.move(
                target["x"] + (column + 0.5) / sums.shape[1] * target["width"],
                target["y"] + (row + 0.5) / sums.shape[0] * target["height"],
            )
            expect(card.locator(".sum")).to_contain_text(f"Row {row}, column {column}:")
            _check_sum(card, sums[row, column])
            shown = float(card.locator("[data-map]").get_attribute("data-map"))
            assert shown == pytest.approx(float(after[row, column]), abs=1e-4)
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()


def _check_sum(card, expected):
    total = float(card.locator("[data-sum]").get_attribute("data-sum"))
    assert total == pytest.approx(float(expected), abs=1e-4)
    for term in card.locator(".term").all():
        patch, weights, products = (
            np.array(
                term.locator(f".{name} span").evaluate_all("cells => cells.map(each => Number(each.dataset.value))")
            )
            for name in ("patch-values", "weights", "products")
        )
        assert products == pytest.approx(patch * weights, abs=1e-9)
        assert _number(term.locator(".part b")) == pytest.approx(products.sum(), abs=6e-4)
    parts = re.findall(r"[−\d.]+(?!\d* channels)", card.locator(".sum").inner_text().split(":")[1].split("=")[0])
    added = sum(float(part.replace("−", "-")) for part in parts)
    assert added == pytest.approx(total, abs=3e-3)  # each is rounded to three decimals


def _number(element):
    return float(element.inner_text().replace("−", "-"))


def test_the_card_opens_moves_and_closes_by_keyboard_and_all_maps_are_a_click_away(open_strip):
    page = open_strip()
    draw_digit(page, 7)
    _tab_to_the_strip(page)
    page.keyboard.press("ArrowRight")
    focused = page.locator(".layer-strip .map:focus")
    name = focused.get_attribute("aria-label")
    expect(page.locator(OVERLAY)).to_have_count(1)
    page.keyboard.press("Enter")
    card = page.locator(".kernel-card")
    expect(card.locator(".place")).to_be_focused()
    assert card.locator(".title").inner_text() in name
    place = card.locator(".sum").inner_text().split(":")[0]
    page.keyboard.press("ArrowLeft")
    row, column = (int(word.strip(",").split()[-1]) for word in place.split(" column "))
    expect(card.locator(".sum")).to_contain_text(f"Row {row}, column {column - 1}:")
    expect(page.locator(".layer-strip .map.examined")).to_have_count(1)
    card.locator(".neighbours [aria-pressed=false]").first.click()
    expect(card.locator(".neighbours [aria-pressed=true]")).to_have_count(1)
    expect(card.locator(".title")).not_to_have_text(name.split(" of ")[0])
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    page.keyboard.press("Enter")
    card.get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()
    expect(page.locator(".layer-strip .map.examined")).to_have_count(0)
    _show_all(page)
    expect(card).to_be_hidden()  # although the run of the page has sent it again


def _show_all(page):
    """Opens the tab with all maps."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(".layer-strip .all").click()
    inside = page.locator(".st-key-inside")
    expect(inside.locator(".sheets img")).to_have_count(7)
    expect(page.get_by_role("tab", name="Inside", exact=True)).to_have_attribute("aria-selected", "true")
    wait_for(page, lambda: page.locator("[data-testid=stTabs]").bounding_box()["y"] <= 200)  # it is brought into view
    headings = inside.locator("h3").all_inner_texts()
    assert headings == ["What each convolution sees", "What mattered in your drawing", "The layers"]
    check_phone(page)


def test_on_a_phone_a_tap_lays_a_map_over_the_drawing_and_a_second_one_opens_it(open_strip):
    page = open_strip(viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True)
    draw_digit(page, 2)
    first = page.locator(".layer-strip .map").first
    first.scroll_into_view_if_needed()
    expect(first).to_be_enabled()
    first.tap()
    expect(page.locator(OVERLAY)).to_have_count(1)
    expect(page.locator(".kernel-card")).to_be_hidden()
    assert min(first.bounding_box()["width"], first.bounding_box()["height"]) >= 44
    first.tap()
    card = page.locator(".kernel-card")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert card.evaluate("each => each.scrollWidth <= each.clientWidth")
    card.get_by_role("button", name="Close").tap()
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 664})
        page.wait_for_function(
            "strip => strip.scrollWidth <= strip.clientWidth", arg=page.locator(".layer-strip .way").element_handle()
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_strip_asks_for_one_update_at_a_time_and_not_too_often(open_strip):
    """The picture changes fifty times a second, as it does while somebody draws on a fast machine."""
    page = open_strip()
    draw_digit(page, 7)
    page.evaluate(
        """() => {
            const strip = document.querySelector(".layer-strip").parentElement.strip, send = strip.send;
            window.asked = [];
            Object.defineProperty(strip, "send", {
                get: () => (name, value) => { asked.push([performance.now(), strip.turn]); send(name, value); },
                set: () => {},
            });
            const pixel = (i) => (document.querySelector(".network-input").dataset.read = `another picture ${i}`);
            let i = 0;
            window.flicker = setInterval(() => pixel(i++), 20);
        }"""
    )
    page.wait_for_function("asked.length > 10")
    page.evaluate("clearInterval(flicker)")
    asked = page.evaluate("asked")
    times, turns = zip(*asked, strict=True)
    assert min(later - earlier for earlier, later in pairwise(times)) > 99
    assert len(set(turns)) == len(turns)  # each has been answered before the next
