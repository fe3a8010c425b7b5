"""The record of one call: what the tracker knows, as immutable values.

Times are aware UTC or None where no source told. Seconds are whole-call or per-leg sums,
computed from bridges (never from AgentComplete or CDR, see docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

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
VisitEnd = Literal["waiting", "answered", "abandoned", "overflow", "given_up", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """A recording of a leg's sound. `pauses`: pairs (from, until) in which nothing was kept."""

    file: str
    started_at: datetime | None
    stopped_at: datetime | None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One real channel of a call. `endpoint` is `TECH/name`, the device without its serial.

    `ring_seconds`: from the first ring until it was answered or stopped. `wrap_up_seconds`: the
    time that the queue leaves its member alone after this call.
    """

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
    ring_seconds: float = 0.0
    wrap_up_seconds: float = 0.0
    recordings: tuple[SoundFile, ...] = ()
    held_since: datetime | None = None
    """Since when the conversation stands still, while it does: on hold now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    kind: Literal["blind", "attended", "blonde", "forward", "pickup"]
    by: str
    to: str
    at: datetime | None


HANDED_ON: Final = frozenset({"blind", "attended", "blonde"})
"""Kinds of transfers by which whoever speaks gives a conversation to somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueVisit:
    """One stay in one queue. `how` "overflow": left it unanswered and went on; "given_up": nobody
    answered and the PBX ended it; "closed": the queue took nobody in. `wait_seconds`: from joining
    until answered, or until the queue was left.
    """

    queue: str
    joined_at: datetime | None
    left_at: datetime | None
    answered_at: datetime | None
    how: VisitEnd
    wait_seconds: float = 0.0


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
    ring_seconds: float = 0.0
    """The time in which at least one phone rang for this call."""
    park_seconds: float = 0.0
    """The time in which the caller waited in a parking place."""
    end_seen: bool = True
    """False when a channel's end was concluded, not told (the PBX died, or nobody looked)."""
    route: str
    """The CRM_ROUTE the dialplan followed, empty when none was decided."""
    menu: tuple[str, ...] = ()
    """The keys that the caller chose in menus and queues, in order."""
    queued_at: datetime | None = None
    """When the caller came into the queue; after an answer, into the one they were sent on to."""
    queue_visits: tuple[QueueVisit, ...] = ()
    """In order; unlike `queues`, a queue that was visited twice is here twice."""
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
