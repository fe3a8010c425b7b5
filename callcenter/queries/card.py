"""The whole card of one customer, in a fixed number of indexed reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import archived, interaction_rows, people_details, trade
from callcenter.queries import organizations as organization_queries
from callcenter.queries.views import (
    CustomerCard,
    InteractionView,
    InvoiceView,
    OrderView,
    PhoneView,
    UserRef,
)
from callcenter.store import customer_rows, merged
from callcenter.store.owed import OPEN_MINOR, unpaid
from callcenter.store.tables import (
    customers,
    interactions,
    invoices,
    orders,
    phone_numbers,
    users,
)

_NEWEST = 10
_COLLEAGUES = 8
_SAME = (
    "given_name",
    "family_name",
    "position",
    "language",
    "city",
    "vip_level",
    "blocked",
    "block_reason",
    "confirmed",
    "remarks",
    "status",
    "segment",
    "time_zone",
    "preferences",
    "legal_hold",
    "created_at",
    "updated_at",
    "version",
)


def card(connection: Connection, customer_id: int, today: date) -> CustomerCard | None:
    """None if there is no such customer (any more)."""
    row = connection.execute(
        select(customers, users.c.display_name.label("owner_name"))
        .select_from(customers.outerjoin(users, users.c.id == customers.c.owner_id))
        .where(customers.c.id == customer_id, customers.c.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    others = _colleague_ids(connection, row)
    people = customer_rows.briefs(connection, [customer_id, *others], today)
    figures, classes = trade.worth(connection, customer_id)
    return CustomerCard(
        **{name: getattr(row, name) for name in _SAME},
        brief=people[customer_id],
        organization=(
            organization_queries.get(connection, row.organization_id)
            if row.organization_id is not None
            else None
        ),
        owner=UserRef(id=row.owner_id, display_name=row.owner_name) if row.owner_id else None,
        phones=_phones(connection, customer_id),
        contacts=people_details.contacts(connection, customer_id),
        addresses=people_details.addresses_of(connection, customer_id=customer_id),
        memberships=people_details.memberships_of(connection, customer_id),
        tags=people_details.tags_of(connection, customer_id),
        custom=people_details.custom(connection, "customer", customer_id),
        open_orders=_open_orders(connection, customer_id),
        unpaid_invoices=_unpaid(connection, customer_id, today),
        colleagues=_in_order(people, others),
        interactions=_newest(connection, customer_id, today),
        figures=figures,
        classes=classes,
    )


def _newest(connection: Connection, customer_id: int, today: date) -> tuple[InteractionView, ...]:
    live = interaction_rows.newest_first().where(interactions.c.customer_id == customer_id)

    def theirs() -> list[ColumnElement[bool]]:
        ids = [customer_id, *merged.absorbed(connection, customer_id)]
        return [interactions.c.customer_id.in_(ids)]

    walk = archived.of_customer(connection, customer_id)
    asked = archived.Asked(conditions=theirs, of_one=True, walk=walk)
    return archived.newest(connection, live, asked, None, _NEWEST, today)


def _in_order(people: dict[int, CustomerBrief], ids: list[int]) -> tuple[CustomerBrief, ...]:
    return tuple(people[one] for one in ids if one in people)


def _colleague_ids(connection: Connection, row: Row[Any]) -> list[int]:
    if row.organization_id is None:
        return []
    query = (
        select(customers.c.id)
        .where(
            customers.c.organization_id == row.organization_id,
            customers.c.id != row.id,
            customers.c.deleted_at.is_(None),
        )
        .order_by(customers.c.sort_name, customers.c.id)
        .limit(_COLLEAGUES)
    )
    return list(connection.scalars(query))


def _phones(connection: Connection, customer_id: int) -> tuple[PhoneView, ...]:
    columns = phone_numbers.c
    query = (
        select(
            columns.id,
            columns.e164,
            columns.extension,
            columns.kind,
            columns.is_primary,
            columns.raw,
            columns.invalid,
            columns.opted_out,
            columns.shared,
        )
        .where(columns.customer_id == customer_id)
        .order_by(columns.is_primary.desc(), columns.id)
    )
    return tuple(PhoneView(**row._mapping) for row in connection.execute(query))


def _open_orders(connection: Connection, customer_id: int) -> tuple[OrderView, ...]:
    columns = (c for c in orders.columns if c.name not in ("customer_id", "source"))
    query = (
        select(*columns)
        .where(orders.c.customer_id == customer_id, orders.c.status.in_(("open", "shipped")))
        .order_by(orders.c.placed_on.desc(), orders.c.id.desc())
    )
    return tuple(OrderView(**row._mapping) for row in connection.execute(query))


def _unpaid(connection: Connection, customer_id: int, today: date) -> tuple[InvoiceView, ...]:
    columns = invoices.c
    query = (
        select(
            columns.id,
            columns.number,
            OPEN_MINOR.label("amount_minor"),
            columns.currency,
            columns.due_on,
        )
        .where(columns.customer_id == customer_id, *unpaid())
        .order_by(columns.due_on, columns.id)
    )
    return tuple(
        InvoiceView(**row._mapping, overdue_days=max(0, (today - row.due_on).days))
        for row in connection.execute(query)
    )
