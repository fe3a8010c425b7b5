"""Keeps how people are reached and where they belong: contact points, addresses, memberships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from callcenter.customers.contacts import AddressDraft, ContactDraft, contact_key
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import addresses, contact_points, memberships
from callcenter.store.text import clipped, text_limits

_POINT_LIMITS: Final = text_limits(contact_points)
_ADDRESS_LIMITS: Final = text_limits(addresses)
_POINT = tuple(
    contact_points.c[name]
    for name in ("kind", "value", "label", "is_primary", "invalid", "opted_out")
)


class ContactRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace_points(self, customer_id: int, points: Sequence[ContactDraft]) -> None:
        run = self._connection.execute
        run(delete(contact_points).where(contact_points.c.customer_id == customer_id))
        if points:
            run(contact_points.insert(), [point_row(customer_id, point) for point in points])

    def set_main_email(self, customer_id: int, value: str) -> None:
        table, run = contact_points.c, self._connection.execute
        mails = (table.customer_id == customer_id, table.kind == "email")
        wanted = contact_key("email", value)
        main = run(select(table.id, table.value_key).where(*mails, table.is_primary)).first()
        known = self._connection.scalar(select(table.id).where(*mails, table.value_key == wanted))
        if main is not None and main.value_key == wanted:
            run(update(contact_points).where(table.id == main.id).values(value=value))
            return
        if main is not None and known is not None:
            run(update(contact_points).where(table.id == main.id).values(is_primary=False))
        elif main is not None:  # replaced, as a field's value is
            run(delete(contact_points).where(table.id == main.id))
        if not wanted:
            heir = select(table.id).where(*mails).order_by(table.id).limit(1)
            known = self._connection.scalar(heir)
        if known is not None:
            run(update(contact_points).where(table.id == known).values(is_primary=True))
        elif wanted:
            point = ContactDraft(kind="email", value=value, is_primary=True)
            run(contact_points.insert().values(point_row(customer_id, point)))

    def points(self, customer_ids: Sequence[int]) -> dict[int, tuple[ContactDraft, ...]]:
        table = contact_points.c
        found: dict[int, tuple[ContactDraft, ...]] = {}
        for ids in chunks(customer_ids):
            query = (
                select(table.customer_id, *_POINT)
                .where(among(self._connection, table.customer_id, ids))
                .order_by(table.is_primary.desc(), table.id)
            )
            for row in self._connection.execute(query):
                values = dict(row._mapping)
                owner = values.pop("customer_id")
                found[owner] = (*found.get(owner, ()), ContactDraft(**values))
        return found

    def owners_of(self, kind: str, keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
        table = contact_points.c
        found: dict[str, tuple[int, ...]] = {}
        for part in chunks(sorted(set(filter(None, keys)))):
            query = (
                select(table.value_key, table.customer_id)
                .where(table.kind == kind, among(self._connection, table.value_key, part))
                .order_by(table.customer_id)
            )
            for key, customer_id in self._connection.execute(query):
                found[key] = (*found.get(key, ()), customer_id)
        return found

    def replace_addresses(
        self,
        drafts: Sequence[AddressDraft],
        *,
        customer_id: int | None = None,
        organization_id: int | None = None,
    ) -> None:
        run = self._connection.execute
        owner = {"customer_id": customer_id, "organization_id": organization_id}
        theirs = (
            addresses.c.customer_id == customer_id
            if customer_id is not None
            else addresses.c.organization_id == organization_id
        )
        run(delete(addresses).where(theirs))
        rows = [clipped({**owner, **asdict(draft)}, _ADDRESS_LIMITS) for draft in drafts]
        if rows:
            run(addresses.insert(), rows)

    def replace_memberships(self, customer_id: int, roles: Mapping[int, str], at: datetime) -> None:
        """Who stays a member stays one since when they became it."""
        table, run = memberships.c, self._connection.execute
        query = select(table.organization_id, table.created_at).where(
            table.customer_id == customer_id
        )
        since = {row[0]: row[1] for row in run(query)}
        run(delete(memberships).where(table.customer_id == customer_id))
        rows = [
            {
                "customer_id": customer_id,
                "organization_id": organization_id,
                "role": role[:80],
                "created_at": since.get(organization_id, at),
            }
            for organization_id, role in roles.items()
        ]
        if rows:
            run(memberships.insert(), rows)


def point_row(customer_id: int, point: ContactDraft) -> dict[str, Any]:
    row = {"customer_id": customer_id, "value_key": point.key, **asdict(point)}
    return clipped(row, _POINT_LIMITS)
