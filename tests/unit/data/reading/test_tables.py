import gzip
import zipfile

import pytest

from model import InputError
from tests.support.own_data import HEAD, of, read, whole, write_table


@pytest.mark.parametrize("name", ["train.csv", "train.csv.gz"])
@pytest.mark.parametrize("head", [None, HEAD, HEAD.replace("label", '"label"')], ids=["none", "plain", "quoted"])
def test_kaggles_table(tmp_path, known, name, head):
    found = read(write_table(tmp_path / name, *known, head))
    assert whole(found) == of(*known)
    assert len(found.data.test.labels) == 40
    assert "every fifth image" in found.notes[0]
    assert found.change is None


def test_kaggles_zip_as_it_is_downloaded(tmp_path, known):
    """With a table without labels, and one that shows what to hand in."""
    table = write_table(tmp_path / "train.csv", *known, HEAD).read_bytes()
    with zipfile.ZipFile(tmp_path / "digit-recognizer.zip", "w") as archive:
        archive.writestr("sample_submission.csv", "ImageId,Label\n1,0\n2,0\n")
        archive.writestr("test.csv", HEAD.removeprefix("label,") + "\n" + ",".join(["0"] * 784) + "\n")
        archive.writestr("train.csv", table)
    found = read(tmp_path / "digit-recognizer.zip")
    assert whole(found) == of(*known)
    assert "test.csv holds no images with labels and was left out." in found.notes
    assert "sample_submission.csv holds no images with labels and was left out." in found.notes


def test_a_table_whose_label_comes_last_or_whose_rows_are_numbered(tmp_path, known):
    assert whole(read(write_table(tmp_path / "last.csv", *known, last=True))) == of(*known)
    rows = [f"{i},{','.join(map(str, [known[1][i], *known[0][i].ravel()]))}" for i in range(200)]
    (tmp_path / "numbered.csv").write_text("\n".join(["," + HEAD, *rows]))
    assert whole(read(tmp_path / "numbered.csv")) == of(*known)


def test_a_table_of_more_rows_than_may_be_is_refused_with_their_number(tmp_path, monkeypatch):
    monkeypatch.setattr("model.data.reading.tables.MAX_IMAGES", 3)
    rows = [",".join(["7"] + ["0"] * 784)] * 4
    (tmp_path / "train.csv").write_text("\n".join([HEAD, *rows]))
    with pytest.raises(InputError, match=r"has more than 3 rows: divide it into smaller files\.$"):
        read(tmp_path / "train.csv")
    (tmp_path / "train.csv").write_text("\n".join([HEAD, *rows[:3]]))
    assert len(whole(read(tmp_path / "train.csv"))) == 3


def test_a_gzipped_table_that_never_ends_is_refused_once_it_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("model.data.reading.tables.MAX_UNPACKED", 3_000_000)
    row = ",".join(["7"] + ["0"] * 784) + "\n"
    (tmp_path / "train.csv.gz").write_bytes(gzip.compress((row * 3_000).encode()))
    with pytest.raises(InputError, match="divide it into smaller files"):
        read(tmp_path / "train.csv.gz")
