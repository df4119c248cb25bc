"""Data sets of one's own as people have them, and what was read of them."""

import gzip
import io
import struct

import cv2
import numpy as np

from model.data import load_described

HEAD = "label," + ",".join(f"pixel{i}" for i in range(784))


def read(path, **options):
    return load_described(str(path), **options)


def whole(found):
    """All images of a data set and their labels, in no particular order."""
    (train, train_labels), (test, test_labels) = found.data
    return sorted(zip([*train_labels, *test_labels], [each.tobytes() for each in (*train, *test)], strict=True))


def of(images, labels):
    return sorted(zip(labels, [np.ascontiguousarray(each).tobytes() for each in images], strict=True))


def write_table(path, images, labels, head=None, last=False):
    flat = images.reshape(len(images), -1)
    text = io.StringIO()
    np.savetxt(text, np.column_stack([flat, labels] if last else [labels, flat]), "%d", ",")
    content = ((head + "\n" if head else "") + text.getvalue()).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def idx(array):
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return head + array.astype(np.uint8).tobytes()


def write_idx(folder, images, labels, prefix="", suffix=""):
    folder.mkdir(exist_ok=True)
    parts = {"train": slice(0, 150), "t10k": slice(150, None)}
    for part, some in parts.items():
        for kind, array in (("images-idx3", images[some]), ("labels-idx1", labels[some])):
            content = idx(array)
            name = f"{prefix}{part}-{kind}-ubyte{suffix}"
            (folder / name).write_bytes(gzip.compress(content) if suffix else content)
    return folder / f"{prefix}train-images-idx3-ubyte{suffix}"


def write_picture(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), image)


def save(path, **change):
    arrays = {"x_train": np.zeros((3, 28, 28), np.uint8), "y_train": [1, 2, 3]} | change
    with path.open("wb") as file:
        np.savez(file, **{name: array for name, array in arrays.items() if array is not None})
