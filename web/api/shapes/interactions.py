"""Interactions, calls and notes as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, Id, PageQuery, Phone, RequestModel, Text, Time
from web.api.shapes.customers import CustomerBrief
from web.api.shapes.people import UserRef

Direction = Literal["inbound", "outbound", "internal", "unknown"]
Result = Literal[
    "answered",
    "missed",
    "abandoned",
    "busy",
    "rejected",
    "failed",
    "voicemail",
    "blocked",
    "unknown",
]

Seconds = Annotated[float, Field(ge=0, le=86_400)]


class Note(AnswerModel):
    id: int
    text: str
    author: UserRef
    interaction_id: int | None
    customer_id: int | None
    created_at: datetime
    updated_at: datetime


class NoteNew(RequestModel):
    text: Annotated[Text, StringConstraints(min_length=1, max_length=10_000)]


class Rung(AnswerModel):
    """A phone that was rung for the call, once however often, and what became of it."""

    user: UserRef | None
    endpoint: str
    number: str
    result: str
    ring_seconds: float


class Repair(AnswerModel):
    """A field that the PBX's ledger corrected. Values are text; times ISO 8601."""

    at: datetime
    cause: str = Field(description="missed, unfinished or corrected.")
    field: str
    before: str
    after: str


class Outcome(AnswerModel):
    """How it ended, as an operator said."""

    id: int
    label: str
    kind: str = Field(description="good, bad or neutral.")
    user: UserRef
    at: datetime
    details: dict[str, Any] = Field(
        description="What followed: `callback_at`, `tasks`, `deal_id`, `deal_step`."
    )


class InteractionBrief(AnswerModel):
    """One logged contact, as lists show it."""

    id: int
    channel: str
    call_id: str | None
    direction: str
    result: str
    number: str = Field(description="E.164 of the outside party; empty when there is none.")
    number_raw: str
    number_kind: str
    dialed: str
    queue: str
    match: str = Field(description="one, several, none, withheld, internal or chosen.")
    customer: CustomerBrief | None
    operator: UserRef | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: float | None
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float
    subject: str = Field(description="What a mail or a meeting was about.")
    handle_seconds: float | None = Field(description="How long somebody worked on a conversation.")
    conversation_id: int | None = Field(description="Of a mail, a short message, a chat.")
    repairs: int = Field(description="How many fields the PBX's ledger corrected.")
    rung: list[Rung]
    outcome: Outcome | None
    notes: list[Note]


class InteractionPage(AnswerModel):
    items: list[InteractionBrief]
    next_cursor: str | None = None


class Leg(AnswerModel):
    channel: str
    uniqueid: str
    endpoint: str
    number: str
    role: str
    user: UserRef | None
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    result: str
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float
    wrap_up_seconds: float


class Decision(AnswerModel):
    """Why the call went where it went."""

    route: str
    rule: str
    number: str
    dialed: str
    facts: dict[str, Any]
    failed_open: bool
    micros: int
    decided_at: datetime
    stage: str = Field(description="arrival, overflow, menu; empty before there were stages.")
    version: int | None = Field(description="Of the rules that decided.")


class SurveyAnswer(AnswerModel):
    """What the caller answered after the call."""

    survey: str = Field(description="The survey's key.")
    title: str
    way: str = Field(description="keys, sms or email.")
    asked_at: datetime
    answered_at: datetime | None
    score: int | None = Field(description="From 1, very bad, to 5, very good.")
    answers: list[dict[str, Any]] = Field(
        description="`question`, `kind` (score or yesno) and `value` (1 to 5; 1 yes, 0 no)."
    )
    comment: str


class Interaction(InteractionBrief):
    """One contact with its participants and the reasons for its match and route."""

    candidates: list[CustomerBrief]
    legs: list[Leg]
    explanation: dict[str, Any]
    decision: Decision | None
    settled_at: datetime | None = Field(
        description="When the PBX's ledger confirmed or corrected the call."
    )
    survey: SurveyAnswer | None


class InteractionNew(RequestModel):
    """A call that another system made or took."""

    number: Phone = Field(description="Any spelling; empty for a hidden caller.")
    direction: Literal["inbound", "outbound"] = "inbound"
    result: Result = "answered"
    started_at: Time | None = Field(default=None, description="Left out: it has just ended.")
    wait_seconds: Seconds | None = None
    talk_seconds: Seconds = 0.0
    queue: Annotated[Text, StringConstraints(max_length=80)] = ""
    dialed: Annotated[Text, StringConstraints(max_length=80)] = ""
    subject: Annotated[Text, StringConstraints(max_length=255)] = ""
    operator_id: Id | None = Field(default=None, description="Left out: the token's user.")
    note: Annotated[Text, StringConstraints(max_length=10_000)] = ""
    external_id: Annotated[Text, StringConstraints(max_length=120)] = Field(
        default="", description="Your own name of the call: told again, it is the same call."
    )


class InteractionPatch(RequestModel):
    """Whose contact it was; the only thing about an interaction that a person decides."""

    customer_id: Id


class InteractionQuery(PageQuery):
    phone: Phone | None = Field(default=None, description="Any spelling, `+` encoded or not.")
    customer_id: Id | None = None
    operator_id: Id | None = None
    channel: Literal["call", "email", "sms", "chat", "meeting"] | None = None
    result: Result | None = None
    direction: Direction | None = None
    queue: Annotated[Text, StringConstraints(max_length=80)] | None = None
    corrected: bool | None = Field(
        default=None, description="Whether the PBX's ledger corrected the call."
    )
    outcome_id: Id | None = Field(
        default=None, description="An outcome, or a group: then any of those under it."
    )
    since: Time | None = Field(default=None, description="Started at or after (ISO 8601).")
    until: Time | None = Field(default=None, description="Started before (ISO 8601).")


class InteractionPath(RequestModel):
    interaction_id: Id
