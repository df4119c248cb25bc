"""An answer that is lost on its way to the browser is asked for again."""

import pytest

from tests.support.digits import DIGITS
from tests.support.lossy_line import LossyLine
from tests.support.mouse import draw, heading, press, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.traffic import wait_for


@pytest.fixture
def line():
    return LossyLine()


@pytest.fixture
def page(open_page, address, line):
    page = open_page(address, prepare=line.lay)
    wait_for_network(page)
    return page


def lose(page, line, do):
    """Does something whose answers get lost at first."""
    line.losing, before = True, line.lost
    do()
    wait_for(page, lambda: line.lost > before)
    line.losing = False


def clear(page):
    press(page, "clear")
    wait_for_heading(page, "")


def wait_until_sent(page):
    page.wait_for_function("!document.querySelector('.st-key-canvas').drawn.waits()")


def test_after_an_example_a_stroke_and_a_tool(page, line):
    lose(page, line, lambda: press(page, "example"))
    page.wait_for_function("document.querySelector('.st-key-answer h2').textContent !== ''")
    clear(page)
    lose(page, line, lambda: draw(page, DIGITS[7]))
    wait_for_heading(page, 7)
    clear(page)
    draw(page, DIGITS[1])
    wait_for_rest(page)
    wait_for_heading(page, 1)
    draw(page, [[(0.1, 0.9), (0.9, 0.9)], [(0.1, 0.1), (0.9, 0.1)], [(0.1, 0.1), (0.1, 0.9)]])
    wait_for_rest(page)
    page.wait_for_function("document.querySelector('.st-key-answer h2').textContent !== '1'")
    wait_until_sent(page)
    before = heading(page)
    for _ in range(2):
        press(page, "undo")
        wait_until_sent(page)
    for tool, answer in (("undo", "1"), ("clear", "")):
        lose(page, line, lambda tool=tool: press(page, tool))
        assert heading(page) in (before, answer)
        wait_for_heading(page, answer)
        before = answer
