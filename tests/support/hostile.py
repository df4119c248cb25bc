"""What people may give to the page and the programs to bring them down: add to these, and every test tries it.

Each set is a dictionary of cases by name. `test_hostile.py` says what must become of them.
"""

import base64
import io
import json
import os
import struct
import sys
import zipfile
import zlib

import numpy as np
from PIL import Image

from model.runs import RUN_FILE, Settings, fold_folder
from model.runs.about import ABOUT_FILE
from tests.support.runs import make_run, make_usable_run

HUGE = int("9" * 401)  # a number that JSON can hold and no float can
SURROGATE = "\ud800"
MARKDOWN = "![x](https://example.org/seen.png) **bold** <img src=https://example.org/seen.png> `code` [a](https://b.c)"


def _edited(**changes):
    """A run whose run.json has been edited; json.dumps writes what no other program would, such as NaN."""

    def plant(runs):
        folder = make_usable_run(runs, "edited")
        content = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        (folder / RUN_FILE).write_text(json.dumps(content | changes), encoding="utf-8")

    return plant


def _with_settings(**changes):
    return _edited(settings=Settings.of("quick", data="digits").to_json() | changes)


def _with_text(text):
    """A run that has the text wherever a run has one."""
    taught = {"per_digit": {text: {"before": [text], "after": [text]}}, "before": 1, "after": 1, "held_out": 1}
    return _edited(
        status="failed",
        error=text,
        settings={"network": text, "data": text, "epochs": 3},
        progress={"phase": text},
        metrics={"taught": taught | {"test_before": text, "test_after": 0.5}},
    )


def _with_number(number):
    """A run that has the number wherever a run has one."""
    numbers = dict.fromkeys(("epochs", "batch_size", "learning_rate", "images", "seed"), number)
    names = ("epoch", "epochs", "batch", "batches", "fraction", "images_per_second", "seconds_left", "folds", "fold")
    taught = {"per_digit": {"6": {"before": [number], "after": [number]}}}
    taught |= dict.fromkeys(("before", "after", "held_out", "test_before", "test_after"), number)
    return _edited(
        settings=Settings.of("quick", data="digits").to_json() | numbers,
        number=number,
        started=number,
        seconds=number,
        pid=number,
        progress=dict.fromkeys(names, number),
        metrics={
            "test_accuracy": number,
            "test_images": number,
            "real_drawings": {"right": number, "images": number},
            "taught": taught,
        },
    )


def _file_in_runs(name, content):
    def plant(runs):
        make_usable_run(runs, "whole")
        (runs / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())

    return plant


def _about(content):
    def plant(runs):
        folder = make_usable_run(runs, "named")
        (folder / ABOUT_FILE).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())

    return plant


def _pipe_for(name):
    def plant(runs):
        folder = make_usable_run(runs, "piped")
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return plant


def _pipe_in_runs(name):
    def plant(runs):
        make_usable_run(runs, "whole")
        os.mkfifo(runs / name)

    return plant


def _named(name):
    """A run in a folder of that name, bytes."""

    def plant(runs):
        make_run(runs, "renamed").rename(runs / os.fsdecode(name))

    return plant


def _history(content):
    def plant(runs):
        (make_usable_run(runs, "curves") / "history.csv").write_bytes(content)

    return plant


def _huge_file(name):
    """A file that claims 20 GB and takes no space on the disk."""

    def plant(runs):
        os.truncate(make_usable_run(runs, "large") / name, 20_000_000_000)

    return plant


def _endless(runs):
    """Files that never end, and links that lead in a circle."""
    folder = make_usable_run(runs, "endless")
    for name in (RUN_FILE, "history.csv"):
        (folder / name).unlink()
        (folder / name).symlink_to("/dev/zero")
    (folder / "circle").symlink_to(folder)
    fold_folder(folder, 1).symlink_to(fold_folder(folder, 1))


HEADING = b"epoch,accuracy,loss,val_accuracy,val_loss,seconds\n"
RUNS = {
    **({} if sys.platform == "darwin" else {"name that is no UTF-8": _named(b"\xff\xfe run")}),  # macOS takes none
    "name with Markdown": _named(b"![x](https:) **b** `c` $x$ :red[d]"),
    "name with control characters": _named(b"a\x07\n\x1b[31mb"),
    "name that is as long as can be": _named(b"n" * 255),
    "surrogates": _with_text(SURROGATE + "\udfff text"),
    "control characters": _with_text("a\0b\x1b[31m\u202e\n\n# c"),
    "Markdown": _with_text(MARKDOWN),
    "a long text": _with_text("long " * 100_000),
    "a number of 401 digits": _with_number(HUGE),
    "a negative one": _with_number(-HUGE),
    "NaN": _with_number(float("nan")),
    "infinity": _with_number(float("inf")),
    "a truth value": _with_number(True),
    "a list": _with_number([]),
    "a text": _with_number("x"),
    "null": _with_number(None),
    "settings of no use": _with_settings(network=[], data={}, epochs="x", folds=HUGE),
    "no settings": _edited(settings=None),
    "a list for run.json": lambda runs: (make_usable_run(runs, "list") / RUN_FILE).write_text("[1]"),
    "a number of 5,000 digits": lambda runs: (make_usable_run(runs, "digits") / RUN_FILE).write_text("9" * 5_000),
    "deep nesting": lambda runs: (make_usable_run(runs, "deep") / RUN_FILE).write_text("[" * 200_000),
    "no UTF-8": lambda runs: (make_usable_run(runs, "latin") / RUN_FILE).write_bytes(b'{"settings": "\xe4"}'),
    "a folder for run.json": lambda runs: (runs / "folder" / RUN_FILE).mkdir(parents=True),
    "a name and notes of Markdown": _about({"title": MARKDOWN, "notes": f"# a\n{MARKDOWN}"}),
    "a name and notes that cannot be encoded": _about({"title": SURROGATE, "notes": SURROGATE}),
    "a name and notes that are far too long": _about({"title": "n" * 100_000, "notes": "n\n" * 100_000}),
    "a name that is a number": _about({"title": HUGE, "notes": [HUGE]}),
    "a name that is no JSON": _about(b"{\xff"),
    "a place in the queue that is none": _edited(ticket=-HUGE, owner=[HUGE]),
    "NUL in training": _file_in_runs(".current.json", {"run": "a\0b", "pid": 1}),
    "a surrogate in training": _file_in_runs(".current.json", {"run": SURROGATE, "pid": HUGE}),
    "a name of 5,000 characters in training": _file_in_runs(".current.json", {"run": "n" * 5_000, "pid": -1}),
    "a pipe for run.json": _pipe_for(RUN_FILE),
    "a pipe for history.csv": _pipe_for("history.csv"),
    "a pipe for model.keras": _pipe_for("model.keras"),
    "a pipe for about.json": _pipe_for(ABOUT_FILE),
    "a pipe in training": _pipe_in_runs(".current.json"),
    "a pipe among the runs": _pipe_in_runs("pipe"),
    "20 GB of run.json": _huge_file(RUN_FILE),
    "20 GB of history.csv": _huge_file("history.csv"),
    "files without end": _endless,
    "curves that are no numbers": _history(HEADING + b"1,nan,inf,-inf,1e400,x\n2,nan,inf,-inf,1e400,1\n" + b"9" * 400),
    "curves that are no text": _history(HEADING + bytes(range(256)) * 10),
}

# What is changed in the run.json of a run that is to be resumed.
RESUMED = {
    "seconds": {"seconds": "x"},
    "no seconds": {"seconds": None},
    "NaN seconds": {"seconds": float("nan")},
    "huge seconds": {"seconds": HUGE, "started": HUGE, "number": HUGE},
    "a list for the network": {"settings": {"network": []}},
    "an object for the network": {"settings": {"network": {}}},
    "a huge batch": {"settings": {"batch_size": 10**30}},
    "a huge number of epochs": {"settings": {"epochs": HUGE}},
    "a huge seed": {"settings": {"seed": -HUGE}},
    "NaN for the learning rate": {"settings": {"learning_rate": float("nan")}},
    "NUL in the data": {"settings": {"data": "a\0b"}},
    "NUL in the strokes": {"settings": {"strokes": "a\0b"}},
    "a surrogate in the data": {"settings": {"data": SURROGATE}},
    "a long path": {"settings": {"data": "n" * 300}},
    "a very long path": {"settings": {"scans": "n" * 90_000}},
    "checksums": {"checksums": {"data": [HUGE]}},
    "metrics": {"metrics": {"taught": HUGE}},
    "status": {"status": ["done"]},
}


def plant_all(runs, names):
    """Plants runs of these names of RUNS in one folder, each in a folder of its own."""
    for number, name in enumerate(names):
        apart = runs.parent / f"apart-{number}"
        apart.mkdir()
        RUNS[name](apart)
        for path in apart.iterdir():
            place = runs / path.name
            path.rename(place if not os.path.lexists(place) else runs / f"{path.name}-{number}")


def _png(width, height, rows, times=1, *, depth=8, colour=0, before=b""):
    """A PNG whose header says this size, and whose pixels are these bytes, so many times.

    What comes `before` the header is put there as it is.
    """
    packer = zlib.compressobj(1)
    pixels = b"".join([*(packer.compress(rows) for _ in range(times)), packer.flush()])
    content = _header(width, height, depth, colour) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + before + content


def _header(width, height, depth=8, colour=0):
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _every_second_pixel(side):
    lines = b"\0" + b"\xaa" * -(-side // 8), b"\0" + bytes(-(-side // 8))
    return _png(side, side, b"".join(lines), side // 2, depth=1)


def _encoded(pixels, file_format, **options):
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, file_format, **options)
    return content.getvalue()


def _repeated_scan(times):
    content = _encoded(np.tile(np.arange(256, dtype=np.uint8), (2_000, 8)), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * times + content[-2:]


def _slow_scans():
    """As many scans as are taken, in a large picture."""
    content = _encoded(np.zeros((4_000, 5_000), np.uint8), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * 90 + content[-2:]


def _frames(count):
    blank = Image.new("P", (4_000, 4_000))
    content = io.BytesIO()
    blank.save(content, "GIF", save_all=True, append_images=[Image.new("P", (4_000, 4_000), 0) for _ in range(count)])
    return content.getvalue()


LARGE = 7_000  # pixels a side: just what is taken
PICTURES = {
    "every second pixel": lambda: _every_second_pixel(LARGE),
    "49 megapixels of fractions": lambda: _encoded(np.eye(LARGE, dtype=np.float32), "TIFF", compression="tiff_deflate"),
    "49 megapixels of 16 bits": lambda: _png(LARGE, LARGE, bytes(2 * LARGE + 1), LARGE, depth=16),
    "49 megapixels of 16 bits and opacity": lambda: _png(LARGE, LARGE, bytes(8 * LARGE + 1), LARGE, depth=16, colour=6),
    "a header of a billion pixels": lambda: _png(2**31 - 1, 2**31 - 1, b""),
    "a line of a billion pixels": lambda: _png(2**30, 1, b""),
    "a last scan 1,500 times": lambda: _repeated_scan(1_500),
    "90 scans of 20 megapixels": _slow_scans,
    "frames": lambda: _frames(3),
    "a palette of nothing": lambda: _png(8, 8, bytes(72), colour=3),
    "a text": lambda: b"x" * 100_000,
    "a part of a picture": lambda: _every_second_pixel(LARGE)[:20_000],
}


def _deflated(content, times):
    """A gzip file of the content, so many times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(content) for _ in range(times)]
    return b"".join([*parts, packer.flush()])


def _archive(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def _array(header, content=b""):
    """A .npy file that says this of itself."""
    said = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(said)) + said + content


ZEROS = "{'descr': '|u1', 'fortran_order': False, 'shape': (%s), }"
DRAWINGS = {
    "strokes that unpack to 300 MB": lambda: _deflated(b"[" + b" " * 1_000_000, 300),
    "strokes in 16 million lists": lambda: _deflated(b"[" + b"[]," * 16_000_000 + b"[]]", 1),
    "strokes nested deep": lambda: b"[" * 1_000_000,
    "strokes of huge numbers": lambda: json.dumps([{"digit": 1, "writer": 1, "strokes": [[[HUGE, 1]]]}]).encode(),
    "arrays that unpack to 60 MB": lambda: _archive(**{"x_train.npy": bytes(10)} | {"y_train.npy": bytes(60_000_000)}),
    "members that are no arrays": lambda: _archive(x_train=b"x" * 28, y_train=b"y" * 28),
    "an array that says it is huge": lambda: _archive(
        **{"x_train.npy": _array(ZEROS % "10**15, 28, 28"), "y_train.npy": _array(ZEROS % "1,")}
    ),
    "an array of another size than it says": lambda: _archive(
        **{"x_train.npy": _array(ZEROS % "40000000, 28, 28"), "y_train.npy": _array(ZEROS % "1,", b"1")}
    ),
    "an array of objects": lambda: _archive(
        **{"x_train.npy": _array("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"cos\nsystem\n.")}
    ),
    "an archive cut short": lambda: _archive(x_train=b"x" * 1_000)[:60],
}

STROKE = {
    "type": "Path",
    "path": [["M", 100, 100], ["Q", 200, 200, 300, 300], ["L", 300, 400]],
    "stroke": "#ffffff",
    "strokeWidth": 40,
    "fill": None,
}


def _address(picture):
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def _gif(*size):
    """A large GIF with these sizes where a PNG has its own."""
    large = Image.new("P", (LARGE, LARGE))
    large.putpalette(bytes(3) + struct.pack(">II", *size) + bytes(757))
    content = io.BytesIO()
    large.save(content, "GIF", optimize=False)
    return content.getvalue()


WHITE = _address(_encoded(np.full((560, 560), 9, np.uint8), "PNG"))
SMALL = _address(_encoded(np.zeros((10, 10), np.uint8), "PNG"))
SLIM = _address(_encoded(np.zeros((560, 1680), np.uint8), "PNG"))
TWO_SIZES = _address(_png(LARGE, LARGE, bytes(LARGE + 1), LARGE, before=_header(560, 560)))


def _message(*strokes, picture=WHITE, **content):
    return {"drawing": {"raw": {"objects": list(strokes)} | content, "data": picture}}


# What the canvas is said to show: none of these is a drawing.
MESSAGES = {
    "60,000 strokes": _message(*[STROKE] * 60_000),
    "a stroke of 100,000 pieces": _message(STROKE | {"path": [["L", 1, 1]] * 100_000}),
    "a huge width": _message(STROKE | {"strokeWidth": 1e300}),
    "a width of 401 digits": _message(STROKE | {"strokeWidth": HUGE}),
    "a width below 0": _message(STROKE | {"strokeWidth": -1}),
    "no width": _message({name: value for name, value in STROKE.items() if name != "strokeWidth"}),
    "an empty path": _message(STROKE | {"path": []}),
    "a path of nothing": _message(STROKE | {"path": [["z"]]}),
    "no path": _message({"type": "Path"}),
    "a text for a path": _message(STROKE | {"path": "M 1 1"}),
    "texts for numbers": _message(STROKE | {"path": [["M", "1", "1"]]}),
    "infinite numbers": _message(STROKE | {"path": [["M", float("inf"), float("nan")]]}),
    "unknown commands": _message(STROKE | {"path": [["A", 1, 1], ["M", 1, 1]]}),
    "an endless scale": _message(STROKE | {"scaleX": 1e300}),
    "a large field": _message(STROKE | {"note": "x" * 1_000_000}),
    "many fields": _message(STROKE | {f"field {number}": 1 for number in range(1_000)}),
    "another object": _message({"type": "Image", "src": "https://example.org/seen.png"}),
    "no object": _message(None),
    "numbers": _message(1, 2, 3),
    "no list": _message(objects={"length": 5}),
    "a small picture": _message(STROKE, picture=SMALL),
    "a picture of another address": _message(STROKE, picture="https://example.org/seen.png"),
    "a picture of another shape": _message(STROKE, picture=SLIM),
    "a picture of two sizes": _message(STROKE, picture=TWO_SIZES),
    "a picture of another format": _message(STROKE, picture=_address(_gif(560, 560))),
    "no picture": _message(STROKE, picture=None),
    "a number for a picture": _message(STROKE, picture=5),
    "a large picture": _message(STROKE, picture=WHITE + "A" * 2_000_000),
    "a picture without a part": _message(STROKE, picture="data:image/png;base64"),
    "a text": {"drawing": "x"},
    "a list": {"drawing": [1]},
    "half a background": {"drawing": None, "backgroundFit": {"naturalWidth": 1}},
}
