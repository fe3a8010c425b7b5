"""Messages that callers left for a queue, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from callcenter.customers.customer import CustomerBrief
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import voicemails_seen_by
from callcenter.queries.work_of import is_work_of
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.callback_counts import OPEN_VOICEMAIL
from callcenter.store.sets import among
from callcenter.store.tables import users, voicemails

_ASSIGNED = users.alias("assigned")
_DONE = users.alias("finisher")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailView:
    id: int
    number: str
    customers: tuple[CustomerBrief, ...]
    queue: str
    pbx: str
    file: str
    seconds: float
    interaction_id: int | None
    created_at: datetime
    state: str
    set_aside: str
    due_at: datetime
    done_at: datetime | None
    result: str
    assigned: UserRef | None
    done: UserRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailFilters:
    """`state`: open, done, or aside (too short, or silent). `of_user` as with call-backs."""

    state: str = "open"
    queue: str | None = None
    of_user: int | None = None
    viewer: Viewer = EVERYTHING


def page(
    connection: Connection,
    filters: VoicemailFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
) -> Page[VoicemailView]:
    """What is to be heard by when it is due; the rest the newest first."""
    limit, row = bounded(limit), voicemails.c
    query = _narrowed(connection, filters).limit(limit + 1)
    order = row.done_at if filters.state == "done" else row.due_at
    if filters.state == "done":
        query = query.order_by(order.desc(), row.id.desc())
        if cursor:
            query = query.where(tuple_(order, row.id) < decode_cursor(cursor, datetime, int))
    else:
        query = query.order_by(order, row.id)
        if cursor:
            query = query.where(tuple_(order, row.id) > decode_cursor(cursor, datetime, int))
    found = _views(connection, query, today)
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1]
    moment = last.done_at if filters.state == "done" and last.done_at else last.due_at
    return Page(found[:limit], encode_cursor(moment, last.id))


def get(
    connection: Connection,
    voicemail_id: int,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> VoicemailView | None:
    query = _all().where(voicemails.c.id == voicemail_id, *voicemails_seen_by(viewer, "read"))
    found = _views(connection, query, today)
    return found[0] if found else None


def of_interactions(
    connection: Connection, ids: list[int], viewer: Viewer
) -> dict[int, VoicemailView]:
    """Interaction → the message that was left in it, of those the viewer may hear."""
    query = _all().where(
        among(connection, voicemails.c.interaction_id, ids), *voicemails_seen_by(viewer, "read")
    )
    found = _views(connection, query, None) if ids else ()
    return {one.interaction_id: one for one in found if one.interaction_id is not None}


def _narrowed(connection: Connection, filters: VoicemailFilters) -> Select[Any]:
    row = voicemails.c
    query = _all().where(*voicemails_seen_by(filters.viewer, "read"))
    if filters.state == "done":
        query = query.where(row.done_at.is_not(None))
    elif filters.state == "aside":
        query = query.where(row.done_at.is_(None), row.set_aside != "")
    else:
        query = query.where(OPEN_VOICEMAIL)
    if filters.queue is not None:
        query = query.where(row.queue == filters.queue)
    if filters.of_user is not None:
        user_id = filters.of_user
        mine = is_work_of(connection, user_id, assigned_to=row.assigned_to, queue=row.queue)
        query = query.where(mine)
    return query


def _all() -> Select[Any]:
    row = voicemails.c
    return select(
        voicemails,
        _ASSIGNED.c.display_name.label("assigned_name"),
        _DONE.c.display_name.label("done_name"),
    ).select_from(
        voicemails.outerjoin(_ASSIGNED, _ASSIGNED.c.id == row.assigned_to).outerjoin(
            _DONE, _DONE.c.id == row.done_by
        )
    )


def _views(
    connection: Connection, query: Select[Any], today: date | None
) -> tuple[VoicemailView, ...]:
    rows = connection.execute(query).all()
    numbers = {row.number for row in rows if row.number}
    day = today or datetime.now(UTC).date()
    people = customer_rows.briefs_by_numbers(connection, numbers, day) if numbers else {}
    return tuple(_view(row, people.get(row.number, ())) for row in rows)


def _view(row: Row[Any], people: tuple[CustomerBrief, ...]) -> VoicemailView:
    return VoicemailView(
        id=row.id,
        number=row.number,
        customers=people,
        queue=row.queue,
        pbx=row.pbx,
        file=row.file,
        seconds=row.seconds,
        interaction_id=row.interaction_id,
        created_at=row.created_at,
        state=row.state,
        set_aside=row.set_aside,
        due_at=row.due_at,
        done_at=row.done_at,
        result=row.result,
        assigned=_ref(row.assigned_to, row.assigned_name),
        done=_ref(row.done_by, row.done_name),
    )


def _ref(user_id: int | None, name: str | None) -> UserRef | None:
    return UserRef(id=user_id, display_name=name or "") if user_id is not None else None
