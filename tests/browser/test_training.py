"""Training from the sidebar, in a real browser with the real trainer, and what it survives."""

import base64
import csv
import os
import re
import shutil
import signal

import cv2
import numpy as np
from playwright.sync_api import expect

from model import load_recognizer
from model.runs import (
    current_training,
    find_run,
    list_runs,
    read_history,
    read_readings,
    running_run,
    waiting_runs,
)
from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, check_phone, choose, draw, press, set_epochs, wait_for_heading
from tests.support.server import PATIENCE, TRAINER_PATIENCE
from tests.support.services import posix
from tests.support.sidebar import queue
from tests.support.traffic import answered, wait_for
from tests.support.trainer import wait_until_it_trains

expect.set_options(timeout=PATIENCE)
LAPTOP = {"width": 1280, "height": 720}


def progress(page):
    return page.locator(".st-key-progress")


def drawn_curves(page):
    """The charts that the browser has drawn, each a canvas or an SVG of some size."""
    return page.locator(".st-key-curves :is(canvas, svg.marks)")


def expect_in_sight(page, *keys):
    """Checks that nothing need be scrolled to see all of these elements."""
    for key in keys:
        expect(page.locator(f".st-key-{key}").first).to_be_in_viewport(ratio=1)


def press_by_keyboard(page, key):
    """Presses a button that says something else afterwards, or goes: the focus stays near it."""
    button = page.locator(f".st-key-{key} button")
    label = re.compile(f"^{re.escape(button.inner_text())}$")
    button.focus()
    page.keyboard.press("Enter")
    button.filter(has_text=label).wait_for(state="detached")
    page.wait_for_function("document.activeElement.closest('[data-testid=stSidebar]')")


def colour(page, key):
    """The background of a button."""
    return page.locator(f".st-key-{key} button").evaluate("button => getComputedStyle(button).backgroundColor")


def replay(page, run):
    """The visitor's drawing was read from before the first epoch to the end of the last; the slider leads back."""
    region = page.locator("[class*='st-key-replay_sidebar']")
    region.locator("summary").click()
    expect(region.locator(".figures.eleven img")).to_have_count(11)
    expect(region).to_contain_text(f"first layer after epoch {run.epochs}")
    with answered(page):
        region.get_by_role("slider").press("Home")
    expect(region).to_contain_text("first layer after epoch 0")
    assert read_readings(run.folder)[-1].own is not None


def test_a_newcomer_trains_watches_draws_and_uses_their_own_network(server, open_page):
    """The server is killed and restarted meanwhile; the training goes on."""
    runs, address = server.runs, server.address
    page, other = open_page(address, viewport=LAPTOP), open_page(address)
    expect_in_sight(page, "train")
    striking = colour(page, "train")
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    press_by_keyboard(page, "train")
    expect(page.locator(".st-key-train button")).to_have_text("Add to the queue")
    expect(progress(page)).to_contain_text("Starting")
    expect(progress(page)).to_contain_text(re.compile(r"Epoch \d"), timeout=TRAINER_PATIENCE)
    shown = progress(page).text_content()
    name = running_run(runs)
    assert name is not None
    expect(other.locator(".st-key-train button")).to_have_text("Add to the queue")
    expect(progress(page)).not_to_have_text(shown)  # it moves
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    expect(drawn_curves(page)).to_have_count(2)
    expect(drawn_curves(other)).to_have_count(2)
    server.kill()

    server.start()
    page.goto(address)
    page.locator(MAIN).wait_for()
    draw(page, DIGITS[7])  # at once, while the network loads and the training goes on
    expect(progress(page)).to_contain_text("Done", timeout=TRAINER_PATIENCE)
    expect(drawn_curves(page)).to_have_count(2)
    (run,) = list_runs(runs)
    assert (run.name, run.status) == (name, "done")
    assert len(read_history(run.folder)) == run.epochs
    wait_for_heading(page, 7)
    expect_in_sight(page, "train", "read_it")
    assert colour(page, "read_it") == striking != colour(page, "train")
    replay(page, run)
    page.locator(".st-key-curves .stVegaLiteChart").first.hover()
    expect(page.locator(".st-key-curves [data-testid=stElementToolbar]").first).to_be_hidden()
    press(page, "read_it")
    expect(page.locator(".st-key-read_it")).to_have_count(0)
    wait_for(page, lambda: _chosen(page) == name)
    expect(page.locator(".st-key-model input")).to_have_value(re.compile("quick"))
    reading = load_recognizer(run.model_file).read(_canvas(page))
    expect(page.locator(".st-key-answer [data-root]")).to_have_attribute("data-state", reading.case.value)
    named = [int(each.get_attribute("data-meter")) for each in page.locator(".st-key-probabilities .named").all()]
    assert sorted(named) == sorted(np.argsort(reading.probabilities)[-len(named) :])
    other.goto(address)
    expect(other.locator(".st-key-model input")).to_have_value(re.compile("Built-in"))  # it has chosen no other
    _look_at_the_runs(page, run)


def _chosen(page):
    """The run whose network the page's browser remembers to read with."""
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    return cookies.get("draw-a-digit-network")


def _canvas(page):
    """The drawing as the browser shows it."""
    address = page.locator(".st-key-canvas canvas.dc-canvas.lower-canvas").evaluate("canvas => canvas.toDataURL()")
    pixels = np.frombuffer(base64.b64decode(address.split(",")[1]), np.uint8)
    return cv2.cvtColor(cv2.imdecode(pixels, cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)


def expect_runs(page, count):
    """Checks that the table shows `count` runs below its header."""
    table = page.locator(".st-key-runs_table [role=grid]")
    expect(table).to_have_attribute("aria-rowcount", str(count + 1))


def _look_at_the_runs(page, run):
    """Selecting the run in the table shows its curves and what can be done with it."""
    expect_runs(page, 1)
    page.locator(".st-key-runs_table .dvn-scroller").click(position={"x": 17, "y": 53})  # the box of the first row
    actions = page.locator(f".st-key-run_{run.name}")
    expect(actions).to_be_visible()
    expect(page.locator(".st-key-compared_curves :is(canvas, svg.marks)")).to_have_count(2)
    with page.expect_download() as download:
        actions.get_by_role("button", name="Curves").click()
    rows = list(csv.DictReader(download.value.path().read_text().splitlines()))
    assert len(rows) == run.epochs
    with page.expect_download() as download:
        actions.get_by_role("button", name="Keras").click()
    assert download.value.path().read_bytes() == run.model_file.read_bytes()
    check_phone(page)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.get_by_role("tab", name="Folds").click()
    expect(actions).to_have_count(0)
    newest = run.folder.with_name("30000101-000000-quick")  # the first row, whose box was pressed, becomes the second
    shutil.copytree(run.folder, newest)
    page.get_by_role("tab", name="Runs").click()
    expect(actions).to_be_visible()
    expect_runs(page, 2)
    expect(page.locator(f".st-key-run_{newest.name}")).to_have_count(0)
    shutil.rmtree(newest)
    expect_runs(page, 1)  # a rerun that is still due would close the list opened next
    expect(actions.get_by_role("button", name="In use")).to_be_disabled()
    expect(actions.get_by_role("button", name="Delete")).to_be_disabled()
    choose(page, "model", "Built-in")
    expect(actions.get_by_role("button", name="Delete")).to_be_enabled()
    actions.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(actions).to_have_count(0)
    assert not run.folder.exists()
    expect(drawn_curves(page)).to_have_count(0)


@posix
def test_two_who_press_at_once_take_turns_whatever_is_killed(server, open_page):
    runs = server.runs
    page, other = open_page(server.address), open_page(server.address)
    for each, epochs in ((page, 900), (other, 901)):
        set_epochs(each, epochs)
    for each in (page, other):
        each.locator(".st-key-train button").evaluate("button => button.click()")
    for each in (page, other):
        expect(each.locator(".st-key-train button")).to_have_text("Add to the queue")
        expect(progress(each)).to_contain_text("Epoch", timeout=TRAINER_PATIENCE)
        expect(drawn_curves(each)).to_have_count(2)
        expect(queue(each)).to_contain_text("1st in the queue")
    first, second = running_run(runs), waiting_runs(runs)[0].name
    server.kill()

    server.start()
    for each in (page, other):
        each.reload()
        expect(queue(each)).to_contain_text("1st in the queue")
    _reload_and_close_the_sidebar(page)
    os.kill(current_training(runs)["pid"], signal.SIGKILL)
    wait_until_it_trains(runs / second)
    assert find_run(runs, first).status == "failed"
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    expect(queue(other)).to_have_count(0)
    press_by_keyboard(other, "cancel")
    for each in (page, other):
        expect(progress(each)).to_contain_text("Stopped")
        expect(each.locator(".st-key-train button")).to_have_text("Train")
    assert sorted(run.status for run in list_runs(runs)) == ["cancelled", "failed"]


def _reload_and_close_the_sidebar(page):
    """A reload keeps the settings and shows Cancel; while the sidebar is closed, a line says how far it has come."""
    page.set_viewport_size(LAPTOP)
    page.reload()
    page.locator(MAIN).wait_for()
    expect(page.locator(".st-key-epochs input")).to_have_value("900")
    expect_in_sight(page, "progress", "cancel")
    line = page.locator(".training-line")
    expect(line).to_have_count(1)
    expect(line).to_be_hidden()
    sidebar = page.locator("[data-testid=stSidebar]")
    sidebar.hover()
    page.locator("[data-testid=stSidebarCollapseButton] button").click()
    expect(line).to_have_text(re.compile(r"^Training quick · epoch \d+ of 90[01] · \d+ %$"))
    expect(line).to_be_in_viewport(ratio=1)
    said = line.text_content()
    expect(line).not_to_have_text(said)  # it goes on
    line.click()
    expect(line).to_be_hidden()
    expect_in_sight(page, "cancel")
