"""Why an interaction is as it is, as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from web.api.fields import AnswerModel, RequestModel
from web.api.shapes.interactions import Decision, Repair


class Bar(AnswerModel):
    doing: str = Field(description="queue, ringing, talking, hold, parked or wrap_up.")
    start: datetime
    end: datetime
    seconds: float
    what: str = Field(description="The queue, for `queue`.")


class Lane(AnswerModel):
    """One participant and what they did, in order of time."""

    channel: str
    uniqueid: str
    endpoint: str
    number: str
    role: str
    result: str
    bars: list[Bar]


class Timeline(AnswerModel):
    start: datetime
    end: datetime
    exact: bool = Field(
        description="Made from the events; false when they are gone and the record alone tells."
    )
    lanes: list[Lane]


class Figures(AnswerModel):
    """Each as docs/architecture.md defines it."""

    ring_seconds: float
    wait_seconds: float | None
    talk_seconds: float
    hold_seconds: float
    park_seconds: float
    wrap_up_seconds: float


class EventCounts(AnswerModel):
    live: int
    ledger: int


class Ending(AnswerModel):
    by: str = Field(description="The channel that hung up; empty when the PBX ended the call.")
    cause: int | None = Field(description="Q.850.")
    seen: bool = Field(description="False when the end was concluded, not told.")


class Explanation(AnswerModel):
    interaction_id: int
    call_id: str | None
    settled_at: datetime | None = Field(
        description="When the PBX's ledger confirmed or corrected the call."
    )
    ledger_is_read: bool
    repairs: list[Repair]
    number: dict[str, Any] = Field(description="As the network wrote it, its kind, its E.164.")
    match: dict[str, Any]
    region: str = Field(description="The country by whose plan the trunk's numbers are read.")
    decision: Decision | None
    figures: Figures
    ending: Ending | None
    timeline: Timeline | None
    events: EventCounts = Field(description="How many are kept; `recording` holds them.")


class RecordingQuery(RequestModel):
    masked: bool = Field(
        default=False, description="Replace numbers and names, the same by the same."
    )
