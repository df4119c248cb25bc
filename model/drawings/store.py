"""The drawings in a database: kept, listed, relabelled and deleted; and those on the canvases of pages."""

import contextlib
import random
import uuid
from collections.abc import Hashable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from model.drawings.database import Database
from model.drawings.kept import (
    MAX_BYTES,
    MAX_DRAWINGS,
    Answered,
    KeptDrawing,
    check_digit,
    check_name,
    check_size,
    check_strokes,
    is_name,
    written,
)
from model.drawings.tables import DRAWINGS, MAX_NETWORK
from model.errors import InputError

# Drawings on canvases that are kept; the oldest are forgotten
MAX_CANVASES, MAX_CANVAS_BYTES, MAX_CANVAS_AGE = 5_000, 100_000_000, timedelta(days=30)
MAX_CANVASES_OF_ONE = 20  # of one browser, whose pages have names that begin alike
REVISION_BITS = 40  # so that the revisions of 2**23 drawings can be added up

_columns = DRAWINGS.c
_labelled = _columns.label.is_not(None)
# Built once, as it is asked for at each answer
_VERSION = select(func.count(), func.sum(_columns.revision)).where(_columns.hand == bindparam("of"), _labelled)
_on_canvas = (_columns.hand == "") & _columns.label.is_(None)


class Drawings:
    """The drawings in one database. Any thread may use it.

    Everything raises InputError if the database fails, or if what it is given cannot be kept; then nothing has changed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        hand: str,
        digit: int,
        strokes: list | None,
        png: bytes,
        answered: Answered | None = None,
        *,
        bounded: bool = False,
    ) -> KeptDrawing:
        """Keeps a drawing; `bounded`, as on a page that is open to others, refuses more than a hand may hold."""
        (new,) = self._insert([_new(hand, digit, strokes, png, answered, _now())], bounded)
        return new

    def add_all(
        self, hand: str, drawings: Iterable[tuple[int, list | None, bytes]], *, bounded: bool = False
    ) -> list[KeptDrawing]:
        """Keeps drawings, each a digit, strokes and a PNG: all of them, or none if it fails."""
        now, apart = _now(), timedelta(microseconds=1)  # so that they stay in order
        new = [_new(hand, *each, None, now + number * apart) for number, each in enumerate(drawings)]
        return self._insert(new, bounded)

    def of(self, hand: str) -> list[KeptDrawing]:
        """The drawings of a hand, oldest first."""
        its_own = select(DRAWINGS).where(_columns.hand == check_name(hand), _labelled)
        query = its_own.order_by(_columns.kept, _columns.id)
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)] if connection else []

    def hands(self) -> dict[str, int]:
        """How many drawings each hand has, the oldest hand first."""
        counts = select(_columns.hand, func.count()).where(_labelled).group_by(_columns.hand)
        query = counts.order_by(func.min(_columns.kept))
        with self._database.reading() as connection:
            return dict(connection.execute(query).tuples().all()) if connection else {}

    def version(self, hand: str) -> Hashable:
        """A value that changes whenever the drawings of a hand do, in any process. Cheap to ask for."""
        its_own = {"of": check_name(hand)}
        with self._database.reading() as connection:
            count, total = connection.execute(_VERSION, its_own).one() if connection else (0, 0)
            return count, int(total or 0)

    def relabel(self, hand: str, id: str, digit: int) -> None:  # noqa: A002 - as the column
        """Says that a drawing of a hand is another digit."""
        change = update(DRAWINGS).where(_of_hand(hand, id)).values(label=check_digit(digit), revision=_revision())
        with self._database.writing() as connection:
            if not connection.execute(change).rowcount:
                raise _missing()

    def delete(self, hand: str, id: str) -> KeptDrawing:  # noqa: A002 - as the column
        """Deletes a drawing of a hand, and returns it: `restore` brings it back."""
        with self._database.writing() as connection:
            row = connection.execute(select(DRAWINGS).where(_of_hand(hand, id))).one_or_none()
            if row is None:
                raise _missing()
            connection.execute(delete(DRAWINGS).where(_of_hand(hand, id)))
            return _kept(row)

    def restore(self, kept: KeptDrawing, *, bounded: bool = False) -> None:
        """Brings back a drawing as it was, unless it is there."""
        with self._database.writing() as connection:
            if connection.scalar(select(_columns.id).where(_columns.id == kept.id)) is None:
                _insert(connection, [kept], bounded)

    def keep_canvas(self, page: str, objects: list, png: bytes) -> None:
        """Keeps what is on the canvas of a page, in place of what was.

        The name of a page is that of a browser, "-" and anything. A new page makes room by
        forgetting the browser's oldest canvases; `_forget_old` says which others are forgotten.
        """
        self._keep_canvases([_canvas_row(page, objects, png)])

    def keep_canvases(self, canvases: Iterable[tuple[str, list, bytes]]) -> None:
        """Keeps what is on the canvases of many pages, which takes little longer than one.

        One that may not be kept is left out. Raises InputError if the database fails; then none is kept.
        """
        rows = []
        for canvas in canvases:
            with contextlib.suppress(InputError):
                rows.append(_canvas_row(*canvas))
        if rows:
            self._keep_canvases(rows)

    def _keep_canvases(self, rows: list[dict[str, Any]]) -> None:
        with self._database.writing(durable=False) as connection:
            for row in rows:
                _keep_canvas(connection, row)
            _forget_old(connection)

    def canvas(self, page: str) -> KeptDrawing | None:
        """What is on the canvas of a page, if anything has been kept."""
        query = select(DRAWINGS).where(_columns.id == page, _on_canvas)
        if not is_name(page):
            return None
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none() if connection else None
            return None if row is None else _kept(row)

    def forget_canvas(self, page: str) -> None:
        """Forgets what is on the canvas of a page."""
        if self.canvas(page) is None:
            return
        with self._database.writing(durable=False) as connection:
            connection.execute(delete(DRAWINGS).where(_columns.id == page, _on_canvas))

    def _insert(self, drawings: list[KeptDrawing], bounded: bool) -> list[KeptDrawing]:
        with self._database.writing() as connection:
            _insert(connection, drawings, bounded)
        return drawings


def _new(
    hand: str, digit: int, strokes: list | None, png: bytes, answered: Answered | None, kept: datetime
) -> KeptDrawing:
    name, label = check_name(hand), check_digit(digit)
    return KeptDrawing(uuid.uuid4().hex, name, label, check_strokes(strokes), png, answered, kept)


def _canvas_row(page: str, objects: list, png: bytes) -> dict[str, Any]:
    return _row(KeptDrawing(check_name(page, "page"), "", None, objects, png, None, _now()))


def _keep_canvas(connection: Connection, row: dict[str, Any]) -> None:
    change = update(DRAWINGS).where(_columns.id == row["id"], _on_canvas).values(row)
    if not connection.execute(change).rowcount:
        try:
            with connection.begin_nested():
                connection.execute(insert(DRAWINGS), row)
        except IntegrityError:  # the same page, in another thread, has been faster
            connection.execute(change)
        else:
            _forget_old_of(connection, row["id"].partition("-")[0])


def _insert(connection: Connection, drawings: list[KeptDrawing], bounded: bool) -> None:
    rows = [_row(drawing) for drawing in drawings]
    if bounded:
        held = select(func.count(), func.sum(_columns.size)).where(_columns.hand == drawings[0].hand, _labelled)
        count, size = connection.execute(held).one()
        size = int(size or 0) + sum(row["size"] for row in rows)
        if count + len(rows) > MAX_DRAWINGS or size > MAX_BYTES:
            raise InputError(
                f"At most {MAX_DRAWINGS:,} drawings and {MAX_BYTES // 1_000_000} MB can be kept here: delete some in "
                "My drawings, or keep fewer."
            )
    if rows:
        connection.execute(insert(DRAWINGS), rows)


def _forget_old_of(connection: Connection, browser: str) -> None:
    """Forgets the oldest canvases of a browser until no more are left than one may have."""
    its_own = select(_columns.id).where(_on_canvas, _columns.id.startswith(f"{browser}-", autoescape=True))
    _forget(connection, its_own.order_by(_columns.kept.desc()).offset(MAX_CANVASES_OF_ONE))


def _forget_old(connection: Connection) -> None:
    """Forgets the oldest canvases of all browsers until no more are left than may be kept.

    If they take too much space, the largest are forgotten: whoever sends large ones loses those, and nobody else does.
    """
    facts = select(func.count(), func.sum(_columns.size), func.min(_columns.kept)).where(_on_canvas)
    count, size, oldest = connection.execute(facts).one()
    too_old = _now().replace(tzinfo=None) - MAX_CANVAS_AGE
    if oldest < too_old:
        _forget(connection, select(_columns.id).where(_on_canvas, _columns.kept < too_old))
    if count > MAX_CANVASES:
        latest_first = select(_columns.id).where(_on_canvas).order_by(_columns.kept.desc())
        _forget(connection, latest_first.offset(MAX_CANVASES))
    if size > MAX_CANVAS_BYTES:
        largest_first = select(_columns.id, _columns.size).where(_on_canvas).order_by(_columns.size.desc())
        for row in connection.execute(largest_first).all():
            if size <= MAX_CANVAS_BYTES:
                break
            connection.execute(delete(DRAWINGS).where(_columns.id == row.id))
            size -= row.size


def _forget(connection: Connection, which: Select[tuple[str]]) -> None:
    for (page,) in connection.execute(which).all():
        connection.execute(delete(DRAWINGS).where(_columns.id == page))


def _of_hand(hand: str, id: str) -> Any:  # noqa: A002, ANN401
    if not is_name(hand) or not is_name(id):
        raise _missing()
    return (_columns.id == id) & (_columns.hand == hand) & _labelled


def _missing() -> InputError:
    return InputError("This drawing is no longer there: somebody has deleted it.")


def _now() -> datetime:
    return datetime.now(UTC)


def _revision() -> int:
    return random.SystemRandom().getrandbits(REVISION_BITS)


def _row(drawing: KeptDrawing) -> dict[str, Any]:
    answered, strokes = drawing.answered, written(drawing.strokes)
    return {
        "id": drawing.id,
        "hand": drawing.hand,
        "label": drawing.digit,
        "strokes": None if drawing.strokes is None else strokes,
        "png": drawing.png,
        "answered_digit": answered and int(answered.digit),
        "answered_probability": answered and float(answered.probability),
        "answered_network": answered and answered.network[:MAX_NETWORK],
        "kept": drawing.kept.replace(tzinfo=None),
        "size": check_size(strokes, drawing.png),
        "revision": _revision(),
    }


def _kept(row: Row) -> KeptDrawing:
    answered = None
    if row.answered_digit is not None:
        answered = Answered(row.answered_digit, row.answered_probability, row.answered_network)
    return KeptDrawing(row.id, row.hand, row.label, row.strokes, row.png, answered, row.kept.replace(tzinfo=UTC))
