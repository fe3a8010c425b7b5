"""A month of a small centre's calls: more on Mondays and in the late morning, few at weekends,
longer waits when more call; and what its operators did meanwhile. From strangers, so that no card
is fuller for it, and the same on every installation.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from callcenter.calls.record import NOTHING_KNOWN, CallRecord, Leg, QueueVisit
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.interactions.interaction import interaction_of
from callcenter.runtime import Runtime
from callcenter.seed import company
from callcenter.seed.history import PBX
from callcenter.seed.menus import MENU_NUMBER
from callcenter.seed.waiting import add_past_callbacks

_DAYS: Final = 30
_BY_WEEKDAY: Final = (1.25, 1.05, 1.0, 1.0, 0.9, 0.25, 0.15)
_BY_HOUR: Final = {
    8: 3.0,
    9: 5.5,
    10: 7.0,
    11: 6.5,
    12: 4.5,
    13: 5.0,
    14: 5.5,
    15: 4.5,
    16: 3.5,
    17: 2.0,
}
_QUEUES: Final = (("support", 0.62), ("sales", 0.3), ("vip", 0.08))
_SCALE: Final = 1.6
_SEED: Final = 77
_DID: Final = "+48221000001"
_BY_MENU: Final = 0.25
_MENU_WAYS: Final = {
    "support": (("2",), ("2",), ("9", "2"), ("3", "0")),
    "sales": (("1",), ("8", "1")),
}
_LUNCH: Final = (11, 14)
_PAUSES: Final = (
    # reason, counts as work, minutes, idle minutes from which it is taken
    ("break", False, 9.5, 14),
    ("paperwork", True, 7.25, 10),
    ("meeting", True, 22.0, 28),
    ("training", True, 31.0, 38),
)


def fill(runtime: Runtime) -> None:
    """Calls and states; the worker counts and sums them up as it starts."""
    now = runtime.clock.now()
    with runtime.unit_of_work() as uow:
        users = company.operators_phones(uow)
        first = uow.users.by_username(company.USERS[0].username)
        zone = ZoneInfo(first.time_zone if first is not None else "UTC")
        records = list(_calls(now, zone, sorted(users)))
        uow.calls.save_many(records, users)
        plan = NumberPlan()
        rows = [
            interaction_of(one, parse_number(one.caller_number, plan), (), users) for one in records
        ]
        written = uow.interactions.upsert_many(rows)
        add_past_callbacks(uow, records, written, sorted(users.values()))
        uow.report_facts.add_past_states(list(_states(records, users, zone)))
        uow.commit()


def _calls(now: datetime, zone: ZoneInfo, phones: Sequence[str]) -> Iterator[CallRecord]:
    dice = random.Random(_SEED)  # noqa: S311 (the same past every time)
    number = 0
    for ago in range(_DAYS, 0, -1):
        day = (
            (now - timedelta(days=ago)).astimezone(zone).replace(minute=0, second=0, microsecond=0)
        )
        free = dict.fromkeys(phones, day.replace(hour=0).astimezone(now.tzinfo))
        for hour, usual in _BY_HOUR.items():
            count = round(_SCALE * usual * _BY_WEEKDAY[day.weekday()] * dice.uniform(0.7, 1.3))
            for at in sorted(dice.random() * 3600 for _ in range(count)):
                number += 1
                start = day.replace(hour=hour).astimezone(now.tzinfo) + timedelta(seconds=at)
                yield _call(number, start, free, dice)


def _call(number: int, at: datetime, free: dict[str, datetime], dice: random.Random) -> CallRecord:
    queue = dice.choices([name for name, _ in _QUEUES], [weight for _, weight in _QUEUES])[0]
    phone = min(free, key=lambda one: free[one])
    wait = max(dice.uniform(3, 14), (free[phone] - at).total_seconds() + dice.uniform(2, 6))
    patience = dice.expovariate(1 / 240)
    answered = wait <= patience
    wait = round(min(wait, patience), 1)
    talk = round(dice.lognormvariate(5.1, 0.6), 1) if answered else 0.0
    hold = round(dice.uniform(10, 60), 1) if answered and dice.random() < 0.15 else 0.0
    taken = at + timedelta(seconds=wait)
    end = taken + timedelta(seconds=talk + hold)
    if answered:
        free[phone] = end + timedelta(seconds=dice.uniform(28, 45))
    made = (f"{int(at.timestamp())}.9{number:05}0", f"{int(at.timestamp())}.9{number:05}1")
    caller = f"+4822{9_000_000 + number * 37 % 900_000}"
    legs = [_leg(made[0], "PJSIP/trunk-main", caller, at, taken, end, answered, talk, hold)]
    if answered:
        inside = _leg(
            made[1], phone, phone.rpartition("/")[2], at, taken, end, answered, talk, hold
        )
        legs.append(inside)
    record = _record(made[0], queue, at, taken, end, answered, wait, talk, hold, legs)
    ways = _MENU_WAYS.get(queue)
    if ways is None or dice.random() > _BY_MENU:
        return record
    return replace(record, dialed=MENU_NUMBER, menu=dice.choice(ways))


def _leg(  # noqa: PLR0917 (one line of a table)
    uniqueid: str,
    endpoint: str,
    number: str,
    at: datetime,
    taken: datetime,
    end: datetime,
    answered: bool,
    talk: float,
    hold: float,
) -> Leg:
    outside = endpoint.startswith("PJSIP/trunk")
    rang = max(at, taken - timedelta(seconds=4))
    return Leg(
        channel=f"{endpoint}-{uniqueid.rpartition('.')[2].zfill(8)}",
        uniqueid=uniqueid,
        endpoint=endpoint,
        number=number,
        name="",
        role="caller" if outside else "callee",
        ringing_at=None if outside else rang,
        answered_at=taken if answered else None,
        ended_at=end,
        result="answered" if answered else "cancelled",
        talk_seconds=talk,
        hold_seconds=hold,
        ring_seconds=0.0 if outside else round((taken - rang).total_seconds(), 1),
    )


def _record(  # noqa: PLR0917 (one line of a table)
    uniqueid: str,
    queue: str,
    at: datetime,
    taken: datetime,
    end: datetime,
    answered: bool,
    wait: float,
    talk: float,
    hold: float,
    legs: Sequence[Leg],
) -> CallRecord:
    visit = QueueVisit(
        queue=queue,
        joined_at=at,
        left_at=taken,
        answered_at=taken if answered else None,
        how="answered" if answered else "abandoned",
        wait_seconds=wait,
    )
    changes: dict[str, Any] = {
        "id": f"{PBX}/{uniqueid}",
        "pbx": PBX,
        "live": False,
        "direction": "inbound",
        "result": "answered" if answered else "abandoned",
        "started_at": at,
        "answered_at": taken if answered else None,
        "ended_at": end,
        "caller_number": legs[0].number,
        "dialed": _DID,
        "trunk": "PJSIP/trunk-main",
        "queues": (queue,),
        "queue_visits": (visit,),
        "queued_at": at,
        "legs": tuple(legs),
        "answered_by": (legs[-1].channel,) if answered else (),
        "last_speaker": legs[-1].channel if answered else "",
        "wait_seconds": wait,
        "talk_seconds": talk,
        "hold_seconds": hold,
        "hangup_by": legs[0].channel,
        "hangup_cause": 16,
        "route": f"queue-{queue}",
        "channels": tuple(leg.channel for leg in legs),
        "uniqueids": tuple(leg.uniqueid for leg in legs),
        "linkedids": (uniqueid,),
    }
    return replace(NOTHING_KNOWN, **changes)


def _states(
    records: Sequence[CallRecord], users: dict[str, int], zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    """Ready or paused from their first call of a day to their last, talking and wrapping up in
    between."""
    last: dict[int, datetime] = {}
    lunches: set[tuple[int, date]] = set()
    spoken = [(one.answered_at, one.ended_at, one) for one in records]
    for taken, end, record in sorted(spoken, key=lambda one: str(one[0])):
        if taken is None or end is None:
            continue
        user = users[record.legs[-1].endpoint]
        since = last.get(user)
        if since is not None and since.date() == taken.date() and since < taken:
            yield from _between(user, since, taken, zone, lunches)
        yield _state(user, "talking", taken, end, record.id)
        done = end + timedelta(seconds=8 + taken.second % 20)
        yield _state(user, "wrap_up", end, done, record.id)
        last[user] = done


def _between(
    user: int, since: datetime, until: datetime, zone: ZoneInfo, lunches: set[tuple[int, date]]
) -> Iterator[dict[str, Any]]:
    """From one call to the next: a pause where there is time for one, lunch once a day."""
    here, idle = since.astimezone(zone), (until - since).total_seconds() / 60
    begin = since + timedelta(seconds=40)
    eaten = (user, here.date())
    if _LUNCH[0] <= here.hour < _LUNCH[1] and idle > 30 and eaten not in lunches:
        lunches.add(eaten)
        reason, productive, minutes = "lunch", False, min(idle - 4, 26 + since.second / 5)
    else:
        reason, productive, minutes, needed = _PAUSES[(since.minute + user) % len(_PAUSES)]
        if idle < needed or since.second % 2:
            yield _state(user, "ready", since, until)
            return
    end = begin + timedelta(minutes=minutes)
    yield _state(user, "ready", since, begin)
    yield _state(user, "paused", begin, end) | {"reason": reason, "productive": productive}
    yield _state(user, "ready", end, until)


def _state(
    user: int, state: str, began: datetime, ended: datetime, call_id: str | None = None
) -> dict[str, Any]:
    return {
        "user_id": user,
        "state": state,
        "reason": "",
        "productive": True,
        "call_id": call_id,
        "began_at": began,
        "ended_at": ended,
    }
