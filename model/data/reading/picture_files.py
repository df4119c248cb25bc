"""Folders of pictures: each digit in a folder of its own name, or in the name of the file, or beside it in a list.

Each picture is prepared like a drawing on the page.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import numpy as np

from model.data.reading.files import File
from model.data.reading.raw import Found, Raw, divide, is_for_testing
from model.errors import InputError
from model.preprocessing import MAX_BYTES, decode_picture, prepare, to_bytes

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif", ".heic", ".heif"}
WANTED = "put the pictures of each digit into a folder 0 to 9, or begin their names with the digit, as in 7_anna.png"
LISTS = {".csv", ".tsv", ".txt"}
MAX_LIST = 20_000_000  # bytes
TELL_EVERY = 100  # pictures
MAX_NAMED = 3  # pictures with nothing on them that are named
# Where a picture's digit stands. Of these ways, the first counts in which all pictures have one.
_IN_FOLDER = (re.compile(r"^(\d)$"), re.compile(r"(?<!\d)(\d)(?!\d)"))
_IN_NAME = (
    re.compile(r"^(\d)(?!\d)"),
    re.compile(r"(?:label|digit|class|num|number|is)[-_= ]?(\d)(?!\d)"),
    re.compile(r"(?<!\d)(\d)$"),
)


def is_picture(name: str) -> bool:
    """Whether a file is a picture, going by its name."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def is_list(name: str) -> bool:
    """Whether a file can list the digits of pictures, going by its name."""
    return PurePosixPath(name).suffix.lower() in LISTS


def read_pictures(files: list[File], lists: list[File], tell: Callable[[str], None] | None = None) -> Found:
    """The digits in picture files, prepared like drawings. `tell` is called with the progress in words.

    Each of `lists` is a table that may hold the names of all pictures, with their digits in the next column. Raises
    InputError that names the first file that does not say its digit, or that cannot be read.
    """
    labels = next(filter(None, (_listed(files, each) for each in lists)), None) or _labels(files)
    images, kept, blank = [], [], []
    for number, file in enumerate(files):
        if tell and number % TELL_EVERY == 0:
            tell(f"Preparing picture {number + 1:,} of {len(files):,}")
        content = file.head(MAX_BYTES + 1)  # one that holds so much is refused
        try:
            image = prepare(decode_picture(content))
        except InputError as error:
            raise InputError(f"{file.name}: {error}") from None
        if image is None:
            blank.append(file.name)
            continue
        images.append(to_bytes(image))
        kept.append(number)
    if not images:
        raise InputError(f"There is nothing on any of the {len(files):,} pictures: give pictures of digits.")
    notes = [_say_blank(blank)] if blank else []
    stacked, digits = np.stack(images), np.array(labels, np.uint8)[kept]
    testing = np.array([is_for_testing(str(PurePosixPath(files[place].name).parent)) for place in kept])
    parts = [(kind, Raw(stacked[testing == kind], digits[testing == kind])) for kind in (False, True)]
    return divide(parts, notes, prepared=True)


def _say_blank(names: list[str]) -> str:
    if len(names) == 1:
        return f"There is nothing on {names[0]}, which was left out."
    return f"There is nothing on {len(names):,} pictures ({', '.join(names[:MAX_NAMED])}, …), which were left out."


def _listed(files: list[File], table: File) -> list[int] | None:
    """The digit of each picture in a list of them; None if the list does not hold them all."""
    if table.size > MAX_LIST:
        return None
    lines = table.read(MAX_LIST).decode("utf-8-sig", "replace").split("\n")
    rows = (re.split(r"[\t,;]", line.strip()) for line in lines)
    digits = {PurePosixPath(row[0].strip()).name: row[1].strip() for row in rows if len(row) > 1}
    found = [digits.get(PurePosixPath(file.name).name, "") for file in files]
    return [int(digit) for digit in found] if all(re.fullmatch(r"\d", digit, re.ASCII) for digit in found) else None


def _labels(files: list[File]) -> list[int]:
    """The digit of each picture. Raises InputError that names a picture whose digit is not known."""
    best: list[int | None] = [None] * len(files)
    for way in _ways():
        found = [way(PurePosixPath(file.name)) for file in files]
        if None not in found and (len(set(found)) > 1 or len(files) == 1):
            return [each for each in found if each is not None]
        best = max(best, found, key=lambda each: sum(digit is not None for digit in each))
    nameless = next((file.name for file, digit in zip(files, best, strict=True) if digit is None), None)
    if nameless is None:
        raise InputError(f"All pictures are of the same digit, going by their names: {WANTED}.")
    raise InputError(f"{nameless} does not say which digit it shows: {WANTED}.")


def _ways() -> Iterator[Callable[[PurePosixPath], int | None]]:
    for pattern in _IN_FOLDER:
        yield lambda path, pattern=pattern: _digit(pattern, reversed(path.parts[:-1]))
    for pattern in _IN_NAME:
        yield lambda path, pattern=pattern: _digit(pattern, [path.stem.lower()])


def _digit(pattern: re.Pattern, texts: Iterator[str] | list[str]) -> int | None:
    return next((int(found[1]) for text in texts if (found := pattern.search(text)) is not None), None)
