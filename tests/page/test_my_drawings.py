"""The My drawings tab without a browser: the score, each drawing, and whose they are."""

import pytest
from streamlit.testing.v1 import AppTest

from model import InputError
from model.drawings import Answered, open_drawings
from tests.support.digits import DIGITS
from tests.support.hasty import hasty_six
from tests.support.kept import as_kept, as_png
from tests.support.page import keys, remember, run_until, texts, told

HAND = "me"


def tab():
    from views.tabs import my_drawings

    my_drawings.render()


@pytest.fixture
def page(runs, monkeypatch, recognizer):
    from views.shared import hand

    monkeypatch.setattr(hand, "loaded_recognizer", lambda: recognizer)
    return AppTest.from_function(tab, default_timeout=60)


def keep(digit, strokes, answered=None, hand=HAND):
    return open_drawings().add(hand, digit, as_kept(strokes), as_png(strokes), answered)


def labels(hand=HAND):
    return [each.digit for each in open_drawings().of(hand)]


def show(page):
    run_until(page, lambda: page.subheader or page.info)
    return texts(page)


def select(page, drawing):
    """What pressing it in the grid does; AppTest cannot."""
    from views.tabs.my_drawings.changes import Tab

    remember(page, Tab(selected=drawing.id))
    page.run()


def test_an_empty_hand_says_what_to_do(page, local):
    assert "Nothing is kept yet." in show(page)
    assert "practise" in keys(page)


def test_the_score_counts_what_is_read_without_itself(page, local):
    keep(7, DIGITS[7])
    keep(6, hasty_six())
    assert "Your hand: 1 of 2" in show(page)  # nothing else says that this is a 6
    assert told(page, "picker")["html"].count("<button") == 2
    keep(6, hasty_six(0.86, 0.07))
    run_until(page, lambda: "Your hand: 3 of 3" in texts(page))  # now each of them says so of the other
    assert "of it from your other drawings" in told(page, "picker")["html"]


def test_a_drawing_gets_another_digit(page, local):
    drawing = keep(5, hasty_six(), Answered(5, 0.997, "reader"))
    show(page)
    select(page, drawing)
    assert "It was read as a 5 (99.7 %) when it was drawn." in texts(page)
    (choice,) = page.get("button_group")
    choice.set_value(6).run()
    run_until(page, lambda: labels() == [6])


def test_a_deleted_drawing_can_be_brought_back(page, local):
    drawing = keep(7, DIGITS[7])
    show(page)
    select(page, drawing)
    page.button("delete_drawing").click().run()
    run_until(page, lambda: labels() == [])
    assert "A 7 was deleted." in texts(page)
    page.button("restore_drawing").click().run()
    run_until(page, lambda: labels() == [7])
    (restored,) = open_drawings().of(HAND)
    assert restored == drawing


def test_a_deletion_that_could_not_be_taken_back_can_be_still(page, local, monkeypatch):
    drawing = keep(7, DIGITS[7])
    show(page)
    select(page, drawing)
    page.button("delete_drawing").click().run()
    run_until(page, lambda: labels() == [])

    def restore(*_, **__):
        raise InputError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(type(open_drawings()), "restore", restore)
        page.button("restore_drawing").click().run()
        run_until(page, lambda: "The disk is full." in texts(page))
    page.button("restore_drawing").click().run()
    run_until(page, lambda: labels() == [7])


def test_a_hand_is_chosen_or_new_and_named(page, local):
    keep(7, DIGITS[7], hand="Ada")
    keep(3, DIGITS[3])
    keep(4, DIGITS[4], hand="~of somebody else")
    show(page)
    assert page.selectbox("own_hand").options == ["Ada", "me"]
    page.selectbox("own_hand").set_value("Ada").run()
    run_until(page, lambda: "Your hand: 1 of 1" in texts(page))
    assert 'aria-label="a 7' in told(page, "picker")["html"]


def test_elsewhere_no_hand_can_be_chosen(page):
    keep(7, DIGITS[7])
    assert "Nothing is kept yet." in show(page)
    assert not [each for each in page.selectbox if each.key == "own_hand"]


def test_a_damaged_database_is_said_in_a_sentence(page, local, runs):
    runs.mkdir(parents=True)
    (runs / "drawings.db").write_bytes(b"not a database " * 100)
    run_until(page, lambda: page.error)
    assert "drawings.db" in texts(page)
