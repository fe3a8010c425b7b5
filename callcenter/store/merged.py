"""Where a card is that was joined with another, and what became part of a card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from callcenter.store.sets import among
from callcenter.store.tables import customers

_MOST_STEPS: Final = 50


def leads_to(connection: Connection, customer_id: int) -> int:
    """The card that this one's contacts are on now: itself unless it was joined with another."""
    for _ in range(_MOST_STEPS):
        query = select(customers.c.merged_into).where(customers.c.id == customer_id)
        further = connection.scalar(query)
        if further is None:
            break
        customer_id = int(further)
    return customer_id


def leading_to(connection: Connection, customer_ids: Iterable[int]) -> dict[int, int]:
    """The same for many, by a statement a step."""
    found = {one: one for one in customer_ids}
    some = set(found.values())
    for _ in range(_MOST_STEPS):
        query = select(customers.c.id, customers.c.merged_into).where(
            among(connection, customers.c.id, sorted(some)), customers.c.merged_into.is_not(None)
        )
        further = {row.id: int(row.merged_into) for row in connection.execute(query)}
        if not further:
            break
        found = {one: further.get(now, now) for one, now in found.items()}
        some = set(further.values())
    return found


def absorbed(connection: Connection, customer_id: int) -> list[int]:
    """The cards that became part of this one, those that were part of them as well."""
    found: list[int] = []
    some = [customer_id]
    while some:
        query = select(customers.c.id).where(customers.c.merged_into.in_(some))
        some = [one for one in connection.scalars(query) if one not in found]
        found += some
    return found
