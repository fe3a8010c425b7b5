"""What a caller who proved who they are may hear of themselves: each answer by an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, literal_column, select

from callcenter.store.tables import customers, invoices, meetings, orders, users


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """In one currency; `due_on` is the earliest day."""

    currency: str
    minor: int
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LastOrder:
    number: str
    status: str
    placed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    at: datetime
    title: str
    user_id: int
    time_zone: str


def owed(connection: Connection, customer_id: int) -> tuple[Owed, ...]:
    """The most first."""
    table = invoices.c
    open_minor = func.sum(table.amount_minor - table.paid_minor)
    query = (
        select(table.currency, open_minor, func.min(table.due_on))
        .where(
            table.customer_id == customer_id,
            table.paid_on.is_(None),
            literal_column("NOT cancelled")
            if connection.dialect.name == "postgresql"
            else literal_column("cancelled = 0"),
        )
        .group_by(table.currency)
        .having(open_minor > 0)
        .order_by(open_minor.desc(), table.currency)
    )
    return tuple(
        Owed(currency=row[0], minor=int(row[1]), due_on=row[2]) for row in connection.execute(query)
    )


def last_order(connection: Connection, customer_id: int) -> LastOrder | None:
    query = (
        select(orders.c.number, orders.c.status, orders.c.placed_on)
        .where(orders.c.customer_id == customer_id)
        .order_by(orders.c.placed_on.desc(), orders.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return LastOrder(number=row.number, status=row.status, placed_on=row.placed_on)


def next_appointment(connection: Connection, customer_id: int, now: datetime) -> Appointment | None:
    """At the hours of the customer, or of whoever expects them where theirs are not known."""
    zone = func.coalesce(func.nullif(customers.c.time_zone, ""), users.c.time_zone)
    query = (
        select(meetings.c.at, meetings.c.title, meetings.c.user_id, zone.label("zone"))
        .join(users, users.c.id == meetings.c.user_id)
        .join(customers, customers.c.id == meetings.c.customer_id)
        .where(meetings.c.customer_id == customer_id, meetings.c.at >= now)
        .order_by(meetings.c.at)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Appointment(at=row.at, title=row.title, user_id=row.user_id, time_zone=row.zone)
