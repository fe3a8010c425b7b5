"""Conversations and their messages, meetings, and how far mailboxes were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from callcenter.channels.contact import Contact
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import Figures
from callcenter.channels.mail import MailPosition
from callcenter.channels.message import Message
from callcenter.channels.template import ReplyTemplate


class Conversations(Protocol):
    def add(self, conversation: Conversation, contact: Contact) -> Conversation:
        """With its interaction. Returned with the ids it got."""
        ...

    def get(self, conversation_id: int) -> Conversation | None: ...

    def of_interaction(self, interaction_id: int) -> Conversation | None: ...

    def save(self, after: Conversation, figures: Figures) -> Conversation:
        """Writes it, and its interaction with it. Conflict when somebody else was first."""
        ...

    def with_messages(self, external_ids: Sequence[str]) -> Conversation | None:
        """The one that holds the first of these messages that is known."""
        ...

    def of_thread(self, channel: str, thread_key: str) -> Conversation | None:
        """The newest of that thread."""
        ...

    def latest(self, channel: str, address: str, account: str) -> Conversation | None: ...

    def people_at(self, kind: str, value_key: str) -> tuple[int, ...]:
        """Customers who have this address, and of whom it is not marked as wrong."""
        ...

    def opted_out(self, kind: str, value_key: str) -> bool:
        """Somebody asked not to be written to there."""
        ...

    def consents(self, customer_id: int, channel: str) -> bool | None:
        """What a customer said last of being written to; None: nothing yet."""
        ...

    def offered_until(self, channel: str, before: datetime) -> tuple[Conversation, ...]:
        """Those offered before that moment, which nobody took."""
        ...

    def waiting(
        self, channel: str, queues: Iterable[str] | None = None
    ) -> tuple[Conversation, ...]:
        """Those that wait, the longest first."""
        ...

    def open_of(self, user_id: int, channel: str) -> int:
        """How many somebody has open."""
        ...


class Messages(Protocol):
    def add(self, message: Message) -> int | None:
        """Its id; None when a message of that `external_id` is there already."""
        ...

    def get(self, message_id: int) -> Message | None: ...

    def by_external(self, external_id: str) -> Message | None: ...

    def of(self, conversation_id: int, limit: int = 200) -> tuple[Message, ...]:
        """The newest of a conversation, in order."""
        ...

    def due(self, channel: str, now: datetime, limit: int) -> tuple[Message, ...]:
        """Those to be sent by now, the oldest first."""
        ...

    def update(self, message_id: int, values: Mapping[str, Any]) -> None: ...

    def claim(self, message_id: int, attempts: int, until: datetime) -> bool:
        """Takes a queued message for one try, so that no other process tries as well."""
        ...

    def attach(self, message_id: int, file_ids: Sequence[int]) -> None: ...

    def files_of(self, message_id: int) -> tuple[tuple[str, str, str], ...]:
        """(name, media type, stored as) of what is attached."""
        ...


class Mailboxes(Protocol):
    def position(self, account: str, folder: str) -> MailPosition | None: ...

    def move(self, position: MailPosition, at: datetime) -> None: ...

    def seen(self, account: str, folder: str, at: datetime) -> None: ...

    def set_aside(self, position: MailPosition, uid: int, error: str, at: datetime) -> None: ...


class Meetings(Protocol):
    def add(
        self,
        contact: Contact,
        figures: Figures,
        *,
        title: str,
        place: str,
        minutes: int,
        notes: str,
        user_id: int,
    ) -> int:
        """The id of its interaction."""
        ...


class ReplyTemplates(Protocol):
    def all(self, kind: str) -> tuple[ReplyTemplate, ...]: ...

    def get(self, template_id: int) -> ReplyTemplate | None: ...

    def add(self, template: ReplyTemplate) -> int: ...

    def update(self, template: ReplyTemplate) -> None: ...

    def delete(self, template_id: int) -> None: ...
