from datetime import UTC, datetime, timedelta

import pytest

from model import InputError
from model.drawings import MAX_DRAWINGS, Answered, store

STROKES = [{"points": [[0.25, 0.5], [0.75, 0.5]], "width": 0.05}]
PNG = b"\x89PNG and so on\x00"


def test_a_kept_drawing_is_found_again_as_it_was(drawings):
    before = datetime.now(UTC)
    answered = Answered(5, 0.625, "reader")
    added = drawings.add("me", 6, STROKES, PNG, answered)
    assert drawings.of("me") == [added]
    assert (added.hand, added.digit, added.strokes, added.png, added.answered) == ("me", 6, STROKES, PNG, answered)
    assert before <= added.kept <= datetime.now(UTC)
    assert drawings.of("you") == []


def test_a_drawing_may_have_no_strokes_and_no_answer(drawings):
    added = drawings.add("me", 6, None, PNG, None)
    assert drawings.of("me") == [added]
    assert (added.strokes, added.answered) == (None, None)


def test_drawings_come_oldest_first_and_hands_are_counted(drawings):
    digits = [3, 1, 4, 1, 5]
    for digit in digits:
        drawings.add("me", digit, STROKES, PNG)
    drawings.add_all("Zoë's class", [(digit, None, PNG) for digit in digits[:2]])
    assert [each.digit for each in drawings.of("me")] == digits
    assert [each.digit for each in drawings.of("Zoë's class")] == digits[:2]
    assert drawings.hands() == {"me": 5, "Zoë's class": 2}


def test_nothing_is_there_before_the_first_drawing(drawings):
    assert drawings.of("me") == []
    assert drawings.hands() == {}
    assert drawings.canvas("page") is None
    empty = drawings.version("me")
    drawings.add("me", 6, STROKES, PNG)
    assert drawings.version("me") != empty


def test_a_drawing_is_relabelled_deleted_and_restored(drawings):
    kept = [drawings.add("me", digit, STROKES, PNG, Answered(5, 0.5, "reader")) for digit in (1, 2, 3)]
    drawings.relabel("me", kept[1].id, 7)
    assert [each.digit for each in drawings.of("me")] == [1, 7, 3]
    deleted = drawings.delete("me", kept[1].id)
    assert [each.digit for each in drawings.of("me")] == [1, 3]
    drawings.restore(deleted)
    drawings.restore(deleted)
    assert [each.digit for each in drawings.of("me")] == [1, 7, 3]
    assert drawings.of("me")[1] == deleted


def test_no_hand_can_change_the_drawings_of_another(drawings):
    mine = drawings.add("me", 6, STROKES, PNG)
    drawings.keep_canvas("page", [{"type": "Path"}], PNG)
    for hand, id_ in (
        ("you", mine.id),
        ("", mine.id),
        ("", "page"),
        ("me", "page"),
        ("me", "%"),
        ("me", "a\0"),
        ("me", "\ud800"),
    ):
        with pytest.raises(InputError, match="no longer there"):
            drawings.relabel(hand, id_, 1)
        with pytest.raises(InputError, match="no longer there"):
            drawings.delete(hand, id_)
    drawings.forget_canvas(mine.id)
    assert drawings.canvas(mine.id) is None
    assert drawings.of("me") == [mine]
    assert drawings.canvas("page") is not None


def test_the_version_is_another_after_each_change_and_the_same_without(drawings):
    seen = [drawings.version("me")]

    def changed():
        seen.append(drawings.version("me"))
        return len(set(seen)) == len(seen)

    first = drawings.add("me", 6, STROKES, PNG)
    assert changed()
    second = drawings.add("me", 6, STROKES, PNG)
    assert changed()
    drawings.relabel("me", first.id, 5)
    assert changed()
    drawings.delete("me", second.id)
    assert changed()
    drawings.add("me", 6, STROKES, PNG)
    assert changed()
    now = drawings.version("me")
    drawings.add("you", 6, STROKES, PNG)
    drawings.keep_canvas("me", [], PNG)
    assert drawings.version("me") == now


@pytest.mark.parametrize("digit", [10, -1, None, "6", 6.0, True])
def test_only_digits_are_labels(drawings, digit):
    mine = drawings.add("me", 6, STROKES, PNG)
    with pytest.raises(InputError, match="from 0 to 9"):
        drawings.add("me", digit, STROKES, PNG)
    with pytest.raises(InputError, match="from 0 to 9"):
        drawings.relabel("me", mine.id, digit)
    assert drawings.of("me") == [mine]


@pytest.mark.parametrize("name", ["", " ", "a\0b", "\ud800", "a\nb", "x" * 65, None, 3])
def test_names_that_no_database_would_keep_are_refused(drawings, name):
    with pytest.raises(InputError, match="hand"):
        drawings.add(name, 6, STROKES, PNG)
    with pytest.raises(InputError, match="page"):
        drawings.keep_canvas(name, [], PNG)
    assert drawings.canvas(name) is None
    drawings.forget_canvas(name)


@pytest.mark.parametrize(
    "strokes",
    [
        [{"points": [[float("nan"), 0.5]], "width": 0.05}],
        [{"points": [[0.5, 0.5, 0.5]], "width": 0.05}],
        [{"points": [], "width": 0.05}],
        [{"points": [[0.5, 0.5]], "width": 0}],
        [{"points": [[0.5, 0.5]]}],
        [[[0.5, 0.5]]],
        "strokes",
        7,
    ],
)
def test_what_is_no_stroke_is_refused(drawings, strokes):
    with pytest.raises(InputError, match="draw it again"):
        drawings.add("me", 6, strokes, PNG)
    assert drawings.of("me") == []


def test_a_huge_drawing_is_refused(drawings):
    with pytest.raises(InputError, match="too large"):
        drawings.add("me", 6, STROKES, b"x" * 1_000_001)
    with pytest.raises(InputError, match="too large"):
        drawings.keep_canvas("page", [{"path": "x" * 1_000_001}], PNG)


def test_of_many_canvases_one_that_cannot_be_kept_leaves_the_others(drawings):
    huge = [{"path": "x" * 1_000_001}]
    drawings.keep_canvases([("one", [1], PNG), ("two", huge, PNG), ("three", [3], PNG)])
    assert [drawings.canvas(page) and drawings.canvas(page).strokes for page in ("one", "two", "three")] == [
        [1],
        None,
        [3],
    ]


def test_a_hand_on_an_open_page_holds_no_more_than_it_may(drawings, monkeypatch):
    drawings.add_all("me", [(6, None, PNG)] * (MAX_DRAWINGS - 1), bounded=True)
    last = drawings.add("me", 6, None, PNG, bounded=True)
    with pytest.raises(InputError, match="At most 1,000 drawings"):
        drawings.add("me", 6, None, PNG, bounded=True)
    assert len(drawings.of("me")) == MAX_DRAWINGS
    drawings.add("you", 6, None, PNG, bounded=True)
    drawings.delete("me", last.id)
    drawings.add("me", 6, None, PNG, bounded=True)
    with pytest.raises(InputError, match="At most"):
        drawings.restore(last, bounded=True)
    monkeypatch.setattr(store, "MAX_BYTES", 100_000)
    drawings.add("she", 6, None, b"x" * 60_000, bounded=True)
    with pytest.raises(InputError, match="At most"):
        drawings.add("she", 6, None, b"x" * 60_000, bounded=True)
    drawings.add("she", 6, None, b"x" * 60_000)
    assert len(drawings.of("she")) == 2


def test_either_all_drawings_are_kept_or_none(drawings):
    with pytest.raises(InputError):
        drawings.add_all("me", [(6, STROKES, PNG), (10, STROKES, PNG)])
    with pytest.raises(InputError):
        drawings.add_all("me", [(6, STROKES, PNG), (6, STROKES, b"x" * 1_000_001)])
    assert drawings.of("me") == []
    assert drawings.add_all("me", []) == []


def test_a_canvas_keeps_its_last_drawing(drawings):
    objects = [{"type": "Path", "path": [["M", 1.5, 2], ["Q", 1, 2, 3, 4]], "fill": None, "name": "Zoë \ud800"}]
    drawings.keep_canvas("page", [], PNG)
    drawings.keep_canvas("page", objects, b"second")
    drawings.keep_canvas("other", [], PNG)
    canvas = drawings.canvas("page")
    assert (canvas.id, canvas.digit, canvas.strokes, canvas.png) == ("page", None, objects, b"second")
    assert drawings.hands() == {}
    drawings.forget_canvas("page")
    assert drawings.canvas("page") is None
    assert drawings.canvas("other") is not None


def test_of_one_browser_the_oldest_canvases_make_room_for_a_new_page_and_for_nothing_else(drawings, monkeypatch):
    monkeypatch.setattr(store, "MAX_CANVASES_OF_ONE", 3)
    for page in ("mine-a", "mine-b", "yours-a", "mine-c"):
        drawings.keep_canvas(page, [], PNG)
    monkeypatch.setattr(store, "MAX_CANVASES_OF_ONE", 2)

    def kept():
        return [page for page in ("mine-a", "mine-b", "mine-c", "mine-d", "yours-a") if drawings.canvas(page)]

    drawings.keep_canvas("mine-c", [], b"more")
    assert kept() == ["mine-a", "mine-b", "mine-c", "yours-a"]
    drawings.keep_canvas("mine-d", [], PNG)
    assert kept() == ["mine-c", "mine-d", "yours-a"]


def test_old_canvases_are_forgotten_and_drawings_are_not(drawings, monkeypatch):
    mine = drawings.add("me", 6, STROKES, PNG)

    def kept():
        return {page for page in "abcdef" if drawings.canvas(page)}

    monkeypatch.setattr(store, "MAX_CANVASES", 3)
    for page in "abcad":
        drawings.keep_canvas(page, [], PNG)
    assert kept() == {"c", "a", "d"}
    monkeypatch.setattr(store, "MAX_CANVAS_BYTES", 250_000)
    for page in "ef":
        drawings.keep_canvas(page, [], b"x" * 120_000)
    assert kept() == {"e", "f", "d"}
    drawings.keep_canvas("e", [], b"x" * 140_000)
    assert kept() == {"f", "d"}  # the largest went
    monkeypatch.setattr(store, "_now", lambda: datetime.now(UTC) + timedelta(days=31))
    drawings.keep_canvas("f", [], PNG)
    assert kept() == {"f"}
    assert drawings.of("me") == [mine]
