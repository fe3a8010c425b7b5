"""A call that another system made or took and tells us of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.calls.record import CallResult, Direction
from callcenter.errors import Invalid

LONGEST_ID = 120
_LONGEST_CALL = 86_400.0
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCall:
    """`number` as the other system writes it, '' for a hidden one; `external_id` is its name of
    the call: told again, it is the same call. Seconds are floats; `started_at` is aware."""

    number: str
    direction: Direction
    result: CallResult
    started_at: datetime
    wait_seconds: float | None = None
    talk_seconds: float = 0.0
    queue: str = ""
    dialed: str = ""
    subject: str = ""
    external_id: str = ""

    @property
    def answered_at(self) -> datetime | None:
        if self.result != "answered":
            return None
        return self.started_at + timedelta(seconds=self.wait_seconds or 0.0)

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=(self.wait_seconds or 0.0) + self.talk_seconds)


def checked(call: LoggedCall, now: datetime) -> LoggedCall:
    """Raises Invalid for what no call can be."""
    if call.started_at > now + _AHEAD:
        raise Invalid("started_at", "is in the future")
    for field in ("wait_seconds", "talk_seconds"):
        value = getattr(call, field)
        if value is not None and not 0 <= value <= _LONGEST_CALL:
            raise Invalid(field, "must be 0 to 86400 seconds")
    if call.talk_seconds and call.result not in ("answered", "voicemail"):
        raise Invalid("talk_seconds", "only an answered call has talk time")
    if len(call.external_id) > LONGEST_ID:
        raise Invalid("external_id", f"must have at most {LONGEST_ID} characters")
    return call
