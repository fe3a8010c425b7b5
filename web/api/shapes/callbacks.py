"""Call-backs that callers asked for, and messages they left, as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text
from web.api.shapes.customers import CustomerBrief
from web.api.shapes.people import UserRef

CallbackState = Literal["waiting", "offered", "calling", "done", "failed", "expired", "cancelled"]
Note = Annotated[Text, StringConstraints(max_length=255)]
Queue = Annotated[Text, StringConstraints(max_length=80)]


class Callback(AnswerModel):
    """A caller who asked to be called back instead of waiting."""

    id: int
    number: str = Field(description="E.164.")
    customers: list[CustomerBrief] = Field(description="Whoever has the number now.")
    queue: str
    place_at: datetime = Field(description="Since when they wait: the place that they keep.")
    not_before: datetime
    next_at: datetime = Field(description="Not offered to anybody before that.")
    expires_at: datetime
    state: CallbackState
    attempts: int = Field(description="How often they were called and not reached.")
    last_result: str
    note: str
    assigned: UserRef | None = Field(description="Nobody: whoever of the queue is ready.")
    offered: UserRef | None = Field(description="Whose phone rings, or who is calling.")
    interaction_id: int | None = Field(description="The contact it was asked for in.")
    created_at: datetime
    closed_at: datetime | None
    closed_by: UserRef | None = Field(validation_alias="closer")
    closed_interaction_id: int | None


class CallbackPage(AnswerModel):
    items: list[Callback]
    next_cursor: str | None = None


class CallbackQuery(PageQuery):
    state: Literal["open", "closed"] = "open"
    queue: Queue | None = None


class CallbackPatch(RequestModel):
    """Only what is named changes. `state` takes it off the list; cancelled says why in `note`."""

    assigned_to: Id | None = None
    state: Literal["done", "cancelled"] | None = None
    note: Note = ""


class CallbackPath(RequestModel):
    callback_id: Id


class Voicemail(AnswerModel):
    """A message that a caller left for a queue."""

    id: int
    number: str
    customers: list[CustomerBrief]
    queue: str
    seconds: float = Field(description="0 while nobody has looked at the sound yet.")
    state: Literal["new", "taken", "done"]
    set_aside: Literal["", "short", "silent"] = Field(description="Why nobody need hear it.")
    assigned: UserRef | None
    interaction_id: int | None
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    done_by: UserRef | None = Field(validation_alias="done")
    result: str


class VoicemailPage(AnswerModel):
    items: list[Voicemail]
    next_cursor: str | None = None


class VoicemailQuery(PageQuery):
    state: Literal["open", "done", "aside"] = "open"
    queue: Queue | None = None


class VoicemailPatch(RequestModel):
    """Only what is named changes; `open` opens one again that was done."""

    assigned_to: Id | None = None
    state: Literal["done", "open"] | None = None
    result: Note = ""


class VoicemailPath(RequestModel):
    voicemail_id: Id
