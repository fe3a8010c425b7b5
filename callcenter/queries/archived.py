"""Contacts of the database and of the archive's months as one list, so that whoever asks need not
know which is where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, select, tuple_

from callcenter.ports.archive import Part
from callcenter.queries import interaction_rows
from callcenter.queries.archived_walk import TIME, Step, Walk
from callcenter.queries.views import InteractionView
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive, merged
from callcenter.store.archive import ArchiveView
from callcenter.store.archive_seen import seen
from callcenter.store.sets import among
from callcenter.store.tables import interactions

_LOT: Final = 200
_FEW: Final = 2000
"""So many contacts of a customer are looked at one by one before files are asked for the rest."""
_ONE_OF: Final = 4
"""Files are asked where fewer than one of so many is wanted."""
_TRIED: Final = 16
"""So many tell whether most are wanted, where nothing but their time leads to them."""
Key = tuple[datetime, int]
Walked = Callable[[], Sequence[Step]] | None
"""By whom, or by which number, contacts are found one by one; None: by their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted of the archive. `conditions` are over its `interactions`, and are made only
    where there is an archive; `of_one`: few rows in each of many months, so all are asked at once;
    `in_files`: they ask what the files alone tell (a call's own record).
    """

    conditions: Callable[[], Sequence[ColumnElement[bool]]]
    viewer: Viewer = EVERYTHING
    since: datetime | None = None
    until: datetime | None = None
    of_one: bool = False
    in_files: bool = False
    walk: Walked = None


def of_customer(connection: Connection, customer_id: int) -> Walked:
    """Of a card, and of those that became part of it."""
    return lambda: [
        ("customer", one) for one in (customer_id, *merged.absorbed(connection, customer_id))
    ]


def of_number(e164: str) -> Walked:
    return lambda: [("number", e164)]


def newest(  # noqa: PLR0917 (the two halves, and the page)
    connection: Connection,
    live: Select[Any],
    asked: Asked,
    after: Any,
    limit: int,
    today: date,
) -> tuple[InteractionView, ...]:
    """The newest first, those after (`started_at`, `id`). `live`: `newest_first()`, narrowed."""
    query = live.limit(limit)
    if after is not None:
        query = query.where(tuple_(interactions.c.started_at, interactions.c.id) < after)

    def read() -> tuple[InteractionView, ...]:
        found = interaction_rows.views(connection, query, today)
        last = (found[-1].started_at, found[-1].id) if len(found) == limit else None
        old = _archived(connection, asked, after, last, limit, today)
        both = {one.id: one for one in (*old, *found)}.values()
        return tuple(sorted(both, key=_key, reverse=True)[:limit]) if old else found

    return archive.steady(connection, read)


def _key(one: InteractionView) -> Key:
    return one.started_at, one.id


def _archived(  # noqa: PLR0917
    connection: Connection,
    asked: Asked,
    after: Key | None,
    last: Key | None,
    limit: int,
    today: date,
) -> tuple[InteractionView, ...]:
    """`last`: of what the database has, beyond which nobody looks."""
    view = archive.view(connection)
    if view is None:
        return ()
    since = last[0] if last is not None else asked.since
    until = _after(after[0]) if after is not None else asked.until
    parts = view.within(since, until)
    if not parts:
        return ()
    walk = None
    if view.paged(parts):
        walk = Walk(view, parts, asked.walk() if asked.walk else [TIME], after)
    rows = list(islice(_rows(view, walk, parts, asked, (asked.conditions(), after, limit)), limit))
    if not rows:
        return ()
    if walk is not None and not walk.harmed:
        return interaction_rows.of_rows(connection, rows, today, walk.stage)
    mine = view.within(rows[-1].started_at, _after(rows[0].started_at))
    return interaction_rows.of_rows(connection, rows, today, view.group(mine))


def _rows(
    view: ArchiveView,
    walk: Walk | None,
    parts: Sequence[Part],
    asked: Asked,
    wanted: tuple[Any, Key | None, int],
) -> Iterator[Row[Any]]:
    """The newest first. Looked at one by one as long as many of them are wanted; then by
    statements over the files, for what is few among many."""
    conditions, after, limit = wanted
    if walk is not None and not asked.in_files:
        found = 0
        while walk.looked <= (_FEW if asked.walk else found * _ONE_OF):
            first = walk.looked == 0 and not asked.walk
            ids = walk.next_lot(min(limit, _TRIED) if first else limit)
            if ids is None:
                break
            rows = _staged(walk, ids, conditions)
            found += len(rows)
            yield from seen(walk.stage, rows, asked.viewer)
            if walk.over:
                return
        parts, after = walk.left, walk.place
    yield from _by_statements(view, walk, parts, asked, (conditions, after, limit))


def _staged(walk: Walk, ids: Sequence[int], conditions: Any) -> Sequence[Row[Any]]:
    query = interaction_rows.newest_first().where(interactions.c.id.in_(ids), *conditions)
    return walk.stage.execute(query).all()


def _by_statements(
    view: ArchiveView,
    walk: Walk | None,
    parts: Sequence[Part],
    asked: Asked,
    wanted: tuple[Any, Key | None, int],
) -> Iterator[Row[Any]]:
    """Lot by lot, the newest months first, in groups that grow: most lists end in the first."""
    conditions, after, limit = wanted
    scoped = asked.viewer.user_ids("interaction", "read") is not None
    lot = _LOT if scoped else limit
    for group in groups(parts, len(parts) if asked.of_one else 1):
        place = after
        while True:
            rows = _of_files(view.group(group), walk, (conditions, place, lot))
            yield from seen(walk.stage if walk and not walk.harmed else view, rows, asked.viewer)
            if len(rows) < lot:
                break
            place = (rows[-1].started_at, rows[-1].id)


def _of_files(
    view: ArchiveView, walk: Walk | None, wanted: tuple[Any, Key | None, int]
) -> Sequence[Row[Any]]:
    """Where contacts are found one by one, the files say which ones alone."""
    conditions, place, lot = wanted
    moment = (interactions.c.started_at, interactions.c.id)
    further = [*conditions, tuple_(*moment) < place] if place is not None else conditions
    if walk is None or walk.harmed:
        query = interaction_rows.newest_first().where(*further).limit(lot)
        return view.execute(query).all()
    newest = select(interactions.c.id).order_by(*(one.desc() for one in moment))
    ids = list(view.scalars(newest.where(*further).limit(lot)))
    return _staged(walk, ids, ()) if walk.add(ids) else _of_files(view, walk, wanted)


def _after(moment: datetime) -> datetime:
    """An instant that is certainly later: months are told apart by it, nothing else."""
    return moment.replace(microsecond=999_999)


def groups(parts: Sequence[Part], size: int) -> Iterator[Sequence[Part]]:
    """The first ones alone: most of what is asked for is in them."""
    start = 0
    while start < len(parts):
        yield parts[start : start + size]
        start, size = start + size, size * 2


@archive.steadily
def contacts(
    connection: Connection, interaction_ids: Sequence[int], today: date
) -> dict[int, InteractionView]:
    """Contacts by their ids, wherever they are: what stands behind a report's number."""
    query = interaction_rows.newest_first().where(
        among(connection, interactions.c.id, interaction_ids)
    )
    found = {one.id: one for one in interaction_rows.views(connection, query, today)}
    missing = [one for one in interaction_ids if one not in found]
    view = archive.view(connection) if missing else None
    if view is not None and (parts := view.of(missing)):
        mine = view.staged(missing, parts) or view.group(parts)
        old = interaction_rows.newest_first().where(interactions.c.id.in_(missing))
        rows = mine.execute(old).all()
        found |= {one.id: one for one in interaction_rows.of_rows(connection, rows, today, mine)}
    return found
