"""Conversations and their messages as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasPath, Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text
from web.api.shapes.customers import CustomerBrief
from web.api.shapes.people import UserRef

Channel = Literal["email", "sms", "chat"]
State = Literal["waiting", "offered", "open", "closed"]
Queue = Annotated[Text, StringConstraints(max_length=80)]
Body = Annotated[Text, StringConstraints(min_length=1, max_length=100_000)]
Subject = Annotated[Text, StringConstraints(max_length=200)]
Address = Annotated[Text, StringConstraints(min_length=1, max_length=160)]


def _of(name: str, description: str = "") -> Any:
    return Field(validation_alias=AliasPath("conversation", name), description=description or None)


def _in(name: str, description: str = "") -> Any:
    return Field(validation_alias=AliasPath("message", name), description=description or None)


class Conversation(AnswerModel):
    """What was written to and fro about one thing; each is exactly one interaction."""

    id: int
    version: int = _of("version", "Also the ETag.")
    channel: Channel = _of("channel")
    interaction_id: int = _of("interaction_id")
    customer: CustomerBrief | None
    address: str = _of("address", "Who writes: a mail address or E.164.")
    account: str = _of("account", "Where they wrote to.")
    subject: str = _of("subject")
    queue: str = _of("queue")
    state: State = _of("state")
    assignee: UserRef | None
    opened_at: datetime = _of("opened_at")
    first_reply_at: datetime | None = _of("first_reply_at")
    last_message_at: datetime = _of("last_message_at")
    closed_at: datetime | None = _of("closed_at")
    closed_how: str = _of("closed_how", "operator, spam, visitor or timeout.")
    unread: int = _of("unread", "What came in since one of ours read or wrote here.")
    last_text: str = _of("last_text")


class ConversationPage(AnswerModel):
    items: list[Conversation]
    next_cursor: str | None = None


class Attachment(AnswerModel):
    id: int
    name: str
    media_type: str
    size: int


class Message(AnswerModel):
    id: int = _in("id")
    conversation_id: int = _in("conversation_id")
    direction: Literal["in", "out", "note", "system"] = _in("direction")
    author: UserRef | None = Field(description="Who of ours wrote it.")
    sender: str = _in("sender")
    recipients: dict[str, list[str]] = _in("recipients", "`to` and `cc`.")
    subject: str = _in("subject")
    text: str = _in("text")
    at: datetime = _in("at")
    state: Literal["received", "queued", "sent", "failed"] = _in("state")
    error: str = _in("error")
    delivered_at: datetime | None = _in("delivered_at")
    files: list[Attachment]


class MessagePage(AnswerModel):
    items: list[Message]
    next_cursor: str | None = Field(default=None, description="Leads to older ones.")


class ConversationNew(RequestModel):
    """We write first. Advertising (`marketing`) needs the customer's consent."""

    channel: Literal["email", "sms"]
    address: Address
    text: Body
    subject: Subject = ""
    customer_id: Id | None = None
    queue: Queue = ""
    purpose: Literal["service", "marketing"] = "service"


class MessageNew(RequestModel):
    """An answer, or a note among ourselves."""

    kind: Literal["reply", "note"] = "reply"
    text: Body
    subject: Subject = ""
    cc: list[Address] = Field(default_factory=list, max_length=20)
    purpose: Literal["service", "marketing"] = "service"


class ConversationPatch(RequestModel):
    """One step: `open` takes it, `closed` ends it, `spam` ends it as such; or it is handed to a
    colleague or a queue."""

    state: Literal["open", "closed", "spam"] | None = None
    assigned_to: Id | None = None
    queue: Annotated[Text, StringConstraints(min_length=1, max_length=80)] | None = None


class ConversationQuery(PageQuery):
    scope: Literal["mine", "waiting", "all"] = "all"
    channel: Channel | None = None
    queue: Queue | None = None
    state: State | None = None
    assigned_to: Id | None = None
    customer_id: Id | None = None
    text: Annotated[Text, StringConstraints(max_length=200)] | None = Field(
        default=None, description="Beginnings of words that were written, or an address."
    )


class ConversationPath(RequestModel):
    conversation_id: Id
