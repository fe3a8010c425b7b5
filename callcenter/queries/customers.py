"""Customers as screens ask for them. Every question is answered from an index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy import (
    Connection,
)

from callcenter.customers.customer import CustomerBrief, NumberOwners
from callcenter.customers.phone import NumberPlan
from callcenter.queries import finding
from callcenter.queries.card import card
from callcenter.queries.paging import bounded
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows

__all__ = [
    "CustomerBrief",
    "briefs_by_number",
    "briefs_by_numbers",
    "card",
    "search",
]


def briefs_by_number(connection: Connection, e164: str, today: date | None = None) -> NumberOwners:
    return briefs_by_numbers(connection, [e164], today).get(e164, NumberOwners())


def briefs_by_numbers(
    connection: Connection, e164s: Iterable[str], today: date | None = None
) -> dict[str, NumberOwners]:
    return customer_rows.briefs_by_numbers(connection, e164s, today or _today())


def search(  # noqa: PLR0917 (where, what, how many, when, for whom)
    connection: Connection,
    text: str,
    plan: NumberPlan,
    limit: int,
    today: date | None = None,
    viewer: Viewer = EVERYTHING,
) -> list[CustomerBrief]:
    """The best first (`queries.finding` says why each was found)."""
    found = finding.find(connection, text, plan, bounded(limit), today or _today(), viewer)
    return [one.customer for one in found]


def _today() -> date:
    return datetime.now(UTC).date()
