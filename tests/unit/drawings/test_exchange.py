import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from model import InputError
from model.data import load_data
from model.drawings import KeptDrawing, exchange, export_images, export_strokes, import_file, open_drawings, picture_of
from model.preprocessing import CANVAS_SIZE, PenStroke, draw_with_pens, load_strokes, prepare
from tests.support.digits import DIGITS, difference

PEN = 0.05
SEVEN = {"digit": 7, "writer": 1, "strokes": [[[0.3, 0.3], [0.6, 0.3]], [[0.6, 0.3], [0.4, 0.7]]]}
IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[4:24, 14:16] = 255


def drawing(digit, size=1.0, pen=PEN, strokes=True):
    """A kept drawing of a digit, shrunk about the middle of the canvas."""
    lines = [(points - 0.5) * size + 0.5 for points in DIGITS[digit]]
    picture = draw_with_pens([PenStroke(points * CANVAS_SIZE, pen * CANVAS_SIZE) for points in lines])
    kept = [{"points": points.round(4).tolist(), "width": round(pen, 4)} for points in lines] if strokes else None
    return KeptDrawing("id", "me", digit, kept, to_png(picture), None, datetime.now(UTC))


def to_png(picture):
    return cv2.imencode(".png", picture)[1].tobytes()


def again(imported):
    """What has been imported, as it would be kept."""
    return [KeptDrawing("id", "me", *each, None, datetime.now(UTC)) for each in imported]


def to_npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def to_json(*entries):
    return json.dumps(entries).encode()


@pytest.fixture(scope="module")
def ten():
    return [drawing(digit, size=0.3 + 0.07 * digit, pen=0.02 + digit / 128) for digit in range(10)]


@pytest.mark.parametrize("export", [export_strokes, export_images])
def test_drawings_that_are_exported_and_imported_again_are_alike_and_are_read_alike(ten, export, recognizer):
    back = again(import_file("mine", export(ten)))
    back.sort(key=lambda each: each.digit)
    assert [each.digit for each in back] == list(range(10))
    for before, after in zip(ten, back, strict=True):
        pictures = [picture_of(before), picture_of(after)]
        assert export is export_images or after.strokes == before.strokes
        assert difference(*map(prepare, pictures)) < (0.1 if export is export_images else 0.01)
        readings = recognizer.read_many(pictures)
        assert [each.digit for each in readings] == [before.digit] * 2
        assert np.abs(readings[0].probabilities - readings[1].probabilities).max() < 0.1


def test_a_hand_is_exported_and_imported_again(tmp_path, ten):
    drawings = open_drawings(f"sqlite:///{tmp_path}/drawings.db")
    kept = [drawings.add("me", each.digit, each.strokes, each.png) for each in ten]
    assert export_strokes(drawings.of("me")) == export_strokes(ten)
    added = drawings.add_all("again", import_file("mine.json", export_strokes(kept)))
    assert drawings.of("again") == added
    assert [(each.digit, each.strokes) for each in added] == [(each.digit, each.strokes) for each in kept]


def test_an_exported_stroke_file_is_one_of_the_project(tmp_path, ten):
    path = tmp_path / "mine.json"
    path.write_bytes(export_strokes(ten, writer=12))
    loaded = load_strokes(path)
    assert [(each.digit, each.writer, len(each.widths)) for each in loaded] == [
        (each.digit, 12, len(each.strokes)) for each in ten
    ]


def test_drawings_whose_strokes_are_not_known_are_exported_as_images_alone():
    kept = [drawing(3), drawing(4, strokes=False)]
    assert [digit for digit, _, _ in import_file("mine", export_strokes(kept))] == [3]
    assert sorted(digit for digit, _, _ in import_file("mine", export_images(kept))) == [3, 4]
    with pytest.raises(InputError, match="export them as images"):
        export_strokes(kept[1:])


def test_a_pen_that_left_the_canvas_by_far_is_cut_off_there():
    far = KeptDrawing("id", "me", 1, [{"points": [[0.5, 0.5], [0.5, 9]], "width": 3}], b"", None, datetime.now(UTC))
    ((digit, strokes, _),) = import_file("mine", export_strokes([far]))
    assert (digit, strokes) == (1, [{"points": [[0.5, 0.5], [0.5, 2]], "width": 1}])


@pytest.mark.parametrize(("count", "testing"), [(1, 0), (2, 1), (4, 1), (5, 1), (10, 2)])
def test_exported_images_are_divided_as_those_of_mnist(tmp_path, ten, count, testing):
    path = tmp_path / "mine.npz"
    path.write_bytes(export_images(ten[:count]))
    assert len(import_file("mine.npz", path.read_bytes())) == count
    if testing:
        data = load_data(str(path))
        assert (len(data.train.labels), len(data.test.labels)) == (count - testing, testing)


def test_a_digit_too_small_for_its_pen_is_exported_as_it_is_read(recognizer):
    small = drawing(8, size=0.2, pen=0.14)
    data = np.load(io.BytesIO(export_images([small])))
    strokes = [PenStroke(points * CANVAS_SIZE, 0.14 * CANVAS_SIZE) for points in DIGITS[8]]
    strokes = [PenStroke((stroke.points - 140) * 0.2 + 140, stroke.width) for stroke in strokes]
    picture = cv2.imdecode(np.frombuffer(small.png, np.uint8), cv2.IMREAD_GRAYSCALE)
    seen = recognizer.read(picture, strokes).image
    assert np.abs(data["x_train"][0] / 255 - seen).max() < 0.01
    assert np.abs(prepare(picture) - seen).max() > 0.5


def test_blank_drawings_are_not_exported_as_images():
    blank = KeptDrawing("id", "me", 1, None, to_png(np.zeros((280, 280), np.uint8)), None, datetime.now(UTC))
    assert len(import_file("mine", export_images([blank, drawing(2)]))) == 1
    with pytest.raises(InputError, match="nothing on"):
        export_images([blank])


def test_a_foreign_stroke_file_is_drawn_with_a_usual_pen():
    for data in (to_json(SEVEN), gzip.compress(to_json(SEVEN)), b"\xef\xbb\xbf" + to_json(SEVEN)):
        ((digit, strokes, png),) = import_file("theirs.txt", data)
        assert (digit, [each["points"] for each in strokes]) == (7, SEVEN["strokes"])
        assert {each["width"] for each in strokes} == {PEN}
        picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        assert (picture.shape, picture[84, 126]) == ((CANVAS_SIZE, CANVAS_SIZE), 255)


@pytest.mark.parametrize("names", [["x_train", "y_train"], ["x_test", "y_test"]])
def test_images_to_train_on_or_to_test_on_are_enough(names):
    data = to_npz(**dict(zip(names, (IMAGE[None], np.array([1], np.int64)), strict=True)))
    ((digit, strokes, png),) = import_file("theirs.npz", data)
    assert (digit, strokes) == (1, None)
    assert np.array_equal(prepare(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)), IMAGE / 255)


def huge_member():
    """An archive that says it holds an array of a terabyte, and whose array says so too."""
    header = io.BytesIO()
    shape = {"descr": "|u1", "fortran_order": False, "shape": (10**9, 28, 28)}
    np.lib.format.write_array_header_1_0(header, shape)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x_train.npy", header.getvalue() + bytes(100))
        archive.writestr("y_train.npy", b"")
    return file.getvalue()


WHOLE_NPZ = to_npz(x_train=IMAGE[None], y_train=np.array([1]))
BAD = {
    "empty": b"",
    "a text": b"Hello",
    "another JSON": b'{"drawings": []}',
    "no digits": b"[]",
    "no digit": to_json({"writer": 1, "strokes": SEVEN["strokes"]}),
    "labelled 10": to_json(SEVEN, SEVEN | {"digit": 10}),
    "labelled with a letter": to_json(SEVEN | {"digit": "a"}),
    "no strokes": to_json(SEVEN | {"strokes": []}),
    "pixels": to_json(SEVEN | {"strokes": [[[30, 30], [60, 80]]]}),
    "outside": to_json(SEVEN | {"strokes": [[[-0.5, -0.5], [-0.6, -0.5]]]}),
    "not numbers": to_json(SEVEN | {"strokes": [[[float("nan"), 0.5]]]}),
    "widths too few": to_json(SEVEN | {"widths": [0.1]}),
    "widths too wide": to_json(SEVEN | {"widths": [0.1, 14]}),
    "widths of nothing": to_json(SEVEN | {"widths": [0.1, 0]}),
    "widths not numbers": to_json(SEVEN | {"widths": [0.1, float("nan")]}),
    "widths of words": to_json(SEVEN | {"widths": ["wide", 0.1]}),
    "a non-digit": to_json({"label": "a", "writer": 1, "strokes": SEVEN["strokes"]}),
    "deeply nested": b"[" * 100_000,
    "cut short": to_json(SEVEN)[:-3],
    "gzip cut short": gzip.compress(to_json(SEVEN))[:-9],
    "gzip of nothing": gzip.compress(b""),
    "no gzip": b"\x1f\x8b and so on",
    "gzip bomb": gzip.compress(b"[" + b" " * 60_000_000),
    "npz cut short": WHOLE_NPZ[:-30],
    "no npz": b"PK and so on",
    "another npz": to_npz(x=IMAGE[None], y=np.array([1])),
    "no labels": to_npz(x_train=IMAGE[None]),
    "one label too few": to_npz(x_train=np.stack([IMAGE] * 2), y_train=np.array([1])),
    "images labelled 10": to_npz(x_train=IMAGE[None], y_train=np.array([10])),
    "images labelled with words": to_npz(x_train=IMAGE[None], y_train=np.array(["1"])),
    "images of another size": to_npz(x_train=np.ones((1, 32, 32), np.uint8), y_train=np.array([1])),
    "images in fractions": to_npz(x_train=IMAGE[None] / 255, y_train=np.array([1])),
    "no images": to_npz(x_train=np.zeros((0, 28, 28), np.uint8), y_train=np.zeros(0, np.uint8)),
    "blank images": to_npz(x_train=np.stack([IMAGE, 0 * IMAGE]), y_train=np.array([1, 1])),
    "objects": to_npz(x_train=np.array([{}], object), y_train=np.array([1])),
    "npz bomb": to_npz(x_train=np.zeros((80_000, 28, 28), np.uint8), y_train=np.zeros(80_000, np.uint8)),
    "an array that says it is huge": huge_member(),
    "a picture": to_png(IMAGE),
    "too many strokes": to_json(*[SEVEN] * 10_001),
    "too many images": to_npz(x_train=np.stack([IMAGE] * 10_001), y_train=np.ones(10_001, int)),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_cannot_be_imported_is_refused_in_a_sentence(kind):
    with pytest.raises(InputError, match=r"^their file[: ]") as refused:
        import_file("their file", BAD[kind])
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_huge_file_is_not_unpacked(monkeypatch):
    """Nothing beyond the bound is ever in memory."""
    tracemalloc = pytest.importorskip("tracemalloc")
    bombs = [gzip.compress(bytes(300_000_000)), to_npz(x_train=np.zeros((400_000, 28, 28), np.uint8))]
    monkeypatch.setattr(exchange, "MAX_UNPACKED", 1_000_000)
    tracemalloc.start()
    try:
        for bomb in bombs:
            with pytest.raises(InputError, match="holds more than 1 MB"):
                import_file("bomb", bomb)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
