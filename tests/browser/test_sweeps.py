"""The Sweeps tab, in a real browser with the real trainer."""

from playwright.sync_api import expect

from model.runs import is_training, list_runs, read_outcomes
from tests.support.digits import DIGITS
from tests.support.mouse import check_phone, choose, draw, fill, open_tab, press, wait_for_heading, wait_for_network
from tests.support.parted import cancel_and_resume
from tests.support.server import PATIENCE, TRAINER_PATIENCE
from tests.support.thumbs import PHONE

expect.set_options(timeout=PATIENCE)


def test_a_sweep_is_started_cancelled_resumed_and_compared(server, open_page):
    page = open_page(server.address)
    wait_for_network(page)
    open_tab(page, "Sweeps")
    choose(page, "sweeps_network", "Two dense layers of 128")
    fill(page, "sweeps_batch_size", "")
    fill(page, "sweeps_seeds", 1)
    fill(page, "sweeps_epochs", 2)
    fill(page, "sweeps_learning_rate", "0.001, fast")
    press(page, "sweeps_train")
    expect(page.locator(".st-key-sweeps_settings")).to_contain_text("must be a number")
    fill(page, "sweeps_learning_rate", "0.0001, 0.001")
    press(page, "sweeps_train")
    expect(page.locator(".st-key-sweeps_train button")).to_have_text("Queue the sweep")
    cancel_and_resume(page, "sweeps", server.runs)
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    result = page.locator(".st-key-sweeps_result")
    expect(result).to_contain_text("Best: learning rate 0.001", timeout=TRAINER_PATIENCE)
    expect(result.locator(":is(canvas, svg.marks)")).to_have_count(1)
    assert not is_training(server.runs)
    (run,) = list_runs(server.runs)
    assert (run.status, run.usable) == ("done", True)
    best = max(each.accuracy for each in read_outcomes(run.folder, run.sweep))
    expect(result.locator("tbody tr").first).to_contain_text(f"{best:.2%}".replace("%", " %"))
    phone = open_page(server.address, **PHONE)
    open_tab(phone, "Sweeps")
    expect(phone.locator(".st-key-sweeps_result :is(canvas, svg.marks)")).to_have_count(1)
    check_phone(phone)
