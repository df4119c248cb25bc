"""The Results and the Pictures tabs in a real browser."""

import csv
import io
import re

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import expect

from model.preprocessing import CANVAS_SIZE, draw_strokes, enlarge
from tests.support.digits import DIGITS, on_canvas
from tests.support.mouse import check_phone, draw, press, wait_for_heading
from tests.support.photographs import Scene, photograph
from tests.support.server import FLAGS, PATIENCE, find_chromium
from tests.support.traffic import answered, show

expect.set_options(timeout=PATIENCE)


def choose_cell(page, label, answer):
    """Clicks a cell of the heat map; each selection replaces the chart."""
    chart = page.locator(".st-key-confusion :is(canvas, svg.marks)")
    chart.scroll_into_view_if_needed()
    show(page)  # Streamlit listens to a chart right after it was drawn
    with answered(page):
        box = chart.bounding_box()
        right, low = box["x"] + box["width"] - 15, box["y"] + box["height"] - 15  # inside the last cell
        page.mouse.click(right - 31 * (9 - answer), low - 31 * (9 - label))
    expect(page.locator(f".st-key-confusion_{label}_{answer} :is(canvas, svg.marks)")).to_be_visible()
    expect(chart).to_have_count(1)  # the one before is gone


def test_results_are_evaluated_once_and_cells_show_their_images(server, open_page):
    page = open_page(server.address)
    page.get_by_role("tab", name="Results").click()
    press(page, "evaluate")
    figures = page.locator(".st-key-results_figures")
    expect(figures).to_contain_text(re.compile(r"9\d\.\d\d %.*3\d\d of 359.*2\d\d of 300", re.DOTALL))
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    expect(page.locator(".st-key-gallery_shown_mistakes figure").first).to_contain_text("read as")
    expect(page.locator(".st-key-gallery_shown_mistakes [role=img]").first).to_have_attribute(
        "aria-label", re.compile("Probabilities: 0: ")
    )
    choose_cell(page, 9, 9)
    expect(page.locator(".st-key-gallery_cell_9_9 figure")).to_have_count(12)
    page.locator(".st-key-more_cell_9_9 button").click()
    expect(page.locator(".st-key-gallery_cell_9_9 figure")).to_have_count(24)
    choose_cell(page, 8, 9)
    expect(page.locator(".st-key-results_cell input").first).to_have_value("8")
    choose_cell(page, 9, 9)  # again
    expect(page.locator(".st-key-gallery_cell_9_9 figure")).to_have_count(24)
    page.get_by_role("tab", name="Runs").click()
    page.get_by_role("tab", name="Results").click()
    expect(page.locator(".st-key-gallery_cell_9_9 figure")).to_have_count(24)

    phone = open_page(server.address, viewport={"width": 390, "height": 844})
    phone.get_by_role("tab", name="Results").click()
    figures = phone.locator(".st-key-results_figures")
    expect(figures).to_contain_text(re.compile(r"9\d\.\d\d %"))  # without a button: it is kept
    expect(phone.locator(".st-key-confusion :is(canvas, svg.marks)").first).to_be_visible()
    check_phone(phone)


def files(folder):
    """A photograph that its camera rotated, a drawing whose name is markup, and two files that are not pictures."""
    exif = Image.Exif()
    exif[0x0112] = 6
    scene = Scene("blue", "squared", light=0.3, shadow=0.3, tilt=2)
    taken = photograph(DIGITS[2], scene, np.random.default_rng(1))
    Image.fromarray(np.rot90(taken).copy()).save(folder / "turned.jpg", exif=exif, quality=90)
    drawing = io.BytesIO()
    Image.fromarray(on_canvas(7, 0.6)).save(drawing, "PNG")
    return [
        folder / "turned.jpg",
        {"name": '<img src=x onerror="document.title=1">.png', "mimeType": "image/png", "buffer": drawing.getvalue()},
        {"name": "text.png", "mimeType": "image/png", "buffer": b"hello"},
        {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg><script>document.title=1</script></svg>"},
    ]


def upload(each):
    if not isinstance(each, dict):
        each = {"name": each.name, "mimeType": "image/jpeg", "buffer": each.read_bytes()}
    return each


def test_picture_files_are_read_and_other_files_are_reported(open_page, address, tmp_path):
    page = open_page(address, viewport={"width": 390, "height": 844})
    page.get_by_role("tab", name="Pictures").click()
    field = page.locator(".st-key-picture_files input[type=file]")
    field.set_input_files([upload(each) for each in files(tmp_path)])
    chosen = page.locator(".st-key-picture")
    expect(chosen).to_contain_text("read as 2")
    expect(chosen.locator(".steps img")).to_have_count(4)
    with page.expect_download() as download:
        page.locator(".st-key-pictures_csv button").click()
    rows = {row["file"]: row for row in csv.DictReader(io.StringIO(download.value.path().read_text()))}
    assert rows["turned.jpg"]["digit"] == "2"
    (markup,) = (row for name, row in rows.items() if name.startswith("<img"))
    assert markup["digit"] == "7"
    assert "not a picture" in rows["text.png"]["problem"]
    assert "SVG" in rows["a.svg"]["problem"]
    expect(page.locator(".st-key-pictures_problems p")).to_have_text([re.compile("text.png: "), re.compile("a.svg: ")])
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.title() == "Draw a digit"
    page.get_by_role("tab", name="Runs").click()
    expect(page.locator(".st-key-shipped_network")).to_be_visible()
    page.get_by_role("tab", name="Pictures").click()
    expect(chosen).to_contain_text("read as 2")  # they are there still
    check_phone(page)


def test_a_frame_around_a_part_of_a_picture_has_only_that_read(open_page, address):
    page = open_page(address)
    page.get_by_role("tab", name="Pictures").click()
    both = np.hstack([on_canvas(4, 0.6), on_canvas(7, 0.6)])
    content = cv2.imencode(".png", both)[1].tobytes()
    picture = {"name": "two.png", "mimeType": "image/png", "buffer": content}
    page.locator(".st-key-picture_files input[type=file]").set_input_files([picture])
    chosen = page.locator(".st-key-picture")
    expect(chosen).to_contain_text("read as 47")
    chosen.locator(".part img").scroll_into_view_if_needed()
    place = chosen.locator(".part img").bounding_box()
    page.mouse.move(place["x"] + 0.52 * place["width"], place["y"] + 2)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] - 2, place["y"] + place["height"] - 2, steps=4)
    page.mouse.up()
    expect(chosen).to_contain_text("read as 7")
    chosen.locator(".part .chosen").focus()
    for _ in range(26):
        page.keyboard.press("ArrowLeft")
    expect(chosen).to_contain_text("read as 4")
    page.get_by_role("button", name="Read the whole picture").click()
    expect(chosen).to_contain_text("read as 47")


# Whether a video shows anything light yet: it begins black.
SHOWS_PAPER = """selector => {
    const context = document.createElement("canvas").getContext("2d");
    context.drawImage(document.querySelector(selector), 0, 0, 9, 9);
    return context.getImageData(0, 0, 1, 1).data[0] > 100;
}"""


def film(path, digit):
    """What a camera sees of a digit on grey paper, as raw video (YUV4MPEG2) of a single frame, which Chromium loops."""
    ink = draw_strokes(enlarge(DIGITS[digit], 0.6), 14)
    brightness = np.full((480, 640), 200, np.uint8)
    brightness[100 : 100 + CANVAS_SIZE, 180 : 180 + CANVAS_SIZE] -= (ink * 0.7).astype(np.uint8)
    colours = np.full((2, 240, 320), 128, np.uint8)  # none
    path.write_bytes(b"YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg\nFRAME\n" + brightness.tobytes() + colours.tobytes())


def test_the_camera_is_asked_for_only_once_it_is_wanted_and_reads_what_it_sees(browser, address, tmp_path):
    film(tmp_path / "seven.y4m", 7)
    fake = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'seven.y4m'}",
        "--autoplay-policy=no-user-gesture-required",  # without it, the video sometimes stays black
    ]
    camera = browser.browser_type.launch(executable_path=find_chromium(), args=FLAGS + fake)
    try:
        page = camera.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.get_by_role("tab", name="Pictures").click()
        page.locator(".st-key-camera_on").wait_for()
        expect(page.locator("video")).to_have_count(0)
        page.locator(".st-key-camera_on label").click()
        page.locator(".st-key-camera video").wait_for()
        page.wait_for_function(SHOWS_PAPER, arg=".st-key-camera video")
        page.get_by_role("button", name="Take Photo").click()
        expect(page.locator(".st-key-picture")).to_contain_text("read as 7")  # and not its mirror image
        expect(page.locator(".stException")).to_have_count(0)
    finally:
        camera.close()
