"""Webhooks and their deliveries as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, RequestModel, Text

State = Literal["pending", "done", "failed"]
Title = Annotated[Text, StringConstraints(max_length=120)]
Url = Annotated[Text, StringConstraints(min_length=8, max_length=2000)]
Event = Annotated[Text, StringConstraints(min_length=1, max_length=40)]


class Webhook(AnswerModel):
    """An address that is told of events."""

    id: int
    title: str
    url: str
    events: list[str]
    active: bool
    created_at: datetime
    failing_since: datetime | None = Field(description="Nothing has arrived there since.")
    disabled_why: str = Field(description="`gone` or `silent`: the product switched it off.")


class NewWebhook(Webhook):
    """`secret` is shown this once."""

    secret: str = Field(description="Signs what is sent, as Standard Webhooks says.")


class WebhookPage(AnswerModel):
    items: list[Webhook]
    next_cursor: str | None = None


class WebhookNew(RequestModel):
    url: Url
    events: list[Event] = Field(
        min_length=1, max_length=50, description="Such as `call.ended`, or `customer.*`."
    )
    title: Title = ""


class WebhookPatch(RequestModel):
    """Only what is named changes."""

    url: Url | None = None
    events: Annotated[list[Event], Field(min_length=1, max_length=50)] | None = None
    title: Title | None = None
    active: bool | None = None


class Delivery(AnswerModel):
    """One event on its way, or told."""

    id: int
    message_id: str = Field(description="The `webhook-id` header, the same in every attempt.")
    event: str
    object_type: str
    object_id: str
    payload: dict[str, Any]
    state: State
    attempts: int
    next_at: datetime | None
    last_status: int | None
    last_error: str
    created_at: datetime
    delivered_at: datetime | None


class DeliveryPage(AnswerModel):
    items: list[Delivery]
    next_cursor: str | None = None


class DeliveryQuery(PageQuery):
    state: State | None = None


class WebhookPath(RequestModel):
    webhook_id: Id


class DeliveryPath(WebhookPath):
    delivery_id: Id


class Nothing(RequestModel):
    """An empty object: {}"""


class Queued(AnswerModel):
    deliveries: int = Field(description="How many are on their way now.")
