"""The Folds tab and the downloads of networks, in a real browser with the real trainer and converter."""

import numpy as np
import pytest
from playwright.sync_api import expect

from model.runs import cancel_training, is_training, list_runs, read_folds
from tests.support.digits import DIGITS
from tests.support.mouse import check_phone, choose, draw, press, wait_for_heading, wait_for_network
from tests.support.runs import make_folds
from tests.support.server import PATIENCE, TRAINER_PATIENCE, serve
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)
EPOCHS = 3
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def runs(tmp_path):
    """A folder of runs in which nothing trains any more once the test is over."""
    yield tmp_path / "runs"
    cancel_training(tmp_path / "runs")


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def fill(page, key, value):
    field = page.locator(f".st-key-{key} input")
    with answered(page):
        field.fill(str(value))
        field.press("Enter")


def test_folds_are_trained_cancelled_resumed_and_viewed(browser, open_page, runs, tmp_path):
    make_folds(runs, "earlier", accuracies=(0.91, 0.93))
    with serve(runs, DIGITS_MNIST=str(tmp_path / "missing.npz")) as (address, _):
        page = open_page(address)
        wait_for_network(page)
        open_tab(page, "Folds")
        expect(page.locator(".st-key-folds_result")).to_contain_text("92.00 ± 1.000 %")
        expect(page.locator(".st-key-folds_charts :is(canvas, svg.marks)")).to_have_count(2)  # nothing moves any more
        choose(page, "folds_network", "Two dense layers of 128")
        expect(page.locator(".st-key-folds_settings")).to_contain_text("118,282 parameters")
        fill(page, "folds_count", 2)
        fill(page, "folds_epochs", EPOCHS)
        press(page, "folds_train")
        expect(page.locator(".st-key-folds_train button")).to_be_disabled()
        press(page, "folds_cancel")
        expect(page.locator(".st-key-folds_result")).to_contain_text("Stopped")
        press(page, "folds_resume")
        expect(page.locator(".st-key-folds_progress")).to_contain_text("Fold", timeout=TRAINER_PATIENCE)
        draw(page, DIGITS[7])
        wait_for_heading(page, 7)
        rows = page.locator(".st-key-folds_result table tbody tr")
        expect(rows).to_have_count(2, timeout=TRAINER_PATIENCE)
        expect(page.locator(".st-key-folds_progress")).to_have_count(0)
        expect(page.locator(".st-key-folds_charts :is(canvas, svg.marks)")).to_have_count(2)
        assert not is_training(runs)
        new, earlier = list_runs(runs)
        assert (new.status, new.folds, new.usable, earlier.name) == ("done", 2, False, "earlier")
        for fold in read_folds(new.folder, 2, EPOCHS):
            expect(rows.nth(fold.number - 1)).to_contain_text(f"{fold.accuracy:.2%}".replace("%", " %"))
        phone = open_page(address, **PHONE)
        open_tab(phone, "Folds")
        expect(phone.locator(".st-key-folds_charts :is(canvas, svg.marks)")).to_have_count(2)
        phone.locator(".st-key-folds_more summary").click()
        expect(phone.locator(".st-key-folds_more :is(canvas, svg.marks)")).to_have_count(2)
        check_phone(phone)


def test_the_built_in_network_can_be_downloaded_while_drawing_goes_on(page):
    from ai_edge_litert.interpreter import Interpreter

    wait_for_network(page)
    open_tab(page, "Runs")
    shipped = page.locator(".st-key-shipped_network")
    shipped.get_by_role("button", name="LiteRT").click()
    expect(shipped.get_by_role("button", name="Converting")).to_be_disabled()
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    file = page.locator(".st-key-litert_assets-reader button")
    file.wait_for()
    with page.expect_download() as download:
        file.click()
    assert download.value.suggested_filename == "reader.tflite"
    runner = Interpreter(model_content=download.value.path().read_bytes()).get_signature_runner()
    answer = runner(images=np.zeros((3, 28, 28, 1), np.float32))["output_0"]
    assert answer.sum(axis=1) == pytest.approx(1)
