"""The first seconds of a page on a server that has just started, and what is there still after it was stopped."""

import re

import pytest

from tests.support.digits import DIGITS
from tests.support.hasty import hasty_six
from tests.support.loading import hold_up_loading
from tests.support.mouse import draw, has_network, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.row import READY, draw_afresh, say, wait_for_row
from tests.support.server import serve

# Notes all that the answer shows from now on.
RECORDER = """() => {
    const parts = () => [".st-key-answer", ".st-key-probabilities"].map((each) => document.querySelector(each));
    window.look = () => ({
        words: parts().map((each) => each.innerText).join(" "),
        bars: [...parts()[1].querySelectorAll("[role=meter]")].map((each) => Number(each.ariaValueNow)),
    });
    window.seen = [look()];
    const observer = new MutationObserver(() => seen.push(look()));
    for (const part of parts()) observer.observe(part, { subtree: true, childList: true, attributes: true });
}"""


def test_a_drawing_is_read_before_keras_is_there_and_a_6_that_is_read_as_a_5_is_a_6_from_then_on(
    open_page, tmp_path, copy_of_the_product
):
    """Even by another server; and the page that outlives the first one works on."""
    app, gate = copy_of_the_product / "app.py", tmp_path / "gate"
    hold_up_loading(copy_of_the_product, gate)
    with serve(tmp_path / "runs", app=app) as (address, _):
        page = open_page(address)
        _check_that_the_coming_of_keras_changes_no_answer(page, gate)
        draw_afresh(page, hasty_six(), 5)
        say(page, 6)
        wait_for_heading(page, 6)
    with serve(tmp_path / "runs", app=app, port=int(address.rsplit(":", 1)[1])):
        page.wait_for_function("document.querySelector('.st-key-answer').innerText.includes('loading')")
        wait_for_heading(page, 6)
        wait_for_row(page, re.compile(r"^Kept as a 6\."))
        another = open_page(address)
        draw_afresh(another, hasty_six(0.88, 0.06), 6)
        draw_afresh(another, DIGITS[7], 7)
        page.bring_to_front()
        page.locator(f"{READY} [data-do=undo]").click()
        wait_for_heading(page, 5)
        page.reload()
        wait_for_heading(page, 5)
        wait_for_rest(page)
        wait_for_row(page, "Was that right?")


def _check_that_the_coming_of_keras_changes_no_answer(page, gate):
    draw(page, DIGITS[4])
    wait_for_heading(page, 4)
    assert not has_network(page)
    wait_for_rest(page)
    page.evaluate(RECORDER)
    gate.touch()
    wait_for_network(page)
    page.locator(".layer-strip .stage").nth(2).wait_for()
    first, *others = page.evaluate("[...seen, look()]")
    for each in others:
        assert each["words"] == first["words"]
        assert each["bars"] == pytest.approx(first["bars"], abs=2e-4)
