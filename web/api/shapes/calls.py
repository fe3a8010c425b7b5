"""Calls as the API shows them: live rows, and the whole record (docs: design, `replay`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from web.api.fields import AnswerModel, RequestModel, Text
from web.api.shapes.customers import CustomerBrief
from web.api.shapes.interactions import Repair, Rung


class Party(AnswerModel):
    """One of our operators on a call, now or before."""

    user_id: int | None
    endpoint: str
    number: str
    state: str = Field(description="ringing, talking or ended.")
    since: datetime | None


class LiveCall(AnswerModel):
    call_id: str
    interaction_id: int | None
    pbx: str
    state: str = Field(description="waiting, ringing, talking or ended.")
    direction: str
    number: str
    number_e164: str
    caller_name: str
    dialed: str
    trunk: str
    queue: str
    route: str
    match: str
    started_at: datetime | None
    answered_at: datetime | None
    parties: list[Party]
    customers: list[CustomerBrief]


class LiveCallPage(AnswerModel):
    items: list[LiveCall]
    next_cursor: str | None = None


class Caller(AnswerModel):
    number: str
    name: str


class CallLeg(AnswerModel):
    channel: str
    uniqueid: str
    number: str
    role: str
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    result: str
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float
    wrap_up_seconds: float


class Transfer(AnswerModel):
    kind: str
    by: str
    to: str
    at: datetime | None


class Hangup(AnswerModel):
    by: str
    cause: Any


class Call(AnswerModel):
    """The record of one call, as `callcenter replay` prints it, and its interaction."""

    id: str
    interaction_id: int | None
    live: bool
    direction: str
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    result: str
    caller: Caller
    dialed: str
    queues: list[str]
    menu: list[str] = Field(description="The keys that the caller chose, in order.")
    legs: list[CallLeg]
    answered_by: list[str]
    last_speaker: str
    transfers: list[Transfer]
    wait_seconds: float | None
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float
    park_seconds: float
    end_seen: bool = Field(description="False when the end was concluded, not told.")
    hangup: Hangup
    channels: list[str]
    linkedids: list[str]
    rung: list[Rung]
    repairs: list[Repair]
    settled_at: datetime | None = Field(
        description="When the PBX's ledger confirmed or corrected the call."
    )


class CallNew(RequestModel):
    number: Annotated[Text, StringConstraints(min_length=1, max_length=80)] = Field(
        description="An outside number in any spelling, or an extension of ours."
    )


class CallPlaced(AnswerModel):
    id: str = Field(description="Names the wish; the call's id is `<pbx>/crm-<id>`.")


class CallPath(RequestModel):
    call_id: Annotated[Text, StringConstraints(min_length=1, max_length=160)] = Field(
        description="`<pbx>/<uniqueid>`, such as pbx1/1767225600.12"
    )
