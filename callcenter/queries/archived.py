"""Contacts of the database and of the archive's months as one list, so that whoever asks need not
know which is where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_

from callcenter.ports.archive import Part
from callcenter.queries import interaction_rows
from callcenter.queries.views import InteractionView
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive
from callcenter.store.archive import ArchiveView
from callcenter.store.archive_seen import seen
from callcenter.store.sets import among
from callcenter.store.tables import interactions

_LOT: Final = 200
Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted of the archive. `conditions` are over its `interactions`, and are made only
    where there is an archive; `of_one`: few rows in each of many months, so all are asked at once.
    """

    conditions: Callable[[], Sequence[ColumnElement[bool]]]
    viewer: Viewer = EVERYTHING
    since: datetime | None = None
    until: datetime | None = None
    of_one: bool = False


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

    return archive.steady(connection, read)  # type: ignore[no-any-return]


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
    found: list[Row[Any]] = []
    for row in _rows(view, asked, after, since, limit):
        found.append(row)
        if len(found) == limit:
            break
    if not found:
        return ()
    mine = view.group(view.within(found[-1].started_at, _after(found[0].started_at)))
    return interaction_rows.of_rows(connection, found, today, mine)


def _rows(
    view: ArchiveView, asked: Asked, after: Key | None, since: datetime | None, limit: int
) -> Iterator[Row[Any]]:
    """Lot by lot, the newest months first, in groups that grow: most lists end in the first."""
    until = _after(after[0]) if after is not None else asked.until
    parts, conditions = view.within(since, until), asked.conditions()
    scoped = asked.viewer.user_ids("interaction", "read") is not None
    lot = _LOT if scoped else limit
    for group in _groups(parts, len(parts) if asked.of_one else 1):
        place = after
        while True:
            query = interaction_rows.newest_first().where(*conditions).limit(lot)
            if place is not None:
                key = tuple_(interactions.c.started_at, interactions.c.id)
                query = query.where(key < place)
            rows = view.execute(query, group).all()
            yield from seen(view, rows, asked.viewer)
            if len(rows) < lot:
                break
            place = (rows[-1].started_at, rows[-1].id)


def _after(moment: datetime) -> datetime:
    """An instant that is certainly later: months are told apart by it, nothing else."""
    return moment.replace(microsecond=999_999)


def _groups(parts: Sequence[Part], size: int) -> Iterator[Sequence[Part]]:
    start = 0
    while start < len(parts):
        yield parts[start : start + size]
        start, size = start + size, size * 2


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
        mine = view.group(parts)
        old = interaction_rows.newest_first().where(interactions.c.id.in_(missing))
        rows = mine.execute(old).all()
        found |= {one.id: one for one in interaction_rows.of_rows(connection, rows, today, mine)}
    return found
