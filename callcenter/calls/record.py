"""The record of one call: what the tracker knows, as immutable values.

Times are aware UTC or None where no source told. Seconds are whole-call or per-leg sums,
computed from bridges (never from AgentComplete or CDR, see docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Direction = Literal["inbound", "outbound", "internal", "unknown"]
CallResult = Literal[
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
LegRole = Literal["caller", "callee", "transferee", "spy", "other"]
LegResult = Literal[
    "answered", "missed", "busy", "rejected", "failed", "cancelled", "elsewhere", "unknown"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One real channel of a call. `endpoint` is `TECH/name`, the device without its serial."""

    channel: str
    uniqueid: str
    endpoint: str
    number: str
    name: str
    role: LegRole
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    result: LegResult
    talk_seconds: float
    hold_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    kind: Literal["blind", "attended", "blonde", "forward", "pickup"]
    by: str
    to: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call as known now. `live` until its last channel is gone.

    `id` is `<pbx>/<uniqueid of its oldest channel>`; `uniqueids` are all channels ever joined to
    it (bookkeeping ones too): a store finds the call by any of them.
    """

    id: str
    pbx: str
    live: bool
    direction: Direction
    result: CallResult
    started_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    caller_number: str
    caller_name: str
    dialed: str
    trunk: str
    queues: tuple[str, ...]
    legs: tuple[Leg, ...]
    answered_by: tuple[str, ...]
    last_speaker: str
    transfers: tuple[Transfer, ...]
    wait_seconds: float | None
    talk_seconds: float
    hold_seconds: float
    hangup_by: str
    hangup_cause: int | None
    route: str
    """The CRM_ROUTE the dialplan followed, empty when none was decided."""
    channels: tuple[str, ...]
    uniqueids: tuple[str, ...]
    linkedids: tuple[str, ...]


NOTHING_KNOWN = CallRecord(
    id="",
    pbx="",
    live=True,
    direction="unknown",
    result="unknown",
    started_at=None,
    answered_at=None,
    ended_at=None,
    caller_number="",
    caller_name="",
    dialed="",
    trunk="",
    queues=(),
    legs=(),
    answered_by=(),
    last_speaker="",
    transfers=(),
    wait_seconds=None,
    talk_seconds=0.0,
    hold_seconds=0.0,
    hangup_by="",
    hangup_cause=None,
    route="",
    channels=(),
    uniqueids=(),
    linkedids=(),
)
"""The record of a call of which nothing is known yet: what every other record changes."""
