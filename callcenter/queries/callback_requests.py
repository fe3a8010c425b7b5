"""Call-backs that callers asked for, as pages and the worker see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, exists, or_, select, tuple_

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import pbx
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import callbacks_seen_by
from callcenter.queries.work_of import is_work_of
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.callback_counts import OPEN_CALLBACK
from callcenter.store.tables import callback_requests, users, voicemails

_SEEN: Final = timedelta(seconds=60)
_CAUGHT_UP: Final = timedelta(seconds=30)
"""By then the PBX has told of its channels, and its ledger of what has ended meanwhile."""
_ASSIGNED = users.alias("assigned")
_OFFERED = users.alias("offered")
_CLOSED = users.alias("closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView:
    """`customers`: whoever has the number now; nobody, one, or several who share it."""

    id: int
    number: str
    customers: tuple[CustomerBrief, ...]
    queue: str
    place_at: datetime
    not_before: datetime
    expires_at: datetime
    state: str
    attempts: int
    next_at: datetime
    last_result: str
    note: str
    interaction_id: int | None
    created_at: datetime
    closed_at: datetime | None
    closed_interaction_id: int | None
    assigned: UserRef | None
    offered: UserRef | None
    closer: UserRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFilters:
    """`of_user`: those of this person's queues and those assigned to them; None asks for all."""

    closed: bool = False
    queue: str | None = None
    of_user: int | None = None
    viewer: Viewer = EVERYTHING


def is_due(connection: Connection, now: datetime) -> bool:
    row = callback_requests.c
    due = or_(row.next_at <= now, row.expires_at <= now)
    return connection.scalar(select(row.id).where(OPEN_CALLBACK, due).limit(1)) is not None


def hears(connection: Connection, now: datetime) -> bool:
    """Whether calls are told of, and have been for long enough that what was going on before is
    known; without any PBX nothing is to be heard.
    """
    found = pbx.links(connection)
    up = (one for one in found if one.state == "up" and now - one.seen_at < _SEEN)
    return not found or any(now - one.since >= _CAUGHT_UP for one in up)


def is_unmeasured(connection: Connection) -> bool:
    row = voicemails.c
    query = select(row.id).where(row.done_at.is_(None), row.seconds == 0).limit(1)
    return connection.scalar(query) is not None


def queues_with_requests(connection: Connection) -> list[str]:
    query = select(callback_requests.c.queue).where(OPEN_CALLBACK).distinct()
    return sorted(connection.scalars(query))


def is_promised(connection: Connection, number: str) -> bool:
    return bool(
        connection.scalar(
            select(exists().where(OPEN_CALLBACK, callback_requests.c.number == number))
        )
    )


def page(
    connection: Connection,
    filters: CallbackFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
) -> Page[CallbackView]:
    """What waits by its place; what is closed the newest first."""
    limit, row = bounded(limit), callback_requests.c
    query = _narrowed(connection, filters).limit(limit + 1)
    if filters.closed:
        query = query.order_by(row.closed_at.desc(), row.id.desc())
        if cursor:
            place = decode_cursor(cursor, datetime, int)
            query = query.where(tuple_(row.closed_at, row.id) < place)
    else:
        query = query.order_by(row.place_at, row.id)
        if cursor:
            place = decode_cursor(cursor, datetime, int)
            query = query.where(tuple_(row.place_at, row.id) > place)
    found = _views(connection, query, today)
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1]
    moment = last.closed_at if filters.closed and last.closed_at is not None else last.place_at
    return Page(found[:limit], encode_cursor(moment, last.id))


def get(
    connection: Connection,
    request_id: int,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> CallbackView | None:
    seen = callbacks_seen_by(viewer, "read")
    found = _views(connection, _all().where(callback_requests.c.id == request_id, *seen), today)
    return found[0] if found else None


def _narrowed(connection: Connection, filters: CallbackFilters) -> Select[Any]:
    row = callback_requests.c
    query = _all().where(row.closed_at.is_not(None) if filters.closed else OPEN_CALLBACK)
    query = query.where(*callbacks_seen_by(filters.viewer, "read"))
    if filters.queue is not None:
        query = query.where(row.queue == filters.queue)
    if filters.of_user is not None:
        user_id = filters.of_user
        mine = is_work_of(connection, user_id, assigned_to=row.assigned_to, queue=row.queue)
        query = query.where(mine)
    return query


def _all() -> Select[Any]:
    row = callback_requests.c
    return select(
        callback_requests,
        _ASSIGNED.c.display_name.label("assigned_name"),
        _OFFERED.c.display_name.label("offered_name"),
        _CLOSED.c.display_name.label("closed_name"),
    ).select_from(
        callback_requests.outerjoin(_ASSIGNED, _ASSIGNED.c.id == row.assigned_to)
        .outerjoin(_OFFERED, _OFFERED.c.id == row.offered_to)
        .outerjoin(_CLOSED, _CLOSED.c.id == row.closed_by)
    )


def _views(
    connection: Connection, query: Select[Any], today: date | None
) -> tuple[CallbackView, ...]:
    rows = connection.execute(query).all()
    numbers = {row.number for row in rows}
    day = today or datetime.now(UTC).date()
    people = customer_rows.briefs_by_numbers(connection, numbers, day) if numbers else {}
    return tuple(_view(row, people.get(row.number, ())) for row in rows)


def _view(row: Row[Any], people: tuple[CustomerBrief, ...]) -> CallbackView:
    return CallbackView(
        id=row.id,
        number=row.number,
        customers=people,
        queue=row.queue,
        place_at=row.place_at,
        not_before=row.not_before,
        expires_at=row.expires_at,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at,
        last_result=row.last_result,
        note=row.note,
        interaction_id=row.interaction_id,
        created_at=row.created_at,
        closed_at=row.closed_at,
        closed_interaction_id=row.closed_interaction_id,
        assigned=_ref(row.assigned_to, row.assigned_name),
        offered=_ref(row.offered_to, row.offered_name),
        closer=_ref(row.closed_by, row.closed_name),
    )


def _ref(user_id: int | None, name: str | None) -> UserRef | None:
    return UserRef(id=user_id, display_name=name or "") if user_id is not None else None
