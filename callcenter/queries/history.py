"""Who changed what and when, of one record or of all, and who looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, Select, Table, and_, or_, select

from callcenter.history.batch import Batch
from callcenter.history.seen import fields_seen, thing_of
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.rights.viewer import Viewer
from callcenter.store import documents, record_kinds
from callcenter.store.sets import among
from callcenter.store.tables import (
    audit_log,
    batches,
    changes,
    customers,
    interactions,
    metadata,
    organizations,
    users,
)
from callcenter.store.tables.about import custom_fields
from callcenter.store.visibility import reaches, seen_records

_MOST_READ: Final = 2_000
_MOST_CONTACTS: Final = 300
_OWNED: Final = frozenset({"customer", "organization", "deal", "task"})
Names = Mapping[tuple[str, str], str]
"""(kind of record, id) → what people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change. `fields` is field → [before, after] as this viewer may see it."""

    id: int
    at: datetime
    user_id: int | None
    actor: str
    object_type: str
    object_id: str
    action: str
    fields: Mapping[str, Sequence[Any]]
    batch_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looked at what not everybody sees, or heard a recording."""

    at: datetime
    user_id: int | None
    action: str
    object_type: str
    object_id: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilters:
    field: str = ""
    user_id: int | None = None
    action: str = ""
    object_type: str = ""
    since: datetime | None = None


_NO_FILTERS: Final = HistoryFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    entries: Page[Entry]
    names: Names = field(default_factory=dict)


def known(object_type: str) -> bool:
    return record_kinds.known(object_type)


def may_read(connection: Connection, viewer: Viewer, object_type: str, object_id: str) -> bool:
    """Whether the record is in this viewer's reach. Whether it still exists is no question."""
    thing = thing_of(object_type)
    if not (viewer.may("history", "read") and viewer.may(thing, "read")):
        return False
    if object_type not in _OWNED:
        return True
    return object_id.isdecimal() and reaches(connection, viewer, thing, "read", int(object_id))


def document(connection: Connection, object_type: str, object_id: str) -> Mapping[str, Any] | None:
    """What the record says now; None when it is there no more."""
    return documents.read(connection, object_type, [object_id]).get(object_id)


def of_record(
    connection: Connection,
    viewer: Viewer,
    object_type: str,
    object_id: str,
    *,
    filters: HistoryFilters = _NO_FILTERS,
    cursor: str | None = None,
    limit: int = 50,
) -> HistoryPage:
    """The latest change first."""
    query = select(changes).where(
        changes.c.object_type == object_type, changes.c.object_id == object_id
    )
    return _page(connection, viewer, query, filters=filters, cursor=cursor, limit=limit)


def recent(
    connection: Connection,
    viewer: Viewer,
    *,
    filters: HistoryFilters = _NO_FILTERS,
    cursor: str | None = None,
    limit: int = 50,
) -> HistoryPage:
    """Of all records that the viewer may see, the latest change first."""
    return _page(connection, viewer, select(changes), filters=filters, cursor=cursor, limit=limit)


def _page(
    connection: Connection,
    viewer: Viewer,
    query: Select[Any],
    *,
    filters: HistoryFilters,
    cursor: str | None,
    limit: int,
) -> HistoryPage:
    limit = bounded(limit)
    below = decode_cursor(cursor, int)[0] if cursor else None
    found: list[Entry] = []
    sensitive = sensitive_fields(connection)
    read = 0
    while len(found) <= limit and read < _MOST_READ:
        rows = _rows(connection, query, filters, below, limit + 1)
        read += len(rows)
        found += _entries(connection, viewer, rows, filters, sensitive)
        below = rows[-1].id if rows else None
        if len(rows) <= limit:
            below = None
            break
    entries = tuple(found[:limit])
    last = entries[-1].id if len(found) > limit else below
    page = Page(entries, encode_cursor(last) if last is not None else None)
    return HistoryPage(entries=page, names=names_of(connection, entries))


def _rows(
    connection: Connection,
    query: Select[Any],
    filters: HistoryFilters,
    below: int | None,
    limit: int,
) -> Sequence[Row[Any]]:
    table = changes.c
    if below is not None:
        query = query.where(table.id < below)
    if filters.user_id is not None:
        query = query.where(table.user_id == filters.user_id)
    if filters.action:
        query = query.where(table.action == filters.action)
    if filters.object_type:
        query = query.where(table.object_type == filters.object_type)
    if filters.since is not None:
        query = query.where(table.at >= filters.since)
    return connection.execute(query.order_by(table.id.desc()).limit(limit)).all()


def _entries(
    connection: Connection,
    viewer: Viewer,
    rows: Sequence[Row[Any]],
    filters: HistoryFilters,
    sensitive: Mapping[str, frozenset[str]],
) -> list[Entry]:
    seen = {
        kind: seen_records(
            connection,
            viewer,
            thing_of(kind),
            {int(row.object_id) for row in rows if row.object_type == kind},
        )
        for kind in _OWNED
    }
    found = []
    for row in rows:
        if row.object_type in seen and int(row.object_id) not in seen[row.object_type]:
            continue
        if filters.field and filters.field not in row.fields:
            continue
        if not viewer.may(thing_of(row.object_type), "read"):
            continue
        values = dict(row._mapping)
        secret = sensitive.get(row.object_type, frozenset())
        values["fields"] = fields_seen(viewer, row.object_type, row.fields, secret)
        found.append(Entry(**values))
    return found


def sensitive_fields(connection: Connection) -> dict[str, frozenset[str]]:
    """Kind of record → the keys of its custom fields that not everybody sees."""
    query = select(custom_fields.c.object, custom_fields.c.key).where(custom_fields.c.sensitive)
    found: dict[str, set[str]] = {}
    for object_type, key in connection.execute(query):
        found.setdefault(object_type, set()).add(key)
    return {object_type: frozenset(keys) for object_type, keys in found.items()}


# --- what people call it --------------------------------------------------------------------------

_NAMED: Final[Mapping[str, tuple[Table, Column[Any]]]] = {
    "user": (users, users.c.display_name),
    "organization": (organizations, organizations.c.name),
    "customer": (customers, customers.c.display_name),
}
_POINTS: Final[Mapping[str, str]] = {
    "owner_id": "user",
    "assignee_id": "user",
    "created_by": "user",
    "done_by": "user",
    "user_id": "user",
    "organization_id": "organization",
    "customer_id": "customer",
    "merged_into": "customer",
}


def points_at(name: str) -> str:
    """The kind of record that a field of this name holds the id of; '' for none."""
    return _POINTS.get(name, "")


def names_of(connection: Connection, entries: Iterable[Entry]) -> Names:
    wanted: set[tuple[str, int]] = set()
    for entry in entries:
        if entry.user_id is not None:
            wanted.add(("user", entry.user_id))
        if entry.object_id.isdecimal():
            wanted.add((entry.object_type, int(entry.object_id)))
        for name, pair in entry.fields.items():
            wanted |= {key for value in pair for key in _ids_in(name, value)}
    return named(connection, wanted)


def named(connection: Connection, wanted: Iterable[tuple[str, int]]) -> Names:
    wanted = set(wanted)
    found: dict[tuple[str, str], str] = {}
    for kind in {kind for kind, _ in wanted}:
        ids = sorted(one for this, one in wanted if this == kind)
        key, name = _name_columns(kind)
        if key is not None and name is not None:
            query = select(key, name).where(among(connection, key, ids))
            found |= {(kind, str(row[0])): str(row[1]) for row in connection.execute(query)}
    return found


def _name_columns(kind: str) -> tuple[Any, Any]:
    if kind in _NAMED:
        table, name = _NAMED[kind]
        return table.c.id, name
    if not record_kinds.known(kind):
        return None, None
    key = record_kinds.KINDS[kind].key
    table = metadata.tables[record_kinds.KINDS[kind].table]
    names = ("title", "name", "label", "number")
    found = [table.c[one] for one in names if one in table.c]
    return (key, found[0]) if found and key.type.python_type is int else (None, None)


def _ids_in(name: str, value: Any) -> list[tuple[str, int]]:
    kind = points_at(name)
    if kind and isinstance(value, int):
        return [(kind, value)]
    if not isinstance(value, list):
        return []
    return [
        (points_at(one), inner)
        for item in value
        if isinstance(item, Mapping)
        for one, inner in item.items()
        if points_at(one) and isinstance(inner, int)
    ]


# --- who looked -----------------------------------------------------------------------------------


def looks(connection: Connection, customer_id: int, limit: int = 50) -> list[Look]:
    """Who saw a hidden value of this card or heard one of its latest recordings."""
    latest = (
        select(interactions.c.id)
        .where(interactions.c.customer_id == customer_id)
        .order_by(interactions.c.started_at.desc(), interactions.c.id.desc())
        .limit(_MOST_CONTACTS)
    )
    contacts = [str(one) for one in connection.scalars(latest)]
    table = audit_log.c
    query = (
        select(audit_log)
        .where(
            or_(
                and_(
                    table.object_type == "customer",
                    table.object_id == str(customer_id),
                    table.action.like("%reveal%"),
                ),
                and_(
                    table.object_type == "recording",
                    among(connection, table.object_id, contacts),
                ),
            )
        )
        .order_by(table.id.desc())
        .limit(limit)
    )
    return [
        Look(
            at=row.at,
            user_id=row.user_id,
            action=row.action,
            object_type=row.object_type,
            object_id=row.object_id,
            detail=row.detail,
        )
        for row in connection.execute(query)
    ]


# --- what was done at once ------------------------------------------------------------------------


def batch_page(
    connection: Connection, user_id: int | None, cursor: str | None, limit: int
) -> Page[Batch]:
    """The latest first; of one user, or everybody's."""
    limit = bounded(limit)
    query = select(batches).order_by(batches.c.id.desc()).limit(limit + 1)
    if user_id is not None:
        query = query.where(batches.c.user_id == user_id)
    if cursor:
        query = query.where(batches.c.id < decode_cursor(cursor, int)[0])
    found = [Batch(**row._mapping) for row in connection.execute(query)]
    more = encode_cursor(found[limit - 1].id) if len(found) > limit else None
    return Page(tuple(found[:limit]), more)


def batch(connection: Connection, batch_id: int) -> Batch | None:
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).first()
    return Batch(**row._mapping) if row is not None else None
