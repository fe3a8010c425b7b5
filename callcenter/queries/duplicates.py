"""Cards that may be one person's: the list to be worked off, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from callcenter.customers.customer import CustomerBrief
from callcenter.duplicates.joining import chosen_by_itself, questions
from callcenter.duplicates.pair import PairState, Search
from callcenter.history.seen import document_seen, writes_whole
from callcenter.queries.history import Names, named, points_at, sensitive_fields
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.rights.viewer import Viewer
from callcenter.store import customer_rows, documents
from callcenter.store.merged import leads_to
from callcenter.store.tables import (
    customers,
    duplicate_pairs,
    duplicate_searches,
    interactions,
    merges,
)
from callcenter.store.visibility import customers_seen_by

__all__ = ["comparison", "latest_merge", "leads_to", "merges_of", "of_customer", "page", "search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    a: CustomerBrief
    b: CustomerBrief
    score: int
    reasons: tuple[str, ...]
    state: PairState
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChoice:
    """A field in which two cards differ. `chosen` is what becomes of it by itself; `closed` when
    the viewer does not see it whole, so that it is not theirs to choose."""

    name: str
    a: Any
    b: Any
    chosen: str
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    a: CustomerBrief
    b: CustomerBrief
    fields: tuple[FieldChoice, ...]
    contacts: Mapping[int, int]
    names: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    id: int
    survivor_id: int
    loser_id: int
    loser_name: str
    at: datetime
    user_id: int | None


def page(
    connection: Connection,
    viewer: Viewer,
    state: PairState,
    *,
    cursor: str | None,
    limit: int,
    today: date,
) -> Page[PairView]:
    """The likeliest first; only pairs of which the viewer sees both."""
    limit = bounded(limit)
    table = duplicate_pairs.c
    query = _pairs(viewer).where(table.state == state)
    if cursor:
        score, a_id, b_id = decode_cursor(cursor, int, int, int)
        query = query.where(
            or_(
                table.score < score,
                and_(table.score == score, table.a_id < a_id),
                and_(table.score == score, table.a_id == a_id, table.b_id < b_id),
            )
        )
    query = query.order_by(table.score.desc(), table.a_id.desc(), table.b_id.desc())
    rows = connection.execute(query.limit(limit + 1)).all()
    views = _views(connection, rows[:limit], today)
    last = rows[limit - 1] if len(rows) > limit else None
    more = encode_cursor(last.score, last.a_id, last.b_id) if last is not None else None
    return Page(views, more)


def of_customer(
    connection: Connection, viewer: Viewer, customer_id: int, today: date, limit: int = 5
) -> tuple[PairView, ...]:
    """Who else this card may be, and nobody has decided."""
    table = duplicate_pairs.c
    query = (
        _pairs(viewer)
        .where(table.state == "open", or_(table.a_id == customer_id, table.b_id == customer_id))
        .order_by(table.score.desc(), table.a_id, table.b_id)
    )
    return _views(connection, connection.execute(query.limit(limit)).all(), today)


def _pairs(viewer: Viewer) -> Any:
    one, other = customers.alias("one"), customers.alias("other")
    table = duplicate_pairs.c
    return (
        select(duplicate_pairs)
        .join(one, one.c.id == table.a_id)
        .join(other, other.c.id == table.b_id)
        .where(
            one.c.deleted_at.is_(None),
            other.c.deleted_at.is_(None),
            *customers_seen_by(viewer, table=one),
            *customers_seen_by(viewer, table=other),
        )
    )


def _views(connection: Connection, rows: Any, today: date) -> tuple[PairView, ...]:
    ids = [one for row in rows for one in (row.a_id, row.b_id)]
    people = customer_rows.briefs(connection, ids, today)
    return tuple(
        PairView(
            a=people[row.a_id],
            b=people[row.b_id],
            score=row.score,
            reasons=tuple(row.reasons),
            state=row.state,
            found_at=row.found_at,
        )
        for row in rows
        if row.a_id in people and row.b_id in people
    )


def comparison(
    connection: Connection, viewer: Viewer, a_id: int, b_id: int, today: date
) -> Comparison | None:
    """Both cards, field by field where they differ; `a` is the one that would stay."""
    people = customer_rows.briefs(connection, [a_id, b_id], today)
    if len(people) < 2:
        return None
    found = documents.read(connection, "customer", [str(a_id), str(b_id)])
    mine, theirs = found[str(a_id)], found[str(b_id)]
    secret = sensitive_fields(connection).get("customer", frozenset())
    shown, others = (document_seen(viewer, "customer", one, secret) for one in (mine, theirs))
    fields = tuple(
        FieldChoice(
            name=name,
            a=shown.get(name),
            b=others.get(name),
            chosen=chosen_by_itself(name, mine.get(name), theirs.get(name)),
            closed=not (writes_whole(viewer, "customer", name, secret)),
        )
        for name in questions(mine, theirs)
        if name in shown or name in others
    )
    wanted = {
        (points_at(one.name), value)
        for one in fields
        for value in (one.a, one.b)
        if points_at(one.name) and isinstance(value, int)
    } | {
        ("organization", item["organization_id"])
        for one in (mine, theirs)
        for item in one.get("memberships", ())
    }
    return Comparison(
        a=people[a_id],
        b=people[b_id],
        fields=fields,
        contacts=_contacts(connection, a_id, b_id),
        names=named(connection, wanted),
    )


def _contacts(connection: Connection, *ids: int) -> dict[int, int]:
    query = (
        select(interactions.c.customer_id, func.count())
        .where(interactions.c.customer_id.in_(ids))
        .group_by(interactions.c.customer_id)
    )
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    return {one: found.get(one, 0) for one in ids}


def merges_of(connection: Connection, customer_id: int) -> tuple[MergeView, ...]:
    """What became part of this card and can be taken out of it again."""
    query = (
        select(merges, customers.c.display_name)
        .join(customers, customers.c.id == merges.c.loser_id)
        .where(merges.c.survivor_id == customer_id, merges.c.undone_at.is_(None))
        .order_by(merges.c.id.desc())
    )
    return tuple(
        MergeView(
            id=row.id,
            survivor_id=row.survivor_id,
            loser_id=row.loser_id,
            loser_name=row.display_name,
            at=row.at,
            user_id=row.user_id,
        )
        for row in connection.execute(query)
    )


def latest_merge(connection: Connection, survivor_id: int, loser_id: int) -> MergeView | None:
    found = (one for one in merges_of(connection, survivor_id) if one.loser_id == loser_id)
    return next(found, None)


def search(connection: Connection) -> Search | None:
    row = connection.execute(select(duplicate_searches)).first()
    if row is None:
        return None
    values = dict(row._mapping)
    del values["id"]
    return Search(**values)
