import shutil

import pytest
from sqlalchemy import create_engine, text

from model import InputError
from model.drawings import open_drawings
from tests.support.databases import add, copy, fails, opened
from tests.support.services import posix


def test_the_database_is_beside_the_runs_unless_another_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("DIGITS_DATABASE", raising=False)
    monkeypatch.setenv("DIGITS_RUNS", str(tmp_path / "runs with a ? and a %20"))
    kept = add(open_drawings())
    assert open_drawings().of("me") == [kept]
    assert (tmp_path / "runs with a ? and a %20" / "drawings.db").exists()
    monkeypatch.setenv("DIGITS_DATABASE", f"sqlite:///{tmp_path}/other.db")
    assert open_drawings().of("me") == []
    add(open_drawings())
    assert (tmp_path / "other.db").exists()
    assert open_drawings() is open_drawings()


def test_reading_makes_no_file(tmp_path):
    drawings = opened(tmp_path / "runs" / "drawings.db")
    assert (drawings.of("me"), drawings.hands(), drawings.canvas("page")) == ([], {}, None)
    drawings.version("me")
    drawings.forget_canvas("page")
    assert not (tmp_path / "runs").exists()
    drawings.keep_canvas("page", [], b"PNG")
    assert (tmp_path / "runs" / "drawings.db").exists()


def test_a_folder_in_place_of_the_file_and_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "drawings.db").mkdir()
    drawings = opened(tmp_path / "drawings.db")
    fails(lambda: drawings.of("me"), "cannot be opened")
    fails(lambda: add(drawings), "cannot be opened")
    (tmp_path / "runs").write_text("a file")
    drawings = opened(tmp_path / "runs" / "drawings.db")
    assert drawings.of("me") == []
    fails(lambda: add(drawings), "cannot be made", "move away")


@posix
def test_a_file_that_is_deleted_and_put_back(tmp_path):
    path = tmp_path / "runs" / "drawings.db"
    drawings = opened(path)
    kept = add(drawings)
    copy(path, tmp_path / "copy.db")
    later = add(drawings)
    assert drawings.of("me") == [kept, later]
    shutil.rmtree(path.parent)
    fails(lambda: drawings.of("me"), str(path), "is gone", "put it back")
    fails(lambda: add(drawings), "is gone")
    assert not path.exists()
    path.parent.mkdir()
    shutil.copy(tmp_path / "copy.db", path)
    assert drawings.of("me") == [kept]
    added = add(drawings)
    assert drawings.of("me") == [kept, added]


def test_a_table_of_a_newer_version(url, drawings):
    add(drawings)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE drawings_version SET version = 99"))
    engine.dispose()
    newer = open_drawings(url + ("?timeout=1" if url.startswith("sqlite") else "&application_name=newer"))
    fails(lambda: newer.of("me"), "newer version", "update it", "DIGITS_DATABASE")
    fails(lambda: add(newer), "newer version")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("drawings.db", "is not the URL of a database"),
        ("postgresql://host:port/digits", "is not the URL of a database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://me:secret@host/drawings.db", "correct DIGITS_DATABASE"),
        ("sqlite:///drawings.db?timeout=soon", "correct DIGITS_DATABASE"),
        ("digits://host/drawings", "correct DIGITS_DATABASE"),
        ("mysql+pymysql://me:secret@host/digits", "needs the package pymysql"),
    ],
)
def test_a_wrong_address_and_a_missing_driver(monkeypatch, url, words):
    monkeypatch.setenv("DIGITS_DATABASE", url)
    fails(open_drawings, words, "DIGITS_DATABASE")
    with pytest.raises(InputError) as failure:
        open_drawings()
    assert "secret" not in str(failure.value)
