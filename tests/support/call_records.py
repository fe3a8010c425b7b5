"""A call record for tests that do not care what is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callcenter.calls.record import NOTHING_KNOWN, CallRecord


def call_record(call_id: str = "pbx1/1", **changes: Any) -> CallRecord:
    return replace(
        NOTHING_KNOWN, **{"id": call_id, "pbx": "pbx1", "direction": "inbound", **changes}
    )
