"""What is read from a PBX's channel event log (CEL), the ledger: whole calls, how far the reading
has come, and what could not be read. Plain values; `ami.ledger` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from callcenter.calls.record import CallRecord
from callcenter.calls.signals import Signal

LedgerSource = Literal["file", "inbox"]
"""Read from the PBX's own disk, or from what a forwarder beside the PBX sent."""

SetAsideReason = Literal[
    "torn",  # a half line, followed by another
    "not_cel",  # no row of this ledger at all
    "another_pbx",  # its Uniqueid carries the system name of another PBX
    "future",  # later than any clock that is right
    "too_long",
    "failed",  # the call that it tells of could not be written
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPosition:
    """Where to go on reading after a restart.

    `file_id` knows the file again after it was renamed; `offset` (bytes) is the beginning of the
    oldest line that belongs to a call not yet settled; `read_to` is how far reading has come.
    """

    pbx: str
    source: LedgerSource
    file_id: str
    path: str
    offset: int
    read_to: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A line that was not folded: kept with file and position (bytes) for a person to look at."""

    pbx: str
    source: LedgerSource
    file: str
    position: int
    reason: SetAsideReason
    line: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCall:
    """A call that the ledger has told to its end: the record, and what it was made from."""

    record: CallRecord
    lines: tuple[str, ...]
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBatch:
    """What one look into the ledger brought: written in one transaction with its position."""

    pbx: str
    source: LedgerSource
    calls: tuple[LedgerCall, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    position: LedgerPosition | None = None
