"""A call record for tests that do not care what is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callcenter.calls.record import CallRecord

_PLAIN = CallRecord(
    id="pbx1/1",
    pbx="pbx1",
    live=True,
    direction="inbound",
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


def call_record(call_id: str = "pbx1/1", **changes: Any) -> CallRecord:
    return replace(_PLAIN, id=call_id, **changes)
