"""Segments as people see them: their own and those shared with them; filters read with the fields
that there are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from callcenter.customers.customer import CustomerBrief
from callcenter.errors import Invalid
from callcenter.queries import fields as field_queries
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.segment_parts import Context
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import customers_seen_by
from callcenter.rights.viewer import Viewer
from callcenter.segments.fields import Catalogue, Field, Kind, catalogue
from callcenter.segments.tree import EVERYBODY, Group, parse
from callcenter.store import customer_rows
from callcenter.store.sets import among
from callcenter.store.tables import (
    batches,
    customers,
    segment_members,
    segments,
    user_settings,
    users,
)

_OWN_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "link": "text",
    "choice": "choice",
    "number": "number",
    "money": "money",
    "date": "date",
}
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView:
    id: int
    name: str
    filter: Mapping[str, Any]
    frozen: bool
    shared: bool
    owner: UserRef
    columns: tuple[str, ...]
    members: int | None
    created_at: datetime
    updated_at: datetime
    version: int


def fields_for(connection: Connection, viewer: Viewer) -> Catalogue:
    """What this viewer may ask: fields that they may not see would tell their values by asking."""
    own = [
        Field(
            f"custom:{one.key}",
            _OWN_KINDS[one.kind],
            "own",
            tuple(choice.key for choice in one.choices) if one.kind == "choice" else (),
        )
        for one in field_queries.defs(connection, "customer")
        if viewer.sees_own("customer", one.key, sensitive=one.sensitive)
    ]
    known, amounts = catalogue(own), viewer.sees("account", "amounts")
    return {
        key: field
        for key, field in known.items()
        if (not field.right or viewer.sees("customer", field.right))
        and (field.area != "money" or (viewer.may("account", "read") and amounts))
    }


def context_for(
    connection: Connection, viewer: Viewer, group: Group, now: datetime, today: date
) -> Context:
    own = {one.key: (one.id, one.kind) for one in field_queries.defs(connection, "customer")}
    return Context(
        connection=connection,
        now=now,
        today=today,
        user_id=viewer.user_id,
        own=own,
        live=_live(connection, viewer, group),
    )


def _live(connection: Connection, viewer: Viewer, group: Group) -> dict[int, Group]:
    """The filters of live segments that the filter speaks of, and of those that they speak of."""
    found: dict[int, Group] = {}
    waiting = list(_named(group))
    for _ in range(_DEEPEST):
        wanted = [one for one in waiting if one not in found]
        if not wanted:
            break
        query = _visible(viewer).where(among(connection, segments.c.id, wanted), ~segments.c.frozen)
        waiting = []
        for row in connection.execute(query):
            found[row.id] = read_filter(connection, viewer, row.filter)
            waiting += _named(found[row.id])
    return found


def _named(group: Group) -> Iterable[int]:
    for one in group.conditions():
        if one.field == "in_segment":
            yield from one.value


def read_filter(connection: Connection, viewer: Viewer, told: object) -> Group:
    """What was saved, as far as it can still be asked by this viewer. Invalid where it cannot."""
    return parse(told, fields_for(connection, viewer)) if told else EVERYBODY


def all_for(connection: Connection, viewer: Viewer) -> tuple[SegmentView, ...]:
    query = _visible(viewer).order_by(func.lower(segments.c.name), segments.c.id).limit(500)
    return tuple(_view(row) for row in connection.execute(query))


def page(
    connection: Connection, viewer: Viewer, cursor: str | None, limit: int
) -> Page[SegmentView]:
    limit = bounded(limit)
    query = _visible(viewer).order_by(segments.c.id).limit(limit + 1)
    if cursor:
        query = query.where(segments.c.id > decode_cursor(cursor, int)[0])
    rows = connection.execute(query).all()
    more = len(rows) > limit
    return Page(
        tuple(_view(row) for row in rows[:limit]),
        encode_cursor(rows[limit - 1].id) if more else None,
    )


def get(connection: Connection, segment_id: int, viewer: Viewer) -> SegmentView | None:
    """None where there is none, or it is not theirs to see."""
    row = connection.execute(_visible(viewer).where(segments.c.id == segment_id)).one_or_none()
    return _view(row) if row is not None else None


def filter_of(connection: Connection, viewer: Viewer, segment: SegmentView) -> Group:
    """Who is in it: of a frozen one its members, of a live one whoever its filter holds for."""
    if segment.frozen:
        members = {"all": [{"field": "in_segment", "op": "in", "value": [segment.id]}]}
        return parse(members, catalogue())
    return read_filter(connection, viewer, segment.filter)


def members(
    connection: Connection,
    segment_id: int,
    viewer: Viewer,
    today: date,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CustomerBrief]:
    """Of a frozen segment, by id."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    limit = bounded(limit)
    query = (
        select(customers.c.id)
        .join(segment_members, segment_members.c.customer_id == customers.c.id)
        .where(
            segment_members.c.segment_id == segment_id,
            customers.c.id > after,
            customers.c.deleted_at.is_(None),
            *customers_seen_by(viewer),
        )
        .order_by(customers.c.id)
        .limit(limit + 1)
    )
    ids = list(connection.scalars(query))
    people = customer_rows.briefs(connection, ids[:limit], today)
    return Page(
        tuple(people[one] for one in ids[:limit] if one in people),
        encode_cursor(ids[limit - 1]) if len(ids) > limit else None,
    )


def setting(connection: Connection, user_id: int, key: str) -> Any:
    """What a user chose for themselves; None where they did not."""
    query = select(user_settings.c.value).where(
        user_settings.c.user_id == user_id, user_settings.c.key == key
    )
    return connection.scalar(query)


def has_bulk_work(connection: Connection) -> bool:
    """Whether a bulk action is under way; there are few batches that are."""
    waiting = select(batches.c.id).where(batches.c.state == "running", batches.c.kind == "bulk")
    return connection.scalar(waiting.limit(1)) is not None


def _visible(viewer: Viewer) -> Select[Any]:
    """One's own, and those shared with everybody."""
    query = select(segments, users.c.display_name.label("owner_name")).join(
        users, users.c.id == segments.c.owner_id
    )
    if viewer.scope("segment", "read") == "none":
        return query.where(segments.c.id < 0)
    if viewer.user_id == 0:  # the product itself
        return query
    return query.where(or_(segments.c.shared, segments.c.owner_id == viewer.user_id))


def _view(row: Row[Any]) -> SegmentView:
    return SegmentView(
        id=row.id,
        name=row.name,
        filter=row.filter,
        frozen=row.frozen,
        shared=row.shared,
        owner=UserRef(id=row.owner_id, display_name=row.owner_name),
        columns=tuple(row.columns),
        members=row.members,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def broken(connection: Connection, viewer: Viewer, segment: SegmentView) -> str:
    """Why a saved filter cannot be asked any more (a field was put away); empty when it can."""
    try:
        read_filter(connection, viewer, segment.filter)
    except Invalid as error:
        return str(error)
    return ""
