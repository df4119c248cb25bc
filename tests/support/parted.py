"""What tests of folds and of sweeps do alike."""

from playwright.sync_api import expect

from model.runs import list_runs
from tests.support.mouse import press
from tests.support.trainer import wait_until_it_trains


def cancel_and_resume(page, tab, runs):
    """Cancels the training that a tab has begun, "folds" or "sweeps", once it trains, and resumes it."""
    wait_until_it_trains(list_runs(runs)[0].folder)
    press(page, f"{tab}_cancel")
    expect(page.locator(f".st-key-{tab}_result")).to_contain_text("Stopped")
    press(page, f"{tab}_resume")
