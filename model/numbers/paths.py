"""Finds the digits of a line: the way to join its pieces in which they look most like digits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from model.numbers.cuts import Fineness, cut
from model.numbers.pieces import Piece, by_strokes, height_of, join
from model.numbers.places import Place
from model.numbers.scores import LOW, preference, score, wideness
from model.numbers.traces import WAYS, trace
from model.preprocessing import Steps, prepare_ink
from model.reading import Number, Reading

Interpret = Callable[[list[Steps]], list[Reading]]  # what single digits pictures show, read in one batch

MAX_CANDIDATES = 400  # in all the lines of a picture
MAX_DENSITY = 50  # of candidates in cut pieces: for each height of a line's length, so that no scribble takes long
MAX_JOINED = 9  # pieces that are tried as one digit
# All in fractions of the height of the line's digits:
MAX_WIDTH = 1.5  # of what is tried as one digit
MIN_CUT_WIDTH = 0.45  # of its own height: a narrower piece is not cut
MAX_GAP = 0.3  # between two pieces of one digit
MIN_APART = 0.1  # between two pieces that are digits on their own, from which they are not tried as one
LOWEST = 0.6  # of what is tried as one digit
SURE_WIDE = 1.4  # of its own height: a wider digit is not clear
# And not:
SURE_WIDENESS = 1.5  # standard deviations by which a digit that is clear may be wider than most of its kind
SETTLED = -0.1  # the mean score from which finer cuts are not tried
SURE = 0.9  # the probability from which a piece is taken for a digit without trying to cut it
WHOLE = 1.0  # by how much it is preferred not to divide a piece; see `preference`
# A line is a number if each of its digits is this probable, and the mean of their scores is as high:
MIN_EACH, MIN_SCORE = 0.4, -0.2
LEGS, LEG = (1, 7), 0.3  # what a leg of a letter looks like once it is cut off: so much less for each,
WALL = 0.1  # and for what looks like one to the left of a cut, such as the wall of a house

Look = Callable[[list[Piece]], list[Reading]]  # the same of pieces of ink
Run = tuple[int, int]  # the first of some pieces and the one after the last


class _Path(NamedTuple):
    digits: list[tuple[Piece, Reading]]
    score: float  # the sum of its digits' scores
    preference: float  # likewise

    @property
    def clear(self) -> bool:
        """Whether all digits are so sure that nothing else need be tried."""
        return all(
            reading.is_digit and reading.probabilities.max() >= SURE and not _is_wide(piece, reading)
            for piece, reading in self.digits
        )

    @property
    def settled(self) -> bool:
        """Whether it is so good that finer cuts need not be tried."""
        return self.score >= SETTLED * len(self.digits)


class _Line(NamedTuple):
    pieces: list[Piece]
    height: float
    known: dict[Run, Reading]
    whole: frozenset[Run]  # what was one piece before it was divided


def read_lines(found: list[list[Piece]], interpret: Interpret, place: Place, cuts: Sequence[Fineness]) -> list[Number]:
    """The number on each line of pieces; none if the pieces are too many for numbers.

    All lines are read together: first as they are, then in strokes if these are known, and then those that are not
    clear with each of `cuts` in turn, and in the strokes that the ink seems to consist of.
    """
    lines = [
        _Line(pieces, height_of(pieces), {}, frozenset((start, start + 1) for start in range(len(pieces))))
        for pieces in found
    ]
    if sum(len(line.pieces) for line in lines) > MAX_CANDIDATES:
        return []
    look = _looking(interpret, place)
    _read(lines, [sorted(line.whole) for line in lines], look)
    if not _read_all(lines, look):
        return []
    best = [_best(line) for line in lines]
    strokes = [_in_parts(line, [by_strokes(piece) for piece in line.pieces]) for line in lines]
    if _read_all(strokes, look):
        lines, best = strokes, [_better(path, line) for path, line in zip(best, strokes, strict=True)]
    for step in range(1, len(cuts) + 1):
        tried = {
            number: _cut(lines[number], cuts[:step])
            for number, path in enumerate(best)
            if not (path.clear or (step > 1 and path.settled))
        }
        if not _read_all(list(tried.values()), look, MAX_DENSITY):
            break
        for number, line in tried.items():
            best[number] = _better(best[number], line)
    if cuts:
        best = _traced(lines, best, look)
    return [_number(path, place) for path in best]


def _traced(lines: list[_Line], best: list[_Path], look: Look) -> list[_Path]:
    """The best paths or, where one is not settled, better ones that part what is in doubt along its strokes."""
    best = list(best)
    places = [place for place, path in enumerate(best) if not (path.clear or path.settled)]
    ways = [_in_strokes(_in_doubt(lines[place], best[place])) for place in places]
    for tried in zip(*ways, strict=True):
        if _read_all(list(tried), look, MAX_DENSITY):
            for place, line in zip(places, tried, strict=True):
                best[place] = _better(best[place], line)
    return best


def _in_doubt(line: _Line, path: _Path) -> _Line:
    """The line with the digits of a path as its pieces; cut ones beside each other that are not sure are one piece.

    Known are those that are sure, and those that stand apart and are no wider than usual.
    """
    whole = {_box(join(line.pieces[start:end])) for start, end in line.whole}
    groups: list[list[tuple[Piece, Reading]]] = []
    for digit in path.digits:
        if groups and digit[0].cut > 0 and not any(_is_sure(line, *each) for each in (groups[-1][-1], digit)):
            groups[-1].append(digit)
        else:
            groups.append([digit])
    single = {(place, place + 1): group[0] for place, group in enumerate(groups) if len(group) == 1}
    kept = frozenset(run for run, (piece, _) in single.items() if _box(piece) in whole)
    known = {
        run: reading
        for run, (piece, reading) in single.items()
        if _is_sure(line, piece, reading) or (run in kept and reading.is_digit and not _is_wide(piece, reading))
    }
    return _Line([join([piece for piece, _ in group]) for group in groups], line.height, known, kept)


def _in_strokes(line: _Line) -> list[_Line]:
    """The line with what is not known in strokes, in several ways."""
    ways = [
        trace(piece) if _is_large(line, piece) and (place, place + 1) not in line.known else [[piece]] * WAYS
        for place, piece in enumerate(line.pieces)
    ]
    return [_in_parts(line, list(parts)) for parts in zip(*ways, strict=True)]


def _box(piece: Piece) -> tuple[int, int, int, int]:
    return piece.left, piece.top, piece.right, piece.bottom


def _looking(interpret: Interpret, place: Place) -> Look:
    """A function that reads pieces as single digits, all in one batch, and remembers what it has read."""
    seen: dict[tuple[int, int, tuple[int, ...], bytes], Reading] = {}

    def look(pieces: list[Piece]) -> list[Reading]:
        keys = [(piece.left, piece.top, piece.ink.shape, piece.ink.tobytes()) for piece in pieces]
        new = {key: piece for key, piece in zip(keys, pieces, strict=True) if key not in seen}
        readings = interpret([prepare_ink(place.extraction(piece)) for piece in new.values()])
        seen.update(zip(new, readings, strict=True))
        return [seen[key] for key in keys]

    return look


def _read_all(lines: list[_Line], look: Look, density: float = np.inf) -> bool:
    """Reads whatever may be a digit, unless it is too much: in all, or for each height of the lines' length."""
    runs = [_runs(line) for line in lines]
    count = sum(map(len, runs))
    if count > min(MAX_CANDIDATES, density * sum(map(_length, lines))):
        return False
    _read(lines, runs, look)
    return True


def _read(lines: list[_Line], runs: list[list[Run]], look: Look) -> None:
    """Reads the runs of each line that are not known."""
    wanted = [(line, run) for line, own in zip(lines, runs, strict=True) for run in own if run not in line.known]
    readings = look([join(line.pieces[run[0] : run[1]]) for line, run in wanted])
    for (line, run), reading in zip(wanted, readings, strict=True):
        line.known[run] = reading


def _length(line: _Line) -> float:
    """How long a line is, in heights of its digits, and at least one."""
    return max(1.0, (max(piece.right for piece in line.pieces) - line.pieces[0].left) / line.height)


def _is_sure(line: _Line, piece: Piece, reading: Reading) -> bool:
    """Whether a piece is a digit on its own, as it is."""
    return (
        reading.is_digit
        and float(reading.probabilities.max()) >= SURE
        and piece.height >= LOW * line.height
        and not _is_wide(piece, reading)
    )


def _is_wide(piece: Piece, reading: Reading) -> bool:
    """Whether a piece is so wide that it may be more than the digit that it is read as."""
    return piece.width > SURE_WIDE * piece.height or wideness(piece, reading) > SURE_WIDENESS


def _is_large(line: _Line, piece: Piece) -> bool:
    """Whether a piece may be more than one digit."""
    return piece.height >= LOW * line.height and piece.width >= MIN_CUT_WIDTH * piece.height


def _cut(line: _Line, fineness: Sequence[Fineness]) -> _Line:
    """The line with all pieces cut that are not digits on their own."""

    def parts(place: int, piece: Piece) -> list[Piece]:
        reading = line.known.get((place, place + 1))
        if not _is_large(line, piece) or (reading and _is_sure(line, piece, reading)):
            return [piece]
        return cut(piece, line.height, fineness)

    return _in_parts(line, [parts(place, piece) for place, piece in enumerate(line.pieces)])


def _in_parts(line: _Line, parts: list[list[Piece]]) -> _Line:
    """The line with each of its pieces in these parts."""
    first = np.cumsum([0, *map(len, parts)]).tolist()
    known = {(first[start], first[end]): reading for (start, end), reading in line.known.items()}
    whole = frozenset((first[start], first[end]) for start, end in line.whole)
    return _Line([part for own in parts for part in own], line.height, known, whole)


def _runs(line: _Line) -> list[Run]:
    """The pieces that may be a digit together."""
    single = {run[0]: reading for run, reading in line.known.items() if run[1] == run[0] + 1}
    sure = {place for place, reading in single.items() if _is_sure(line, line.pieces[place], reading)}
    found = list(line.known)
    for start, first in enumerate(line.pieces):
        left, right, top, bottom = first.left, first.right, first.top, first.bottom
        for end in range(start + 1, min(start + MAX_JOINED, len(line.pieces)) + 1):
            piece = line.pieces[end - 1]
            gap = piece.left - right
            if gap > MAX_GAP * line.height:
                break
            if {end - 2, end - 1} <= sure and end - 2 >= start and gap > MIN_APART * line.height:
                break
            left, right = min(left, piece.left), max(right, piece.right)
            if right - left > MAX_WIDTH * line.height:
                break
            top, bottom = min(top, piece.top), max(bottom, piece.bottom)
            if (start, end) not in line.known and bottom - top >= LOWEST * line.height:
                found.append((start, end))
    return found


def _best(line: _Line) -> _Path:
    """The best way through the line; if there is none, one worse than any."""
    count = len(line.pieces)
    highest = np.full(count + 1, -np.inf)
    highest[0] = 0.0
    steps: list[int] = [0] * (count + 1)
    for (start, end), reading in sorted(line.known.items()):
        found = highest[start] + _preference(line, (start, end), reading)
        if found > highest[end]:
            highest[end], steps[end] = found, start
    if not np.isfinite(highest[count]):
        return _Path([], -np.inf, -np.inf)
    runs: list[Run] = []
    end = count
    while end:
        runs.append((steps[end], end))
        end = steps[end]
    runs.reverse()
    digits = [(join(line.pieces[run[0] : run[1]]), line.known[run]) for run in runs]
    scores = [score(line.pieces[run[0] : run[1]], _last(line, run), line.height, line.known[run]) for run in runs]
    return _Path(digits, sum(scores), float(highest[count]))


def _preference(line: _Line, run: Run, reading: Reading) -> float:
    """How much is in favour of taking a run for one digit."""
    found = preference(line.pieces[run[0] : run[1]], _last(line, run), line.height, reading)
    return found + WHOLE if run in line.whole else found


def _last(line: _Line, run: Run) -> Piece | None:
    """The piece before a run."""
    return line.pieces[run[0] - 1] if run[0] else None


def _better(path: _Path, line: _Line) -> _Path:
    """The path, or the best way through the line if that is better."""
    return max(path, _best(line), key=lambda each: each.preference)


def _number(path: _Path, place: Place) -> Number:
    digits = tuple(replace(reading, box=place.pixels(piece)) for piece, reading in path.digits)
    lowest = min(float(reading.probabilities.max()) for reading in digits)
    cuts = [piece.cut > 0 for piece, _ in path.digits]
    slender = [reading.digit in LEGS for _, reading in path.digits]
    legs = sum(cut and leg for cut, leg in zip(cuts, slender, strict=True))
    walls = sum(cut and wall for cut, wall in zip(cuts[1:], slender[:-1], strict=True))
    total = path.score - LEG * legs - WALL * walls
    return Number(digits, lowest >= MIN_EACH and total >= MIN_SCORE * len(digits))
