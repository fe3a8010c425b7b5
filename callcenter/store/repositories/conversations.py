"""Keeps conversations, each with its one interaction; finds the one a message belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, literal_column, select, update

from callcenter.channels.contact import Contact
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import Figures, figures_of
from callcenter.errors import Conflict
from callcenter.store import contact_rows
from callcenter.store.sets import among
from callcenter.store.tables import consents, contact_points, conversations, customers, messages
from callcenter.store.text import clipped, storable_json, text_limits

_LIMITS: Final = text_limits(conversations)
_NAMES: Final = tuple(field.name for field in fields(Conversation))
_COLUMNS: Final = tuple(conversations.c[name] for name in _NAMES)
WAITING: Final = conversations.c.state == literal_column("'waiting'")  # as the indexes have it
OFFERED: Final = conversations.c.state == literal_column("'offered'")
LIVE: Final = conversations.c.state != literal_column("'closed'")


class ConversationRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, conversation: Conversation, contact: Contact) -> Conversation:
        figures = figures_of(conversation, ours=contact.direction == "outbound")
        interaction_id = contact_rows.add(self._connection, contact, figures)
        row = _values(conversation) | {"interaction_id": interaction_id}
        added = self._connection.scalar(
            conversations.insert().values(row).returning(conversations.c.id)
        )
        return replace(conversation, id=int(added or 0), interaction_id=interaction_id)

    def get(self, conversation_id: int) -> Conversation | None:
        return self._one(conversations.c.id == conversation_id)

    def of_interaction(self, interaction_id: int) -> Conversation | None:
        return self._one(conversations.c.interaction_id == interaction_id)

    def save(self, after: Conversation, figures: Figures) -> Conversation:
        row = _values(after) | {"version": after.version + 1}
        changed = self._connection.execute(
            update(conversations)
            .where(conversations.c.id == after.id, conversations.c.version == after.version)
            .values(row)
        )
        if changed.rowcount == 0:
            raise Conflict("version", "somebody else changed this conversation; look again")
        contact_rows.change(
            self._connection,
            after.interaction_id,
            {
                **contact_rows.told(figures),
                "queue": after.queue,
                "operator_id": after.assigned_to,
                "subject": after.subject,
            },
        )
        return replace(after, version=after.version + 1)

    def with_messages(self, external_ids: Sequence[str]) -> Conversation | None:
        if not external_ids:
            return None
        query = select(messages.c.external_id, messages.c.conversation_id).where(
            among(self._connection, messages.c.external_id, list(external_ids))
        )
        known = {row[0]: row[1] for row in self._connection.execute(query)}
        first = next((known[one] for one in external_ids if one in known), None)
        return self.get(first) if first is not None else None

    def of_thread(self, channel: str, thread_key: str) -> Conversation | None:
        if not thread_key:
            return None
        theirs = conversations.c.thread_key == thread_key
        return self._newest(theirs & (conversations.c.channel == channel))

    def latest(self, channel: str, address: str, account: str) -> Conversation | None:
        columns = conversations.c
        theirs = (columns.channel == channel) & (columns.address == address)
        return self._newest(theirs & (columns.account == account))

    def people_at(self, kind: str, value_key: str) -> tuple[int, ...]:
        points = contact_points.c
        query = (
            select(points.customer_id)
            .join(customers, customers.c.id == points.customer_id)
            .where(
                points.kind == kind,
                points.value_key == value_key,
                points.invalid.is_(False),
                customers.c.deleted_at.is_(None),
            )
            .order_by(points.customer_id)
            .limit(50)
        )
        return tuple(dict.fromkeys(self._connection.scalars(query)))

    def opted_out(self, kind: str, value_key: str) -> bool:
        points = contact_points.c
        query = select(points.id).where(
            points.kind == kind, points.value_key == value_key, points.opted_out.is_(True)
        )
        return self._connection.scalar(query.limit(1)) is not None

    def consents(self, customer_id: int, channel: str) -> bool | None:
        query = (
            select(consents.c.given)
            .where(consents.c.customer_id == customer_id, consents.c.channel == channel)
            .order_by(consents.c.at.desc(), consents.c.id.desc())
            .limit(1)
        )
        given: bool | None = self._connection.scalar(query)
        return given

    def offered_until(self, channel: str, before: datetime) -> tuple[Conversation, ...]:
        columns = conversations.c
        return self._all(OFFERED, columns.channel == channel, columns.offered_at <= before)

    def waiting(
        self, channel: str, queues: Iterable[str] | None = None
    ) -> tuple[Conversation, ...]:
        conditions = [WAITING, conversations.c.channel == channel]
        if queues is not None:
            conditions.append(among(self._connection, conversations.c.queue, sorted(queues)))
        return self._all(*conditions)

    def open_of(self, user_id: int, channel: str) -> int:
        columns = conversations.c
        query = select(func.count()).where(
            LIVE, columns.assigned_to == user_id, columns.channel == channel
        )
        return int(self._connection.scalar(query) or 0)

    def _newest(self, condition: Any) -> Conversation | None:
        columns = conversations.c
        query = select(*_COLUMNS).where(condition)
        query = query.order_by(columns.last_message_at.desc(), columns.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return conversation_of(row) if row is not None else None

    def _one(self, condition: Any) -> Conversation | None:
        row = self._connection.execute(select(*_COLUMNS).where(condition)).one_or_none()
        return conversation_of(row) if row is not None else None

    def _all(self, *conditions: Any) -> tuple[Conversation, ...]:
        query = select(*_COLUMNS).where(*conditions)
        query = query.order_by(conversations.c.opened_at, conversations.c.id).limit(500)
        return tuple(conversation_of(row) for row in self._connection.execute(query))


def conversation_of(row: Row[Any]) -> Conversation:
    return Conversation(**{name: getattr(row, name) for name in _NAMES})


def _values(conversation: Conversation) -> dict[str, Any]:
    row = asdict(conversation)
    del row["id"], row["interaction_id"]
    row["visitor"] = storable_json(dict(conversation.visitor))
    return clipped(row, _LIMITS)
