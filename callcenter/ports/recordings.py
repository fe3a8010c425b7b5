"""Pauses in the recordings of calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

PauseCause = Literal["button", "field", "script"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPause:
    """`resume_at`: when the recording goes on by itself."""

    id: int
    call_id: str
    channel: str
    user_id: int
    cause: PauseCause
    began_at: datetime
    resume_at: datetime
    resumed_at: datetime | None = None


class RecordingPauses(Protocol):
    def begin(  # noqa: PLR0917 (one row)
        self,
        call_id: str,
        channel: str,
        user_id: int,
        cause: PauseCause,
        at: datetime,
        resume_at: datetime,
    ) -> RecordingPause:
        """One that is open already lasts until the later of the two moments."""
        ...

    def open_of(self, call_ids: Sequence[str]) -> tuple[RecordingPause, ...]: ...

    def due(self, at: datetime, limit: int) -> tuple[RecordingPause, ...]: ...

    def of_ended_calls(self, limit: int) -> tuple[RecordingPause, ...]:
        """Open ones whose call is over: there is nothing left to resume."""
        ...

    def resume(self, pause_ids: Sequence[int], at: datetime) -> tuple[int, ...]:
        """The ids of those that this ended: whoever comes second gets none."""
        ...
