"""Calls that the demo company's customers made before today, as the tracker would have kept them.
Pure: the same calls every time, counted back from the moment of the seed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callcenter.calls.record import CallRecord, CallResult, Direction, Leg
from callcenter.seed.people import Person

PBX = "demo"
_SEED = 551
_DAYS = 75
_CALLS = 420
_TRUNK = "PJSIP/trunk"
_DID = "+48221000001"
_QUEUE = {"": "support", "vip": "vip", "debtor": "debtors", "blocked": "", "shared": "support"}
_OPENING, _HOURS = 8, 9


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call, whose (place in the list of people), and what the operator wrote, if anything."""

    record: CallRecord
    person: int
    operator: int
    note: str


def history(everyone: Sequence[Person], now: datetime, operators: int) -> list[PastCall]:
    """The oldest first. `operators` are numbered from 0 and have the phones 1001, 1002, …"""
    dice = random.Random(_SEED)  # noqa: S311 (the same past every time)
    moments = sorted(_moment(now, dice) for _ in range(_CALLS))
    moments = [moment for moment in moments if moment < now - timedelta(hours=1)]
    return [
        _call(number, moment, everyone, operators, dice) for number, moment in enumerate(moments)
    ]


def _moment(now: datetime, dice: random.Random) -> datetime:
    day = now - timedelta(days=dice.randrange(1, _DAYS))
    if day.weekday() >= 5 and dice.random() < 0.9:  # few call at a weekend
        day -= timedelta(days=day.weekday() - 4)
    opening = day.replace(hour=_OPENING, minute=0, second=0, microsecond=0)
    return opening + timedelta(seconds=dice.randrange(_HOURS * 3600))


def _call(
    number: int, at: datetime, everyone: Sequence[Person], operators: int, dice: random.Random
) -> PastCall:
    person_index = _whose(number, everyone, dice)
    person = everyone[person_index]
    operator = dice.randrange(operators)
    outbound = person.story != "blocked" and number % 6 == 0
    result = _result(person, outbound, dice)
    times = _times(at, result, dice)
    serials = (f"{int(at.timestamp())}.{number * 2}", f"{int(at.timestamp())}.{number * 2 + 1}")
    outside = _leg(serials[0], _TRUNK, dice.choice(person.numbers), times)
    phone = f"PJSIP/{1001 + operator}"
    inside = _leg(serials[1], phone, phone[-4:], times)
    if outbound:
        record = _outbound(inside, outside, times, result)
    else:
        outside = replace(outside, name=person.display_name)
        record = _inbound(outside, inside, times, result, _QUEUE[person.story])
    return PastCall(record, person_index, operator, _note(number, person, result, dice))


def _whose(number: int, everyone: Sequence[Person], dice: random.Random) -> int:
    """Those with a story call more often: they are looked at first."""
    stories = [index for index, person in enumerate(everyone) if person.story]
    return dice.choice(stories) if number % 3 == 0 else dice.randrange(len(everyone))


def _result(person: Person, outbound: bool, dice: random.Random) -> CallResult:
    roll = dice.random()
    if person.story == "blocked":
        return "blocked"
    if roll < 0.8:
        return "answered"
    if outbound:
        return "busy" if roll < 0.9 else "missed"
    return "abandoned" if roll < 0.92 else "missed"


def _note(number: int, person: Person, result: CallResult, dice: random.Random) -> str:
    if result == "blocked":
        return ""
    if result == "answered":
        return dice.choice(person.culture.answered) if dice.random() < 0.7 else ""
    return dice.choice(person.culture.missed) if number % 4 == 0 else ""


@dataclass(frozen=True, slots=True)
class _Times:
    started: datetime
    answered: datetime | None
    ended: datetime
    wait: float
    talk: float


def _times(at: datetime, result: CallResult, dice: random.Random) -> _Times:
    wait = float(dice.randrange(4, 70)) if result != "blocked" else 0.0
    talk = float(dice.randrange(35, 620)) if result == "answered" else 0.0
    answered = at + timedelta(seconds=wait) if result == "answered" else None
    return _Times(at, answered, at + timedelta(seconds=wait + talk), wait, talk)


def _inbound(
    caller: Leg, operator: Leg, times: _Times, result: CallResult, queue: str
) -> CallRecord:
    if result == "blocked":
        return _record("inbound", (replace(caller, role="caller"),), times, result, route="blocked")
    legs = (replace(caller, role="caller"), replace(operator, role="callee"))
    return _record("inbound", legs, times, result, queues=(queue,), route=f"queue-{queue}")


def _outbound(operator: Leg, customer: Leg, times: _Times, result: CallResult) -> CallRecord:
    legs = (replace(operator, role="caller"), replace(customer, role="callee"))
    return _record("outbound", legs, times, result)


def _record(
    direction: Direction,
    legs: tuple[Leg, ...],
    times: _Times,
    result: CallResult,
    *,
    queues: tuple[str, ...] = (),
    route: str = "",
) -> CallRecord:
    """The first leg is the caller's; the last one who spoke is the other's."""
    spoke = result == "answered"
    ended = {"answered": "answered", "busy": "busy"}.get(result, "missed")
    legs = tuple(
        replace(leg, answered_at=times.answered, talk_seconds=times.talk, result=ended)  # type: ignore[arg-type]
        for leg in legs
    )
    first, last = legs[0], legs[-1]
    return CallRecord(
        id=f"{PBX}/{first.uniqueid}",
        pbx=PBX,
        live=False,
        direction=direction,
        result=result,
        started_at=times.started,
        answered_at=times.answered,
        ended_at=times.ended,
        caller_number=first.number,
        caller_name=first.name,
        dialed=last.number if direction == "outbound" else _DID,
        trunk=_TRUNK,
        queues=queues,
        legs=legs,
        answered_by=(last.channel,) if spoke else (),
        last_speaker=last.channel if spoke else "",
        transfers=(),
        wait_seconds=times.wait,
        talk_seconds=times.talk,
        hold_seconds=0.0,
        hangup_by=first.channel,
        hangup_cause=17 if result == "busy" else 16,
        route=route,
        channels=tuple(leg.channel for leg in legs),
        uniqueids=tuple(leg.uniqueid for leg in legs),
        linkedids=(first.uniqueid,),
    )


def _leg(uniqueid: str, endpoint: str, number: str, times: _Times) -> Leg:
    serial = uniqueid.rpartition(".")[2].zfill(8)
    return Leg(
        channel=f"{endpoint}-{serial}",
        uniqueid=uniqueid,
        endpoint=endpoint,
        number=number,
        name="",
        role="other",
        ringing_at=times.started,
        answered_at=None,
        ended_at=times.ended,
        result="unknown",
        talk_seconds=0.0,
        hold_seconds=0.0,
    )
