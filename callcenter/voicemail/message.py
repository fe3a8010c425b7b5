"""One message, by the file that holds it.

The dialplan names the file by the call and the queue: `<uniqueid>-message-<queue>.wav`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from callcenter.calls.record import CallRecord

State = Literal["new", "taken", "done"]
SetAside = Literal["", "short", "silent"]
SHORTEST: Final = 2.0
"""Seconds: who says nothing within them has hung up."""
QUIETEST: Final = 3
"""Of a full scale of 100: below it a telephone line only hums."""
_NAME: Final = re.compile(r"(?:.*/)?([A-Za-z0-9.-]+)-message-([a-z][a-z0-9-]{0,30})\.wav")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail:
    """`seconds` 0: nobody has looked at the file yet."""

    id: int
    interaction_id: int | None
    call_id: str
    customer_id: int | None
    number: str
    queue: str
    user_id: int | None
    pbx: str
    file: str
    seconds: float
    created_at: datetime
    state: State
    set_aside: SetAside
    assigned_to: int | None
    due_at: datetime
    done_at: datetime | None
    done_by: int | None
    result: str


def queue_of(file: str) -> str | None:
    """The queue a recorded file is a message for; None for any other recording."""
    match = _NAME.fullmatch(file)
    return match[2] if match is not None else None


def only_messages(record: CallRecord) -> CallRecord:
    """The call with the sound of its messages alone: who may hear those need not have spoken."""
    legs = (
        replace(leg, recordings=tuple(one for one in leg.recordings if queue_of(one.file)))
        for leg in record.legs
    )
    return replace(record, legs=tuple(legs))


def set_aside(seconds: float, peaks: Sequence[int]) -> SetAside:
    """`peaks`: the loudest of each stretch of the file, from 0 to 100."""
    if seconds < SHORTEST:
        return "short"
    loud = sorted(peaks)[-3:]  # a click at the end is no voice
    return "silent" if not loud or loud[0] < QUIETEST else ""
