"""Deals: one, and lists of them, the latest written first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select

from callcenter.queries.outcome_views import DealView
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import deals_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.tables import deals, users

_SAME = (
    "id",
    "title",
    "stage",
    "amount_minor",
    "currency",
    "state",
    "next_step",
    "next_step_on",
    "loss_reason",
    "created_at",
    "updated_at",
    "version",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFilters:
    """None asks nothing."""

    customer_id: int | None = None
    owner_id: int | None = None
    state: str | None = None
    stage: str | None = None


def get(connection: Connection, deal_id: int, today: date) -> DealView | None:
    found = _views(connection, _newest_first().where(deals.c.id == deal_id), today)
    return found[0] if found else None


def page(
    connection: Connection,
    filters: DealFilters,
    cursor: str | None,
    limit: int,
    today: date,
    *,
    viewer: Viewer = EVERYTHING,
) -> Page[DealView]:
    limit = bounded(limit)
    equal = (
        (deals.c.customer_id, filters.customer_id),
        (deals.c.owner_id, filters.owner_id),
        (deals.c.state, filters.state),
        (deals.c.stage, filters.stage),
    )
    query = _newest_first().where(
        *(column == value for column, value in equal if value is not None),
        *deals_seen_by(viewer),
    )
    if cursor:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(deals.c.id < last_id)
    found = _views(connection, query.limit(limit + 1), today)
    if len(found) <= limit:
        return Page(found)
    return Page(found[:limit], encode_cursor(found[limit - 1].id))


def _newest_first() -> Select[Any]:
    return (
        select(deals, users.c.display_name.label("owner_name"))
        .select_from(deals.outerjoin(users, users.c.id == deals.c.owner_id))
        .order_by(deals.c.id.desc())
    )


def _views(connection: Connection, query: Select[Any], today: date) -> tuple[DealView, ...]:
    rows = connection.execute(query).all()
    people = customer_rows.briefs(connection, [row.customer_id for row in rows], today)
    return tuple(
        DealView(
            **{name: getattr(row, name) for name in _SAME},
            customer=people.get(row.customer_id),
            owner=UserRef(id=row.owner_id, display_name=row.owner_name) if row.owner_id else None,
        )
        for row in rows
    )
