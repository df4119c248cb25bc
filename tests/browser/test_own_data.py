"""Data of one's own, uploaded in the sidebar on a phone: what seems wrong with it is seen, and it is trained on."""

import gzip

from playwright.sync_api import expect

from model.data import load_embedded_digits
from model.runs import list_runs
from tests.support.own_data import idx
from tests.support.server import PATIENCE, TRAINER_PATIENCE
from tests.support.thumbs import PHONE, SMALL

expect.set_options(timeout=PATIENCE)


def write_emnist(folder):
    """Two idx files as EMNIST has them: gzipped, with rows and columns exchanged."""
    digits = load_embedded_digits().train
    for name, array in (("images-idx3", digits.images.transpose(0, 2, 1)), ("labels-idx1", digits.labels)):
        path = folder / f"emnist-digits-train-{name}-ubyte.gz"
        path.write_bytes(gzip.compress(idx(array)))
        yield path


def test_uploaded_files_are_seen_to_be_transposed_and_trained_on(server, open_page, tmp_path):
    files = [str(path) for path in write_emnist(tmp_path)]
    page = open_page(f"{server.address}/?settings=on&network=dense-128x2&data=file&epochs=1", **PHONE)
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.locator(".st-key-data_path_files input[type=file]").set_input_files(files)
    sidebar = page.locator("[data-testid=stSidebar]")
    expect(sidebar).to_contain_text("Its images look transposed")
    expect(sidebar.locator(".figures.eight img")).to_have_count(16)
    page.wait_for_function("[...document.querySelectorAll('.figures.eight img')].every(each => each.width >= 24)")
    page.wait_for_function(f"({SMALL})().length === 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".st-key-data_path_mend").scroll_into_view_if_needed()
    expect(sidebar).to_contain_text("on emnist-digits-train")
    page.locator(".st-key-train button").click()
    expect(sidebar).to_contain_text("of 287 test images", timeout=TRAINER_PATIENCE)
    (run,) = list_runs(server.runs)
    assert (run.status, run.results.tested.images) == ("done", 287)
