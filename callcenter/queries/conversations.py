"""Conversations as lists show them, and what was written in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select, tuple_

from callcenter.channels.conversation import Conversation
from callcenter.channels.message import Message
from callcenter.customers.customer import CustomerBrief
from callcenter.queries import full_text
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import conversations_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import customer_rows
from callcenter.store.repositories.conversations import LIVE, WAITING, conversation_of
from callcenter.store.repositories.messages import message_of
from callcenter.store.sets import among
from callcenter.store.tables import attachments, conversations, files, messages, users
from callcenter.store.team_rows import teams

Scope = Literal["mine", "waiting", "all"]
_ASSIGNEES = users.alias("assignees")
_AUTHORS = users.alias("authors")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationView:
    conversation: Conversation
    customer: CustomerBrief | None
    assignee: UserRef | None

    @property
    def id(self) -> int:
        return self.conversation.id


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    message: Message
    author: UserRef | None
    files: tuple[AttachmentView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationFilters:
    """`mine`: those that `user_id` has open; `waiting`: those that wait for them. None asks
    nothing; `text`: words that were written in it."""

    user_id: int
    scope: Scope = "all"
    viewer: Viewer = EVERYTHING
    channel: str | None = None
    queue: str | None = None
    state: str | None = None
    assigned_to: int | None = None
    customer_id: int | None = None
    text: str | None = None


def page(
    connection: Connection,
    filters: ConversationFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
) -> Page[ConversationView]:
    """Those that wait by how long they have waited, others by what was written last."""
    limit, columns = bounded(limit), conversations.c
    waiting = filters.scope == "waiting"
    moment = columns.opened_at if waiting else columns.last_message_at
    query = _all().where(*_conditions(connection, filters)).limit(limit + 1)
    key = tuple_(moment, columns.id)
    if waiting:
        query = query.order_by(moment, columns.id)
    else:
        query = query.order_by(moment.desc(), columns.id.desc())
    if cursor:
        last = decode_cursor(cursor, datetime, int)
        query = query.where(key > last if waiting else key < last)
    found = _views(connection, query, today)
    if len(found) <= limit:
        return Page(found)
    last_one = found[limit - 1].conversation
    at = last_one.opened_at if waiting else last_one.last_message_at
    return Page(found[:limit], encode_cursor(at, last_one.id))


def get(
    connection: Connection,
    conversation_id: int,
    today: date | None = None,
    viewer: Viewer = EVERYTHING,
) -> ConversationView | None:
    query = _all().where(conversations.c.id == conversation_id, *conversations_seen_by(viewer))
    found = _views(connection, query, today)
    return found[0] if found else None


def id_of(connection: Connection, interaction_id: int) -> int | None:
    """The conversation that this contact is."""
    query = select(conversations.c.id).where(conversations.c.interaction_id == interaction_id)
    found: int | None = connection.scalar(query)
    return found


def written(
    connection: Connection, conversation_id: int, cursor: str | None = None, limit: int = 50
) -> Page[MessageView]:
    """The newest messages, in order of writing; the cursor leads to older ones."""
    limit, columns = bounded(limit), messages.c
    query = (
        select(messages, _AUTHORS.c.display_name.label("author_name"))
        .select_from(messages.outerjoin(_AUTHORS, _AUTHORS.c.id == columns.author_id))
        .where(columns.conversation_id == conversation_id)
        .order_by(columns.at.desc(), columns.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(tuple_(columns.at, columns.id) < decode_cursor(cursor, datetime, int))
    rows = connection.execute(query).all()
    attached = _attached(connection, [row.id for row in rows[:limit]])
    views = tuple(_message_view(row, attached.get(row.id, ())) for row in rows[:limit])
    more = encode_cursor(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None
    return Page(views[::-1], more)


def _message_view(row: Row[Any], attached: tuple[AttachmentView, ...]) -> MessageView:
    author = None
    if row.author_id is not None:
        author = UserRef(id=row.author_id, display_name=row.author_name or "")
    return MessageView(message=message_of(row), author=author, files=attached)


def _attached(
    connection: Connection, message_ids: Sequence[int]
) -> dict[int, tuple[AttachmentView, ...]]:
    if not message_ids:
        return {}
    query = (
        select(attachments.c.message_id, files)
        .join(files, files.c.id == attachments.c.file_id)
        .where(
            among(connection, attachments.c.message_id, message_ids), files.c.deleted_at.is_(None)
        )
        .order_by(files.c.id)
    )
    found: dict[int, tuple[AttachmentView, ...]] = {}
    for row in connection.execute(query):
        view = AttachmentView(id=row.id, name=row.name, media_type=row.media_type, size=row.size)
        found[row.message_id] = (*found.get(row.message_id, ()), view)
    return found


def _all() -> Select[Any]:
    source = conversations.outerjoin(_ASSIGNEES, _ASSIGNEES.c.id == conversations.c.assigned_to)
    return select(conversations, _ASSIGNEES.c.display_name.label("assignee_name")).select_from(
        source
    )


def _views(
    connection: Connection, query: Select[Any], today: date | None
) -> tuple[ConversationView, ...]:
    rows = connection.execute(query).all()
    ids = [row.customer_id for row in rows if row.customer_id is not None]
    people = customer_rows.briefs(connection, ids, today or datetime.now(UTC).date()) if ids else {}
    return tuple(
        ConversationView(
            conversation=conversation_of(row),
            customer=people.get(row.customer_id),
            assignee=UserRef(id=row.assigned_to, display_name=row.assignee_name)
            if row.assignee_name is not None
            else None,
        )
        for row in rows
    )


def _conditions(connection: Connection, filters: ConversationFilters) -> list[ColumnElement[bool]]:
    columns = conversations.c
    conditions: list[ColumnElement[bool]] = list(conversations_seen_by(filters.viewer))
    if filters.scope == "mine":
        conditions += [LIVE, columns.assigned_to == filters.user_id]
    elif filters.scope == "waiting":
        conditions += [WAITING, *_of_my_queues(connection, filters.user_id)]
    equal = (
        (columns.channel, filters.channel),
        (columns.queue, filters.queue),
        (columns.state, filters.state),
        (columns.assigned_to, filters.assigned_to),
        (columns.customer_id, filters.customer_id),
    )
    conditions += [column == value for column, value in equal if value is not None]
    if filters.text:
        conditions.append(_about(connection, filters.text))
    return conditions


def _of_my_queues(connection: Connection, user_id: int) -> list[ColumnElement[bool]]:
    """Those who lead see to all queues."""
    known = teams(connection)
    person = known.people.get(user_id)
    if person is None or person.leads:
        return []
    queue = conversations.c.queue
    return [or_(queue == "", among(connection, queue, sorted(known.queues_of(user_id))))]


def _about(connection: Connection, text: str) -> ColumnElement[bool]:
    """Words that were written, or an address."""
    address = conversations.c.address == text.strip().casefold()
    said = full_text.holds(connection, messages, text)
    if said is None:
        return address
    return or_(address, conversations.c.id.in_(select(messages.c.conversation_id).where(said)))
