"""The raw events that made a call, kept so that its record can be explained and made again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

JournalSource = Literal["live", "ledger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPart:
    """A run of events of one call, as they came.

    `data` of source "live": manager messages, each ended by an empty line; of source "ledger": the
    call's lines of the channel event log under a header row. Both are files that
    `callcenter replay` reads. Writing the same part twice changes nothing; a call has one part of
    source "ledger" (a later one replaces it) and as many of source "live" as processes saw it.
    """

    call_id: str
    pbx: str
    source: JournalSource
    started_at: datetime | None
    events: int
    data: bytes
