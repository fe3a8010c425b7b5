"""What the tracker tells the product. Past tense; each carries the call as it is after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callcenter.calls.record import CallRecord, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    call: CallRecord
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(CallEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(CallEvent):
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRinging(CallEvent):
    """A person's device began to ring. `endpoint` is e.g. `PJSIP/1001`."""

    endpoint: str
    uniqueid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingStopped(CallEvent):
    """That device no longer rings and did not answer (taken elsewhere, no answer, refused…)."""

    endpoint: str
    uniqueid: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(CallEvent):
    """Caller and this party speak (both in one bridge, however many Local hops between)."""

    endpoint: str
    uniqueid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged(CallEvent):
    endpoint: str
    uniqueid: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyChanged(CallEvent):
    """Somebody began to listen in, or ended it."""

    endpoint: str
    uniqueid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTransferred(CallEvent):
    transfer: Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(CallEvent):
    """A party that spoke has left; the call may go on."""

    endpoint: str
    uniqueid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsMerged(CallEvent):
    """Two calls turned out to be one. `call` survives; `absorbed_id` is no call any more."""

    absorbed_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(CallEvent):
    """Every channel is gone. Raised again when later facts correct the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """A signal that does not fit what was known. Never an exception, never a lost call."""

    kind: str
    pbx: str
    uniqueid: str
    detail: str
    at: datetime | None
