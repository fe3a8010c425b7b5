"""How good the sound of a leg was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkingLeg:
    """A leg that was lifted: whose sound can be told of."""

    call_id: str
    uniqueid: str
    answered_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegQuality:
    """What a browser measured of one leg; `mos_worst` is the worst of its samples."""

    call_id: str
    uniqueid: str
    user_id: int
    mos: float
    mos_worst: float
    loss_percent: float
    jitter_ms: float
    round_trip_ms: float
    codec: str
    samples: int
    at: datetime


class Quality(Protocol):
    def talking_legs(self, user_id: int, endpoint: str, since: datetime) -> Sequence[TalkingLeg]:
        """The user's legs on this device that rang since then and were lifted."""
        ...

    def save(self, quality: LegQuality) -> None:
        """Once for each leg: what is told later of the same leg replaces it."""
        ...
