"""Names of runs and notes on them."""

import pytest

from model import InputError
from model.runs import MAX_NOTES, MAX_TITLE, About, find_run, read_about, write_about
from model.runs.about import MAX_LINES
from tests.support.runs import make_run


def test_a_run_has_no_name_until_it_is_given_one_and_keeps_it_beside_run_json(tmp_path):
    folder = make_run(tmp_path, "mine")
    before = (folder / "run.json").read_bytes()
    assert find_run(tmp_path, "mine").about == About()
    write_about(folder, About("  My  best ", "Second try.\n\nWith\tdropout. \n"))
    assert find_run(tmp_path, "mine").about == About("My best", "Second try.\n\nWith dropout.")
    assert (folder / "run.json").read_bytes() == before
    write_about(folder, About("Better"))
    assert find_run(tmp_path, "mine").about == About("Better")  # at once, although the run has been read before


@pytest.mark.parametrize(
    "about",
    [
        About("n" * (MAX_TITLE + 1)),
        About("a\u202eb"),  # which would turn round what follows it
        About("a\0b"),
        About("a\ud800b"),
        About(notes="n" * (MAX_NOTES + 1)),
        About(notes="n\n" * (MAX_LINES + 1)),
        About(notes="a\x1b[31mb"),
    ],
)
def test_what_cannot_be_a_name_or_notes_is_refused_in_a_sentence(tmp_path, about):
    folder = make_run(tmp_path, "mine")
    with pytest.raises(InputError, match=r"at most .*\.$"):
        write_about(folder, about)
    assert read_about(folder) == About()


def test_a_run_that_is_gone_is_not_named(tmp_path):
    with pytest.raises(InputError, match="cannot be kept"):
        write_about(tmp_path / "gone", About("Mine"))
    assert list(tmp_path.iterdir()) == []
