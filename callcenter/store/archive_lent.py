"""Archived calls as rows of the database for as long as sums are made anew from them: put in and
taken out again in one transaction, so that nobody else ever sees them there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, delete, or_, select

from callcenter.archive.months import name_of
from callcenter.archive.shapes import Packed
from callcenter.errors import Unavailable
from callcenter.ports.archive import Part
from callcenter.reports.periods import HALF
from callcenter.store import archive
from callcenter.store.archive_shapes import link, values
from callcenter.store.engine import WRITES
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import archive_months, call_legs, interactions, metadata

_COUNTED: Final = ("calls", "interactions", "call_legs")
_MOST_ROUNDS: Final = 5
_LONGEST: Final = timedelta(days=1)
"""So long before a half hour a call may have begun that rang somebody in it."""


@contextmanager
def lent(connection: Connection, halves: Sequence[datetime]) -> Iterator[list[datetime]]:
    """The half hours of which all is there now: what was summed up of the others stands. Where no
    transaction has begun yet, files are read before it does: nobody who writes waits for them."""
    known, packed = _steadily_read(connection, halves)
    for name in _COUNTED:
        rows = [values(name, row) for one in packed for row in one.rows.get(name, ())]
        for columns in {tuple(row) for row in rows}:
            some = [row for row in rows if tuple(row) == columns]
            connection.execute(metadata.tables[name].insert(), some)
    yield known
    _take_back(connection, packed)


def _steadily_read(
    connection: Connection, halves: Sequence[datetime]
) -> tuple[list[datetime], list[Packed]]:
    """What is in the archive when the transaction begins, and stays there until it ends."""
    if connection.in_transaction():
        _where_they_lie(connection, halves)
        return _readable(connection, halves)
    for _ in range(_MOST_ROUNDS):
        with connection.engine.connect() as reader:
            seen = _where_they_lie(reader, halves)
            found = _readable(reader, halves)
        if _where_they_lie(connection, halves) == seen:
            return found
        connection.rollback()
    raise Unavailable("", "a month of the archive is on its way; try again in a moment")


def _where_they_lie(connection: Connection, halves: Sequence[datetime]) -> list[tuple[object, ...]]:
    """What tells two moments apart between which calls of these half hours went to the archive, or
    came from it. They do not while this transaction lasts, where somebody asks who writes."""
    months = {name_of(at) for one in halves for at in (one, one - _LONGEST)}
    row = archive_months.c
    query = select(row.month, row.state, row.folder, row.position, row.updated_at)
    query = query.where(row.month.in_(months)).order_by(row.month)
    if WRITES.items() <= connection.get_execution_options().items():
        query = query.with_for_update(read=True)
    return [tuple(one) for one in connection.execute(query)]


def _readable(
    connection: Connection, halves: Sequence[datetime]
) -> tuple[list[datetime], list[Packed]]:
    """Once more where a month turned out to say nothing: it is away from then on."""
    view = archive.view(connection)
    away = _away(connection, view, {name_of(one) for one in halves})
    known = [one for one in halves if name_of(one) not in away]
    if view is None or not known:
        return known, []
    parts = view.within(min(known) - _LONGEST, max(known) + HALF)
    packed = _of_halves(view.group(parts), parts, known)
    if all(view.sound(part) for part in parts):
        return known, packed
    return _readable(connection, halves)


def _away(connection: Connection, view: archive.ArchiveView | None, months: set[str]) -> set[str]:
    """Those of the months that nothing can be read of now."""
    if view is None:  # all that lies in files, where they are none
        moved = (one.month for one in archive.months(connection) if one.readable)
        return months.intersection(moved)
    asked = (one for one, _ in view.shelved if one.month in months)
    return {one.month for one in asked if not view.looks.readable(one)}


def _of_halves(
    view: archive.ArchiveView, parts: Sequence[Part], halves: Sequence[datetime]
) -> list[Packed]:
    """Without those of months that say nothing, which are not sound from then on."""
    row, leg = interactions.c, call_legs.c
    began = [and_(row.started_at >= one, row.started_at < one + HALF) for one in halves]
    rang = select(leg.call_id).where(leg.half.in_(halves))
    query = select(row.id).where(or_(*began, row.call_id.in_(rang)))
    ids = sorted(view.scalars(query)) if parts else []
    return [one for part in parts for one in view.packed(part, ids)]


def _take_back(connection: Connection, packed: Sequence[Packed]) -> None:
    ids = [one.owner.interaction_id for one in packed]
    calls = [row["id"] for one in packed for row in one.rows.get("calls", ())]
    for name in reversed(_COUNTED):
        table = metadata.tables[name]
        for part in chunks(ids if name == "interactions" else calls):
            connection.execute(delete(table).where(among(connection, table.c[link(name)], part)))
