"""The worklist of calls in vain as pages show it, and what was tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import interaction_rows
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import InteractionView, UserRef
from callcenter.queries.visibility import interactions_seen_by, missed_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.tables import interactions, missed_calls, users
from callcenter.store.task_rows import MISSED
from callcenter.store.team_rows import teams

_CLAIMER = users.alias("claimers")
_CLOSER = users.alias("closers")
_REFS = ("claimed_by", "closed_by", "claimer", "closer", "customer_id")
_MOST_TRIED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedView:
    """`customers`: whoever has the number now; nobody, one, or several who share it."""

    id: int
    number: str
    customers: tuple[CustomerBrief, ...]
    queue: str
    first_at: datetime
    last_at: datetime
    times: int
    interaction_id: int | None
    due_at: datetime
    claimed_at: datetime | None
    claimer: UserRef | None
    attempts: int
    last_attempt_at: datetime | None
    closed_at: datetime | None
    closed_how: str
    closer: UserRef | None
    closed_interaction_id: int | None
    closed_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedFilters:
    """`of_user`: the calls of this person's queues and of none; None asks for all."""

    closed: bool = False
    queue: str | None = None
    of_user: int | None = None
    viewer: Viewer = EVERYTHING


def page(
    connection: Connection,
    filters: MissedFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
) -> Page[MissedView]:
    """What waits by when it is due; what is closed the newest first."""
    limit = bounded(limit)
    query = _narrowed(connection, filters).limit(limit + 1)
    table = missed_calls.c
    if filters.closed:
        query = query.order_by(table.closed_at.desc(), table.id.desc())
        if cursor:
            query = query.where(
                tuple_(table.closed_at, table.id) < decode_cursor(cursor, datetime, int)
            )
    else:
        query = query.order_by(table.due_at, table.id)
        if cursor:
            query = query.where(
                tuple_(table.due_at, table.id) > decode_cursor(cursor, datetime, int)
            )
    found = _views(connection, query, today)
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1]
    moment = last.closed_at if filters.closed and last.closed_at is not None else last.due_at
    return Page(found[:limit], encode_cursor(moment, last.id))


def get(
    connection: Connection,
    missed_id: int,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> MissedView | None:
    query = _all().where(missed_calls.c.id == missed_id, *missed_seen_by(viewer))
    found = _views(connection, query, today)
    return found[0] if found else None


def history(
    connection: Connection,
    row: MissedView,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> tuple[InteractionView, ...]:
    """Every call from and to the number since it first called in vain, the newest first."""
    query = (
        interaction_rows.newest_first()
        .where(
            interactions.c.number == row.number,
            interactions.c.ended_at >= row.first_at,
            *interactions_seen_by(viewer),
        )
        .limit(_MOST_TRIED)
    )
    return interaction_rows.views(connection, query, today or datetime.now(UTC).date())


def _narrowed(connection: Connection, filters: MissedFilters) -> Select[Any]:
    query = _all().where(missed_calls.c.closed_at.is_not(None) if filters.closed else MISSED)
    query = query.where(*missed_seen_by(filters.viewer))
    if filters.queue is not None:
        query = query.where(missed_calls.c.queue == filters.queue)
    if filters.of_user is not None:
        known = teams(connection)
        foreign = [queue for queue in known.skills if filters.of_user not in known.of_queue(queue)]
        query = query.where(missed_calls.c.queue.not_in(sorted(foreign)))
    return query


def _all() -> Select[Any]:
    return select(
        missed_calls,
        _CLAIMER.c.display_name.label("claimer"),
        _CLOSER.c.display_name.label("closer"),
    ).select_from(
        missed_calls.outerjoin(_CLAIMER, _CLAIMER.c.id == missed_calls.c.claimed_by).outerjoin(
            _CLOSER, _CLOSER.c.id == missed_calls.c.closed_by
        )
    )


def _views(
    connection: Connection, query: Select[Any], today: date | None
) -> tuple[MissedView, ...]:
    rows = connection.execute(query).all()
    numbers = {row.number for row in rows}
    day = today or datetime.now(UTC).date()
    people = customer_rows.briefs_by_numbers(connection, numbers, day) if numbers else {}
    return tuple(_view(row, people) for row in rows)


def _view(row: Row[Any], people: Mapping[str, tuple[CustomerBrief, ...]]) -> MissedView:
    values = {name: value for name, value in row._mapping.items() if name not in _REFS}
    return MissedView(
        **values,
        customers=people.get(row.number, ()),
        claimer=_ref(row.claimed_by, row.claimer),
        closer=_ref(row.closed_by, row.closer),
    )


def _ref(user_id: int | None, name: str | None) -> UserRef | None:
    return UserRef(id=user_id, display_name=name or "") if user_id is not None else None
