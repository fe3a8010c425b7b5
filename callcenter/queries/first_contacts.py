"""Cards that nobody has confirmed yet, the newest first, each with its last contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from callcenter.customers.customer import CustomerBrief
from callcenter.customers.phone import NumberPlan
from callcenter.queries import customers as customer_queries
from callcenter.queries import visibility
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.rights.viewer import Viewer
from callcenter.store import customer_rows
from callcenter.store.sets import among
from callcenter.store.tables import customers, interactions, users

_MAY_BE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContact:
    customer: CustomerBrief
    created_at: datetime
    interaction_id: int | None
    """The last contact, and who had it."""
    operator: UserRef | None


def page(
    connection: Connection, cursor: str | None, limit: int, today: date, viewer: Viewer
) -> Page[FirstContact]:
    limit = bounded(limit)
    query = (
        select(customers.c.id, customers.c.created_at)
        .where(
            ~customers.c.confirmed,
            customers.c.deleted_at.is_(None),
            *visibility.customers_seen_by(viewer),
        )
        .order_by(customers.c.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(customers.c.id < decode_cursor(cursor, int)[0])
    rows = connection.execute(query).all()
    ids = [row.id for row in rows[:limit]]
    people = customer_rows.briefs(connection, ids, today)
    last = _last_contacts(connection, ids)
    return Page(
        tuple(
            FirstContact(
                customer=people[row.id],
                created_at=row.created_at,
                interaction_id=last.get(row.id, (None, None))[0],
                operator=last.get(row.id, (None, None))[1],
            )
            for row in rows[:limit]
            if row.id in people
        ),
        encode_cursor(rows[limit - 1].id) if len(rows) > limit else None,
    )


def count(connection: Connection, viewer: Viewer) -> int:
    query = select(func.count(customers.c.id)).where(
        ~customers.c.confirmed,
        customers.c.deleted_at.is_(None),
        *visibility.customers_seen_by(viewer),
    )
    return int(connection.scalar(query) or 0)


def may_be(
    connection: Connection, text: str, customer_id: int, today: date, viewer: Viewer
) -> list[CustomerBrief]:
    """Confirmed cards that a new one may belong to, as somebody types their name or number."""
    if not text:
        return []
    found = customer_queries.search(connection, text, NumberPlan(), _MAY_BE + 1, today, viewer)
    return [one for one in found if one.id != customer_id and one.confirmed][:_MAY_BE]


def _last_contacts(
    connection: Connection, ids: list[int]
) -> dict[int, tuple[int | None, UserRef | None]]:
    if not ids:
        return {}
    newest = (
        select(func.max(interactions.c.id))
        .where(among(connection, interactions.c.customer_id, ids))
        .group_by(interactions.c.customer_id)
    )
    query = (
        select(
            interactions.c.id,
            interactions.c.customer_id,
            interactions.c.operator_id,
            users.c.display_name,
        )
        .select_from(interactions.outerjoin(users, users.c.id == interactions.c.operator_id))
        .where(interactions.c.id.in_(newest))
    )
    return {
        row.customer_id: (
            row.id,
            UserRef(id=row.operator_id, display_name=row.display_name)
            if row.display_name
            else None,
        )
        for row in connection.execute(query)
    }
