"""The My drawings tab: practising, files, and choosing a hand."""

import json
import re

from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import check_phone, draw, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.row import READY, ROW, draw_afresh, say, wait_for_row
from tests.support.server import PATIENCE
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)

TAB = ".st-key-my_drawings"


def open_tab(page):
    with answered(page):
        page.get_by_role("tab", name="My drawings").click()
    return page.locator(TAB)


def test_practising_asks_for_one_digit_after_the_other_and_keeps_them(own_page):
    page = own_page
    wait_for_network(page)
    tab = open_tab(page)
    tab.get_by_role("button", name="Practise").click()
    said = page.locator(f"{ROW} [data-said]")
    for number in (1, 2):
        expect(said).to_have_text(re.compile(rf"^Draw an? \d \({number} of 20\)\.$"))
        digit = int(re.search(r"\d", said.text_content())[0])
        with answered(page):  # until then, the row may be busy for a moment, and hears no key
            draw(page, DIGITS[digit])
            wait_for_rest(page)
        wait_for_heading(page, digit)
        page.locator(f"{READY} [data-do=next]").wait_for()
        page.keyboard.press("Enter")
        wait_for_heading(page, "")
    page.locator(f"{ROW} [data-do=skip]").click()
    expect(said).to_have_text(re.compile(r"\(4 of 20\)"))
    page.locator(f"{ROW} [data-do=stop]").click()
    wait_for_row(page, re.compile(r"^Practised: 2 of 2 read\."))
    expect(tab).to_contain_text("Practised: 2 of 2 read.")
    expect(tab).to_contain_text("Your hand: ")
    expect(tab.locator(".picker button")).to_have_count(2)
    page.locator(f"{ROW} [data-do=fine]").click()
    expect(page.locator(ROW)).to_be_hidden()


def test_drawings_are_saved_and_added_as_files_and_a_hand_is_remembered(own_page, tmp_path):
    page = own_page
    draw_afresh(page, DIGITS[7], 7)
    say(page, 7)
    tab = open_tab(page)
    tab.get_by_text("Files", exact=True).click()
    with page.expect_download() as download:
        tab.get_by_role("button", name="Strokes (.json)").click()
    (entry,) = json.loads(download.value.path().read_text())
    assert entry["digit"] == 7
    field = tab.get_by_role("combobox", name="Whose hand")
    field.fill("Ada Lovelace")
    field.press("Enter")
    expect(tab).to_contain_text("Nothing is kept yet.")
    page.reload()
    wait_for_heading(page, 7)
    tab = open_tab(page)
    expect(tab.get_by_role("combobox", name="Whose hand")).to_have_value("Ada Lovelace")
    tab.get_by_text("Files", exact=True).click()
    upload = tab.locator("input[type=file]")
    upload.set_input_files({"name": "letters.json", "mimeType": "application/json", "buffer": b'[{"digit": 12}]'})
    expect(tab).to_contain_text("letters.json is not a stroke file")
    content = json.dumps([entry | {"digit": 8}]).encode()
    upload.set_input_files({"name": "eights.json", "mimeType": "application/json", "buffer": content})
    expect(tab).to_contain_text("Added: 1.")
    expect(tab).to_contain_text("Your hand: ")
    expect(tab.locator(".picker button")).to_have_count(1)
    check_phone(page)
