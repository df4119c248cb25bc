"""The Folds tab and the downloads of networks, in a real browser with the real trainer."""

import numpy as np
import pytest
from playwright.sync_api import expect

from model.runs import is_training, list_runs, read_folds
from tests.support.digits import DIGITS
from tests.support.mouse import check_phone, choose, draw, fill, open_tab, press, wait_for_heading, wait_for_network
from tests.support.parted import cancel_and_resume
from tests.support.runs import make_folds
from tests.support.server import PATIENCE, TRAINER_PATIENCE
from tests.support.thumbs import PHONE

expect.set_options(timeout=PATIENCE)
EPOCHS = 3


def test_folds_are_trained_cancelled_resumed_and_viewed(server, open_page):
    make_folds(server.runs, "earlier", accuracies=(0.91, 0.93))
    page = open_page(server.address)
    wait_for_network(page)
    open_tab(page, "Folds")
    expect(page.locator(".st-key-folds_result")).to_contain_text("92.00 ± 1.000 %")
    expect(page.locator(".st-key-folds_charts :is(canvas, svg.marks)")).to_have_count(2)  # nothing moves any more
    choose(page, "folds_network", "Two dense layers of 128")
    expect(page.locator(".st-key-folds_settings")).to_contain_text("118,282 parameters")
    fill(page, "folds_count", 2)
    fill(page, "folds_epochs", EPOCHS)
    press(page, "folds_train")
    expect(page.locator(".st-key-folds_train button")).to_have_text("Queue 2 folds")
    cancel_and_resume(page, "folds", server.runs)
    expect(page.locator(".st-key-folds_progress")).to_contain_text("Fold", timeout=TRAINER_PATIENCE)
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    rows = page.locator(".st-key-folds_result table tbody tr")
    expect(rows).to_have_count(2, timeout=TRAINER_PATIENCE)
    expect(page.locator(".st-key-folds_progress")).to_have_count(0)
    expect(page.locator(".st-key-folds_charts :is(canvas, svg.marks)")).to_have_count(2)
    assert not is_training(server.runs)
    new, earlier = list_runs(server.runs)
    assert (new.status, new.folds, new.usable, earlier.name) == ("done", 2, False, "earlier")
    for fold in read_folds(new.folder, 2, EPOCHS):
        expect(rows.nth(fold.number - 1)).to_contain_text(f"{fold.accuracy:.2%}".replace("%", " %"))
        expect(rows.nth(fold.number - 1)).to_contain_text(fold.drawings.in_words())
    phone = open_page(server.address, **PHONE)
    open_tab(phone, "Folds")
    expect(phone.locator(".st-key-folds_charts :is(canvas, svg.marks)")).to_have_count(2)
    phone.locator(".st-key-folds_more summary").click()
    expect(phone.locator(".st-key-folds_more :is(canvas, svg.marks)")).to_have_count(2)
    check_phone(phone)


def test_the_built_in_network_can_be_downloaded(page):
    from ai_edge_litert.interpreter import Interpreter

    wait_for_network(page)
    open_tab(page, "Runs")
    with page.expect_download() as download:
        page.locator(".st-key-shipped_network").get_by_role("button", name="LiteRT").click()
    assert download.value.suggested_filename == "reader.tflite"
    runner = Interpreter(model_content=download.value.path().read_bytes()).get_signature_runner()
    answer = runner(images=np.zeros((3, 28, 28, 1), np.float32))["output_0"]
    assert answer.sum(axis=1) == pytest.approx(1)
