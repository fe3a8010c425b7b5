"""What a caller is told who comes into a queue: counted from those who wait, as they are served."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from agi_scripts.waiting import Caller, WaitingRoom
from callcenter.waiting.announcing import Said
from tests.support.store import NOW, Store, call, leg

ME = "+48600100777"


@pytest.fixture
def room(store: Store) -> WaitingRoom:
    store.add_user()
    with store.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"announce_position": True, "announce_seconds": 30})
        uow.staffing.save_queue("sales", {"overflow": "voicemail", "max_wait_seconds": 90})
        uow.commit()

    def reader() -> AbstractContextManager[Connection]:
        return store.engine.connect()

    return WaitingRoom(reader, store.clock)


def waits(store: Store, serial: int, seconds: float, **changes: Any) -> None:
    since = NOW - timedelta(seconds=seconds)
    legs = (leg(f"{serial}.1", "PJSIP/trunk", "caller"),)
    store.save(call(f"{serial}.1", started_at=since, queued_at=since, legs=legs, **changes))


def caller(uniqueid: str = "99.1", *, place: float = 0, **changes: Any) -> Caller:
    made = Caller(
        queue="support",
        pbx="pbx",
        uniqueid=uniqueid,
        round=0,
        since=NOW.timestamp(),
        place=NOW.timestamp() - place,
        priority=0,
        number=ME,
        locale="en",
    )
    return replace(made, **changes)


def place_of(room: WaitingRoom, one: Caller) -> tuple[str, ...]:
    room._lines.clear()
    said = room.tell(one).announcement.said
    return ("one",) if Said("wait-next") in said else said[1].words


def test_a_place_counts_those_who_came_sooner(store: Store, room: WaitingRoom) -> None:
    waits(store, 1, 120)
    waits(store, 2, 30)
    assert place_of(room, caller()) == ("three",)
    assert place_of(room, caller(place=60)) == ("two",)
    assert place_of(room, caller(place=300)) == ("one",)


def test_priority_comes_before_time(store: Store, room: WaitingRoom) -> None:
    waits(store, 1, 120)
    assert place_of(room, caller(priority=10)) == ("one",)
    room.tell(caller("1.1", place=120, priority=20))  # the one who waits is more important still
    assert place_of(room, caller(priority=10)) == ("two",)


def test_who_is_served_or_waits_elsewhere_is_not_counted(store: Store, room: WaitingRoom) -> None:
    waits(store, 1, 120, queues=("sales",))
    served = (
        leg("2.1", "PJSIP/trunk", "caller"),
        leg("2.2", "PJSIP/1001", "callee", answered_at=NOW),
    )
    store.save(call("2.1", queued_at=NOW - timedelta(minutes=5), legs=served))
    assert place_of(room, caller()) == ("one",)


def test_who_tries_again_gets_their_time_back_once(store: Store, room: WaitingRoom) -> None:
    ended = NOW - timedelta(minutes=1)
    store.save(
        call("5.1", live=False, result="abandoned", ended_at=ended, wait_seconds=80.0), number=ME
    )
    waits(store, 1, 60)
    told = room.tell(caller())
    assert told.credit == 80
    assert told.announcement.said[0] == Said("wait-again")
    assert Said("wait-next") in told.announcement.said  # 80 s of waiting come before 60
    assert room.tell(caller(round=1)).credit == 0


def test_a_queue_that_says_nothing_still_says_where_it_overflows(room: WaitingRoom) -> None:
    told = room.tell(caller(queue="sales"))
    assert (told.announcement.said, told.overflow, told.most) == ((), "voicemail", 90)
    assert room.tell(caller(queue="of-nowhere")).overflow == ""
