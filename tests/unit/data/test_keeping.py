import pytest

from model import InputError
from model.data import is_upload, keep_upload, keeping


def test_files_are_kept_under_plain_names_in_a_folder_of_their_own(tmp_path):
    folder = tmp_path / "uploads"
    one = keep_upload(folder, [("../..\\evil/.mine.csv", b"1,2")])
    assert (one.name, one.read_bytes(), one.parent.parent) == ("mine.csv", b"1,2", folder)
    several = keep_upload(folder, [("mine-a", b"1"), ("mine-b", b"2")])
    assert (several.name, {each.name for each in several.iterdir()}) == ("mine", {"mine-a", "mine-b"})
    assert keep_upload(folder, [("mine-a", b"1"), ("mine-b", b"2")]) == several
    assert keep_upload(folder, [("a", b"1"), ("b", b"2")]).name == "files"
    assert is_upload(folder, str(one)) and is_upload(folder, str(several))
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("path", ["", "..", "../secret", "x/../../secret", ".hidden/mine.npz", "a/b/c"])
def test_nothing_else_is_an_upload(tmp_path, path):
    assert not is_upload(tmp_path / "uploads", str(tmp_path / "uploads" / path))


def test_a_link_out_of_the_folder_is_no_upload(tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "link").symlink_to("/etc")
    assert not is_upload(tmp_path / "uploads", str(tmp_path / "uploads" / "link" / "passwd"))


def test_the_oldest_uploads_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_KEPT", 25)
    kept = [keep_upload(tmp_path, [("mine", bytes([number] * 10))]) for number in range(2)]
    again = keep_upload(tmp_path, [("mine", bytes([0] * 10))])  # which makes it the latest
    keep_upload(tmp_path, [("mine", bytes([9] * 10))])
    assert again == kept[0] and again.exists() and not kept[1].exists()


def test_two_may_keep_the_same_files_at_once(tmp_path, monkeypatch):
    files, others, make_room = [("mine-a", b"1"), ("mine-b", b"2")], [], keeping._make_room

    def make_room_while_another_keeps_them(*arguments):
        monkeypatch.setattr(keeping, "_make_room", make_room)
        others.append(keep_upload(tmp_path, files))
        make_room(*arguments)

    monkeypatch.setattr(keeping, "_make_room", make_room_while_another_keeps_them)
    kept = keep_upload(tmp_path, files)
    assert others == [kept]
    assert {each.name: each.read_bytes() for each in kept.iterdir()} == dict(files)
    assert list(tmp_path.iterdir()) == [kept.parent]


def test_without_files_there_is_nothing_to_keep(tmp_path):
    with pytest.raises(InputError, match="choose one"):
        keep_upload(tmp_path, [])
