"""What is no data set, or would unpack to too much, in whatever format: refused in a sentence."""

import gzip
import io
import os
import pickle
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from model import InputError
from tests.support.own_data import HEAD, idx, read, save, write_picture
from tests.support.services import posix


def bad_row(path, change):
    rows = [["7", *["0"] * 784] for _ in range(5_000)]
    change(rows)
    path.write_text("\n".join([HEAD, *(",".join(row) for row in rows)]))


class Harmful:
    """If it is unpickled, it leaves a trace in a folder."""

    def __init__(self, folder):
        self.trace = str(folder / "trace")

    def __reduce__(self):
        return open, (self.trace, "w")


BAD = {
    "nothing": (lambda path: None, "There is no data at"),
    "a pipe": (lambda path: os.mkfifo(path), "neither a file nor a folder"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "text": (lambda path: path.write_text("Hello!\n"), "cannot be read as images of digits"),
    "empty folder": (lambda path: path.mkdir(), "no files in"),
    "folder of text": (
        lambda path: path.mkdir() or [(path / name).write_text("Hello") for name in ("a.txt", "b.md")],
        "no images of digits",
    ),
    "a bad cell": (
        lambda path: bad_row(path, lambda rows: rows[4_321].__setitem__(3, "x")),
        "line 4,323, column 4, is",
    ),
    "a short row": (lambda path: bad_row(path, lambda rows: rows[9].pop()), "line 11, has 784 columns, not 785"),
    "a bad label": (
        lambda path: bad_row(path, lambda rows: rows[9].__setitem__(0, "12")),
        "entry 10 is 12, which is not a digit from 0 to 9: leave such entries out.",
    ),
    "not a number": (lambda path: bad_row(path, lambda rows: rows[2].__setitem__(9, "nan")), "line 4, column 10"),
    "no label": (lambda path: path.write_text(",".join(["0"] * 784)), "784 columns and no label"),
    "two columns": (lambda path: path.write_text("a,b\n1,2\n"), "2 columns"),
    "a pickle": (lambda path: path.write_bytes(pickle.dumps(Harmful(path.parent))), "is a pickle"),
    "a gzipped pickle": (
        lambda path: path.write_bytes(gzip.compress(pickle.dumps(Harmful(path.parent)))),
        "is a pickle",
    ),
    "Parquet": (lambda path: path.write_bytes(b"PAR1" + bytes(99)), "Parquet"),
    "HDF5": (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(99)), "HDF5"),
    "one idx file": (lambda path: path.write_bytes(idx(np.zeros((3, 28, 28)))), "comes without its labels"),
    "a cut idx file": (
        lambda path: write_idx_pair(path, idx(np.zeros((3, 28, 28)))[:-5]),
        "says that it holds 2,352 bytes of values, but holds 2,347: copy or download it again",
    ),
    "an idx file with more than it says": (
        lambda path: write_idx_pair(path, idx(np.zeros((3, 28, 28))) + bytes(9)),
        "images-idx3-ubyte says that it holds 2,352 bytes of values, but holds more: copy",
    ),
    "cut gzip": (lambda path: path.write_bytes(gzip.compress(idx(np.zeros((30, 28, 28))))[:40]), "damaged"),
    "values": (lambda path: save(path, x_train=np.full((3, 28, 28), 1e9)), "values up to 1e+09"),
    "NaN": (lambda path: save(path, x_train=np.full((3, 28, 28), np.nan)), "NaN"),
    "no square": (lambda path: save(path, x_train=np.zeros((3, 100_00 - 1))), "make no square"),
    "labels": (lambda path: save(path, y_train=[1, 36, 37]), "entry 2 is 36, which is not a digit from 0 to 9 (nor is"),
    "fewer labels": (lambda path: save(path, y_train=[1, 2]), "3 images, but y_train 2 labels: give one for each"),
    "objects": (lambda path: save(path, y_train=np.array([{}, {}, {}], object)), "holds Python objects"),
    "no labels": (lambda path: save(path, y_train=None), "x_train comes without its labels"),
    "a picture": (
        lambda path: path.mkdir() or [write_picture(path / f"a{c}.png", np.eye(40) * 255) for c in "xy"],
        "ax.png does",
    ),
    "a damaged picture": (
        lambda path: path.mkdir() or [(path / f"{digit}.png").write_bytes(b"\x89PNG") for digit in (1, 2)],
        "1.png: this is not a picture",
    ),
}


def write_idx_pair(folder, images):
    folder.mkdir()
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(np.arange(3)))
    (folder / "train-images-idx3-ubyte").write_bytes(images)


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=posix) if kind == "a pipe" else kind for kind in BAD])
def test_what_is_no_data_set_is_refused_in_a_sentence(tmp_path, kind):
    make, said = BAD[kind]
    path = tmp_path / "mine"
    make(path)
    with pytest.raises(InputError) as refused:
        read(path)
    message = str(refused.value)
    assert said in message
    assert str(path) in message
    assert "\n" not in message and message.endswith(".")
    assert not (tmp_path / "trace").exists()


def zip_bomb(path, name, start, size):
    """An archive of a few kilobytes with a member of so many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(name, "w") as file:
        file.write(start)
        for _ in range(size // 1_000_000):
            file.write(bytes(1_000_000))


def huge_array():
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|u1", "fortran_order": False, "shape": (1_500_000, 28, 28)})
    return head.getvalue()


BOMBS = {
    "array": lambda path: zip_bomb(path, "x_train.npy", huge_array(), 1_176_000_000),
    "table": lambda path: zip_bomb(path, "train.csv", b"label,pixel0\n", 1_100_000_000),
    "gzipped idx": lambda path: path.write_bytes(
        gzip.compress(struct.pack(">BBBB3I", 0, 0, 8, 3, 2**31, 28, 28) + bytes(1000))
    ),
    "an array that says more than there is": lambda path: zip_bomb(path, "x_train.npy", huge_array(), 1_000_000),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_what_would_unpack_to_too_much_is_refused_before_it_is_unpacked(tmp_path, kind):
    path = tmp_path / "bomb"
    BOMBS[kind](path)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="bomb"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
