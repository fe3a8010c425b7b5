"""Files taken in and given out, as lists and downloads show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from callcenter.imports.job import Export, Import, RowError
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.rights.viewer import Viewer
from callcenter.store.repositories.imports import HAS_FILE
from callcenter.store.tables import exports, import_errors, imports, users

_ERRORS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ListedImport:
    job: Import
    user: str


@dataclass(frozen=True, slots=True)
class ListedExport:
    job: Export
    user: str


def page(
    connection: Connection, viewer: Viewer, cursor: str | None, limit: int
) -> Page[ListedImport]:
    """The latest first."""
    rows = _page(connection, imports, viewer, cursor, limit)
    items = tuple(ListedImport(_import(row), row.by_ or "") for row in rows.items)
    return Page(items, rows.next_cursor)


def exports_page(
    connection: Connection, viewer: Viewer, cursor: str | None, limit: int
) -> Page[ListedExport]:
    rows = _page(connection, exports, viewer, cursor, limit)
    items = tuple(ListedExport(_export(row), row.by_ or "") for row in rows.items)
    return Page(items, rows.next_cursor)


def get(connection: Connection, viewer: Viewer, import_id: int) -> Import | None:
    """None as well for one that is none of this viewer's business."""
    row = connection.execute(select(imports).where(imports.c.id == import_id)).first()
    if row is None or not viewer.reaches("import", "read", (row.user_id,)):
        return None
    return Import(**row._mapping)


def get_export(connection: Connection, viewer: Viewer, export_id: int) -> Export | None:
    row = connection.execute(select(exports).where(exports.c.id == export_id)).first()
    if row is None or not viewer.reaches("export", "read", (row.user_id,)):
        return None
    return Export(**row._mapping)


def errors(
    connection: Connection, import_id: int, after: int = 0, limit: int = _ERRORS_AT_ONCE
) -> list[RowError]:
    table = import_errors.c
    query = (
        select(table.record, table.line, table.cells, table.problems)
        .where(table.import_id == import_id, table.record > after)
        .order_by(table.record)
        .limit(limit)
    )
    return [
        RowError(row.record, row.line, tuple(row.cells), tuple((a, b) for a, b in row.problems))
        for row in connection.execute(query)
    ]


def all_errors(connection: Connection, import_id: int) -> Iterator[RowError]:
    after = 0
    while found := errors(connection, import_id, after):
        yield from found
        after = found[-1].record


def import_waits(connection: Connection, stale: datetime) -> bool:
    return _waits(connection, imports, stale, imports.c.state == "queued")


def export_waits(connection: Connection, stale: datetime) -> bool:
    """One that was put back with its turn waits for a while, as the repository claims it."""
    free = or_(exports.c.turn == "", exports.c.updated_at < stale)
    return _waits(connection, exports, stale, (exports.c.state == "queued") & free)


def _waits(
    connection: Connection, table: Table, stale: datetime, queued: ColumnElement[bool]
) -> bool:
    left = (table.c.state == "running") & (table.c.updated_at < stale)
    return connection.scalar(select(table.c.id).where(or_(queued, left)).limit(1)) is not None


def export_files(connection: Connection) -> tuple[frozenset[str], frozenset[int]]:
    """The names of all files given out that are kept, and the ids of those being made. Those being
    made are asked for first: one that is done in between stands in both, not in neither."""
    making = select(exports.c.id).where(exports.c.state == "running")
    running = frozenset(connection.scalars(making))
    return frozenset(connection.scalars(select(exports.c.stored_as).where(HAS_FILE))), running


def _page(
    connection: Connection, table: Table, viewer: Viewer, cursor: str | None, limit: int
) -> Page:  # type: ignore[type-arg]
    size = bounded(limit)
    query = select(table, users.c.display_name.label("by_")).select_from(
        table.outerjoin(users, users.c.id == table.c.user_id)
    )
    ids = viewer.user_ids("import" if table is imports else "export", "read")
    if ids is not None:
        query = query.where(table.c.user_id.in_(sorted(ids)))
    if cursor:
        query = query.where(table.c.id < decode_cursor(cursor, int)[0])
    rows = connection.execute(query.order_by(table.c.id.desc()).limit(size + 1)).all()
    more = len(rows) > size
    return Page(tuple(rows[:size]), encode_cursor(rows[size - 1].id) if more else None)


def _import(row: object) -> Import:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    values.pop("by_")
    return Import(**values)


def _export(row: object) -> Export:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    values.pop("by_")
    return Export(**values)
