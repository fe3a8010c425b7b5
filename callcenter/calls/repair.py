"""What the ledger changed in a call's record, field by field: so that every repair can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RepairCause = Literal[
    "missed",  # the live stream had no trace of the call at all
    "unfinished",  # it was held live, or its end was not seen
    "corrected",  # it was told, and differently
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One field of one call, as it was and as it is. Values are text for people and machines:
    numbers with up to three decimals, times in ISO 8601 UTC, lists joined by ", ", '' for none.
    """

    call_id: str
    at: datetime
    cause: RepairCause
    field: str
    before: str
    after: str
