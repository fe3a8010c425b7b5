"""What the chosen columns of a list show of each customer: one statement for each kind of column
that was chosen, however many customers there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from callcenter.queries import fields as field_queries
from callcenter.rights.viewer import Viewer
from callcenter.segments.columns import COLUMNS
from callcenter.store.sets import among
from callcenter.store.tables import (
    contact_points,
    customer_figures,
    customer_tags,
    customers,
    tags,
    users,
)

Cells = dict[int, dict[str, Any]]
_OWN: Final = ("status", "segment", "language", "created_at", "updated_at")
_FIGURES: Final[Mapping[str, str]] = {
    "lifetime": "lifetime_minor",
    "overdue": "overdue_minor",
    "abc": "abc",
    "orders": "orders",
    "last_order_on": "last_order_on",
    "last_talk_at": "last_talk_at",
    "last_contact_at": "last_contact_at",
}
_MONEY: Final = frozenset({"lifetime", "overdue", "abc", "orders", "last_order_on"})


def offered(connection: Connection, viewer: Viewer) -> tuple[str, ...]:
    """The columns that this viewer may have."""
    own = [
        f"custom:{one.key}"
        for one in field_queries.defs(connection, "customer")
        if viewer.sees_own("customer", one.key, sensitive=one.sensitive)
    ]
    hidden: set[str] = set()
    if not (viewer.may("account", "read") and viewer.sees("account", "amounts")):
        hidden |= _MONEY
    for column, right in (("email", "emails"), ("phone", "phones"), ("owner", "owner_id")):
        if not viewer.sees("customer", right):
            hidden.add(column)
    hidden.discard("phone")  # it is masked, not left out
    return (*(one for one in COLUMNS if one not in hidden), *own)


def cells(connection: Connection, ids: Collection[int], columns: Collection[str]) -> Cells:
    found: Cells = {one: {} for one in ids}
    if not found:
        return found
    wanted = set(columns)
    for needed, read in _READERS:
        if needed & wanted:
            read(connection, found)
    if any(column.startswith("custom:") for column in wanted):
        for one, values in field_queries.values(connection, "customer", list(found)).items():
            found[one] |= {f"custom:{key}": value for key, value in values.items()}
    return found


def _own(connection: Connection, found: Cells) -> None:
    query = (
        select(
            customers.c.id,
            *(customers.c[name] for name in _OWN),
            users.c.display_name.label("owner"),
        )
        .select_from(customers.outerjoin(users, users.c.id == customers.c.owner_id))
        .where(among(connection, customers.c.id, found))
    )
    for row in connection.execute(query):
        found[row.id] |= {name: getattr(row, name) for name in (*_OWN, "owner")}


def _figures(connection: Connection, found: Cells) -> None:
    columns = customer_figures.c
    query = select(customer_figures).where(among(connection, columns.customer_id, found))
    for row in connection.execute(query):
        values = {name: getattr(row, column) for name, column in _FIGURES.items()}
        currencies = {"currency": row.currency, "overdue_currency": row.overdue_currency}
        found[row.customer_id] |= values | currencies


def _mails(connection: Connection, found: Cells) -> None:
    columns = contact_points.c
    query = (
        select(columns.customer_id, columns.value)
        .where(among(connection, columns.customer_id, found), columns.kind == "email")
        .order_by(columns.is_primary, columns.id.desc())
    )
    for customer_id, value in connection.execute(query):
        found[customer_id]["email"] = value  # the main one comes last


def _tags(connection: Connection, found: Cells) -> None:
    query = (
        select(customer_tags.c.customer_id, tags.c.name)
        .join(tags, tags.c.id == customer_tags.c.tag_id)
        .where(among(connection, customer_tags.c.customer_id, found))
        .order_by(tags.c.tag_key)
    )
    for customer_id, name in connection.execute(query):
        found[customer_id].setdefault("tags", []).append(name)


_READERS: Final[tuple[tuple[set[str], Callable[[Connection, Cells], None]], ...]] = (
    ({*_OWN, "owner"}, _own),
    (set(_FIGURES), _figures),
    ({"email"}, _mails),
    ({"tags"}, _tags),
)
