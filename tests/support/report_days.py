"""Traffic whose truth is known: calls through the writer itself, told in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callcenter.calls.record import CallRecord, QueueVisit, Transfer
from callcenter.customers.phone import NumberPlan
from callcenter.services import report_facts
from callcenter.services.call_rows import write_calls
from tests.support.store import Store, call, leg


@dataclass(frozen=True)
class Wait:
    """One visit: to which queue, how long, how it ended, then how long `by` spoke and held."""

    queue: str
    seconds: float
    how: str = "answered"
    talk: float = 0.0
    hold: float = 0.0
    by: str = "1001"


def told(
    number: int, at: datetime, *waits: Wait, number_of: str = "", result: str = ""
) -> CallRecord:
    """A call from outside that is over, as its visits in turn make it."""
    visits: list[QueueVisit] = []
    legs = [leg(f"{number}.1", "PJSIP/trunk", "caller")]
    moves: list[Transfer] = []
    now = at
    for place, wait in enumerate(waits):
        begun, now = now, now + timedelta(seconds=wait.seconds)
        answered = now if wait.how == "answered" else None
        visits.append(
            QueueVisit(
                queue=wait.queue,
                joined_at=begun,
                left_at=now,
                answered_at=answered,
                how=wait.how,  # type: ignore[arg-type]
                wait_seconds=float(wait.seconds),
            )
        )
        if answered is not None:
            now += timedelta(seconds=wait.talk + wait.hold)
            if place + 1 < len(waits):
                moves.append(Transfer(kind="blind", by=f"PJSIP/{wait.by}", to="2", at=now))
            legs.append(
                leg(
                    f"{number}.{place + 2}",
                    f"PJSIP/{wait.by}",
                    "callee",
                    ringing_at=begun,
                    answered_at=answered,
                    ended_at=now,
                    result="answered",
                    ring_seconds=float(wait.seconds),
                    talk_seconds=float(wait.talk),
                    hold_seconds=float(wait.hold),
                )
            )
    first = next((one for one in visits if one.answered_at), None)
    last = waits[-1].how if waits else "none"
    ends = {"abandoned": "abandoned", "overflow": "voicemail"}
    return call(
        f"{number}.1",
        live=False,
        result=result or ("answered" if first else ends.get(last, "missed")),
        started_at=at,
        answered_at=first.answered_at if first else None,
        ended_at=now,
        queues=tuple(dict.fromkeys(wait.queue for wait in waits)),
        queue_visits=tuple(visits),
        legs=tuple(legs),
        transfers=tuple(moves),
        caller_number=number_of or f"+48600{number:06}",
        wait_seconds=float(waits[0].seconds) if waits else 0.0,
        talk_seconds=float(sum(wait.talk for wait in waits)),
        hold_seconds=float(sum(wait.hold for wait in waits)),
        uniqueids=tuple(one.uniqueid for one in legs),
    )


def write(
    store: Store, records: Sequence[CallRecord], absorbed: dict[str, str] | None = None
) -> None:
    """As every writer of calls does."""
    with store.unit_of_work() as uow:
        by_id = {record.id: record for record in records}
        written = write_calls(uow, by_id, absorbed or {}, lambda _: NumberPlan(), store.clock)
        report_facts.follow_calls(uow, written, store.clock)
        uow.commit()


def sum_up(store: Store) -> None:
    """Until nothing is out of date."""
    while report_facts.turn(unit_of_work=store.unit_of_work, clock=store.clock):
        pass


def moments(record: CallRecord) -> list[datetime]:
    """When something happened in a call."""
    visits = [at for one in record.queue_visits for at in (one.joined_at, one.left_at)]
    legs = [at for one in record.legs for at in (one.ringing_at, one.answered_at, one.ended_at)]
    found = {record.started_at, record.ended_at, *visits, *legs}
    return sorted(at for at in found if at is not None)


def until(record: CallRecord, moment: datetime) -> CallRecord:
    """The call as it was known at that moment."""

    def past(at: datetime | None) -> datetime | None:
        return at if at is not None and at <= moment else None

    if past(record.ended_at):
        return record
    visits = tuple(
        one if past(one.left_at) else _waits(one, moment)
        for one in record.queue_visits
        if past(one.joined_at)
    )
    legs = tuple(
        one
        if past(one.ended_at)
        else replace(
            one,
            answered_at=past(one.answered_at),
            ended_at=None,
            result="answered" if past(one.answered_at) else "unknown",
            talk_seconds=0.0,
            hold_seconds=0.0,
        )
        for one in record.legs
        if one.role == "caller" or past(one.ringing_at)
    )
    return replace(
        record,
        live=True,
        ended_at=None,
        answered_at=past(record.answered_at),
        result="answered" if past(record.answered_at) else "unknown",
        queues=tuple(dict.fromkeys(one.queue for one in visits)),
        queue_visits=visits,
        legs=legs,
        transfers=tuple(one for one in record.transfers if past(one.at)),
        uniqueids=tuple(one.uniqueid for one in legs),
        wait_seconds=record.wait_seconds if past(record.answered_at) else None,
        talk_seconds=0.0,
        hold_seconds=0.0,
    )


def _waits(visit: QueueVisit, moment: datetime) -> QueueVisit:
    since = visit.joined_at or moment
    seconds = (moment - since).total_seconds()
    return replace(visit, left_at=None, answered_at=None, how="waiting", wait_seconds=seconds)
