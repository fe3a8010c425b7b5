"""Ways to step into a call, and one stretch of it as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from callcenter.calls.book import STEPS_IN
from callcenter.calls.record import CallRecord, Leg

Mode = Literal["listen", "whisper", "barge", "take_over"]
Source = Literal["screen", "keys"]
MODES: tuple[Mode, ...] = get_args(Mode)
HEARD_BY_OPERATOR: frozenset[Mode] = frozenset({"whisper", "barge"})
CENTRE = ""
"""The role under which the policy of the whole centre is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One stretch in one mode. `channel` is the Uniqueid of the supervisor's own channel; without
    `began_at` their phone was not lifted (yet). `visible`: the operator's screen shows it.
    """

    id: int = 0
    supervisor_id: int
    operator_id: int | None
    call_id: str
    channel: str
    mode: Mode
    source: Source = "screen"
    visible: bool = True
    asked_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None


def channel_of(command_id: str) -> str:
    """The id that a supervisor's channel gets: the call model knows a spy by it from the first."""
    return f"{STEPS_IN}{command_id}"


def is_visible(policy: Mapping[str, bool], role: str, base: str) -> bool:
    """Whether an operator of this role (made from `base`) sees that somebody listens.

    What is said of their own role comes before their base role's, that before the centre's; a
    centre that has said nothing shows it.
    """
    told = (policy[one] for one in (role, base, CENTRE) if one in policy)
    return next(told, True)


def item_id(channel: str) -> str:
    return f"step-{channel}"


def item(session: Session, *, mine: bool, other: str) -> dict[str, Any]:
    """What a screen keeps of it. `mine`: the supervisor's own; `other` is the name of who is at the
    other end: the operator for the supervisor, and the other way round."""
    gone = session.ended_at is not None or session.mode == "take_over"
    if gone:
        return {"id": item_id(session.channel), "gone": True}
    return {
        "id": item_id(session.channel),
        "kind": "mine" if mine else "heard",
        "call_id": session.call_id,
        "mode": session.mode,
        "name": other,
        "began_at": session.began_at.isoformat() if session.began_at else None,
    }


# -- who speaks in a call ------------------------------------------------------------------


def speaking(record: CallRecord) -> list[Leg]:
    """Live legs of those who speak now, oldest first; nobody who listens in."""
    if not record.live:
        return []
    return [
        leg
        for leg in record.legs
        if leg.ended_at is None and leg.answered_at is not None and leg.role != "spy"
    ]


def waiting_caller(record: CallRecord) -> Leg | None:
    """The caller of a queue with whom nobody has spoken yet."""
    if not record.live or record.answered_at is not None or not record.queues:
        return None
    alive = (leg for leg in record.legs if leg.ended_at is None)
    return next((leg for leg in alive if leg.role == "caller"), None)


def leg_of_channel(record: CallRecord, uniqueid: str) -> Leg | None:
    return next((leg for leg in record.legs if leg.uniqueid == uniqueid), None)
