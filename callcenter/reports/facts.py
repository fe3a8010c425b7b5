"""From the record of a call to what is counted of it: its visits to queues, and where each leg
belongs. Pure; writing the same record again gives the same rows.

What was done in a call is its visits' in turn: a phone that rang, a conversation, a transfer belong
to the last visit that had begun by then. A visit counts in the half hour in which it began.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callcenter.calls.conversation import total, union
from callcenter.calls.record import HANDED_ON, CallRecord, Leg, QueueVisit, VisitEnd
from callcenter.reports.periods import half_of

_TOGETHER: Final = timedelta(seconds=0.5)
_NO_CALLEES: Final = frozenset({"caller", "spy"})
_ENDS: Final[Mapping[str, VisitEnd]] = {
    "answered": "answered",
    "abandoned": "abandoned",
    "voicemail": "overflow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFact:
    """A row of `queue_visits`, all but the interaction."""

    call_id: str
    number_in_call: int
    half: datetime
    queue: str
    direction: str
    dialed: str
    trunk: str
    entered_at: datetime
    left_at: datetime | None
    answered_at: datetime | None
    how: VisitEnd
    wait_seconds: float
    operator_id: int | None
    talk_seconds: float
    hold_seconds: float
    ring_seconds: float
    transfers: int


def visit_facts(record: CallRecord, users_by_endpoint: Mapping[str, int]) -> list[VisitFact]:
    """One for each visit, in order; none for a call that met no queue."""
    visits = _visits(record)
    legs = _legs_by_visit(record, visits)
    moves = [0] * len(visits)
    for move in record.transfers:
        place = _spoken(visits, move.at)
        if move.kind in HANDED_ON and place is not None:
            moves[place] += 1
    return [
        _fact(record, number, visit, legs[number], moves[number], users_by_endpoint)
        for number, visit in enumerate(visits)
    ]


def leg_places(record: CallRecord) -> dict[str, tuple[datetime, str]]:
    """Uniqueid of a leg → the half hour and the queue in which reports count it."""
    visits = _visits(record)
    begun = record.started_at or record.answered_at or record.ended_at
    found: dict[str, tuple[datetime, str]] = {}
    for leg in record.legs:
        at = leg.ringing_at or leg.answered_at or begun
        place = _place(visits, at) if leg.role not in _NO_CALLEES else None
        entered = visits[place].joined_at if place is not None else begun
        if entered is not None:
            queue = visits[place].queue if place is not None else ""
            found[leg.uniqueid] = (half_of(entered), queue)
    return found


def half_of_call(record: CallRecord) -> datetime | None:
    """Where a call counts that met no queue."""
    return half_of(record.started_at) if record.started_at is not None else None


def _visits(record: CallRecord) -> list[QueueVisit]:
    known = [visit for visit in record.queue_visits if visit.joined_at is not None]
    if known or not record.queues:
        return known
    return _as_told(record)


def _as_told(record: CallRecord) -> list[QueueVisit]:
    """A record of before visits were told, or one that met its call in mid-wait: one visit."""
    joined = record.queued_at or record.started_at
    if joined is None:
        return []
    over = not record.live
    how = _ENDS.get(record.result, "given_up" if over else "waiting")
    wait = record.wait_seconds or 0.0
    left = record.answered_at or (joined + timedelta(seconds=wait) if over else None)
    return [
        QueueVisit(
            queue=record.queues[-1],
            joined_at=joined,
            left_at=left,
            answered_at=record.answered_at,
            how=how,
            wait_seconds=wait,
        )
    ]


def _place(visits: Sequence[QueueVisit], at: datetime | None) -> int | None:
    """Which visit this moment belongs to. What came a moment before the first is the first's."""
    if not visits or at is None:
        return None
    begun = [
        number
        for number, visit in enumerate(visits)
        if visit.joined_at is not None and visit.joined_at <= at + _TOGETHER
    ]
    return begun[-1] if begun else None


def _spoken(visits: Sequence[QueueVisit], at: datetime | None) -> int | None:
    """In which visit's conversation that was."""
    if at is None:
        return None
    answered = [
        number
        for number, visit in enumerate(visits)
        if visit.answered_at is not None and visit.answered_at <= at
    ]
    return answered[-1] if answered else None


def _legs_by_visit(record: CallRecord, visits: Sequence[QueueVisit]) -> list[list[Leg]]:
    found: list[list[Leg]] = [[] for _ in visits]
    for leg in record.legs:
        place = _place(visits, leg.ringing_at or leg.answered_at)
        if place is None or leg.role in _NO_CALLEES or _is_aside(leg, record.legs):
            continue
        found[place].append(leg)
    return found


def _is_aside(leg: Leg, legs: Iterable[Leg]) -> bool:
    """A second channel of somebody whose first one goes on: they ask a colleague while the caller
    is on hold, and that time is counted as hold already."""
    return leg.role == "other" and any(
        first is not leg and first.endpoint == leg.endpoint and _overlap(first, leg)
        for first in legs
    )


def _overlap(first: Leg, second: Leg) -> bool:
    began, then = first.answered_at, second.answered_at
    if began is None or then is None:
        return False
    return began <= then and (first.ended_at is None or then < first.ended_at)


def _fact(  # noqa: PLR0917 (a row of all that is known)
    record: CallRecord,
    number: int,
    visit: QueueVisit,
    legs: Sequence[Leg],
    transfers: int,
    users_by_endpoint: Mapping[str, int],
) -> VisitFact:
    entered = visit.joined_at
    assert entered is not None  # noqa: S101 (`_visits` gives no other)
    answered = visit.how == "answered"
    took = sorted(
        (leg for leg in legs if leg.answered_at is not None and leg.result == "answered"),
        key=lambda leg: leg.answered_at or entered,
    )
    talk, hold = (sum(leg.talk_seconds for leg in took), sum(leg.hold_seconds for leg in took))
    if answered and not took and number == 0:
        talk, hold = record.talk_seconds, record.hold_seconds
    return VisitFact(
        call_id=record.id,
        number_in_call=number + 1,
        half=half_of(entered),
        queue=visit.queue,
        direction=record.direction,
        dialed=record.dialed if record.direction == "inbound" else "",
        trunk=record.trunk,
        entered_at=entered,
        left_at=visit.left_at,
        answered_at=visit.answered_at,
        how=visit.how,
        wait_seconds=float(visit.wait_seconds),
        operator_id=_first_user(took, users_by_endpoint) if answered else None,
        talk_seconds=round(float(talk), 3) if answered else 0.0,
        hold_seconds=round(float(hold), 3) if answered else 0.0,
        ring_seconds=_rang(legs),
        transfers=transfers,
    )


def _first_user(legs: Iterable[Leg], users_by_endpoint: Mapping[str, int]) -> int | None:
    users = (users_by_endpoint.get(leg.endpoint) for leg in legs)
    return next((user for user in users if user is not None), None)


def _rang(legs: Iterable[Leg]) -> float:
    """Of phones that ring together the time counts once."""
    spans = [
        (leg.ringing_at.timestamp(), leg.ringing_at.timestamp() + leg.ring_seconds)
        for leg in legs
        if leg.ringing_at is not None
    ]
    return round(float(total(union(spans))), 3)
