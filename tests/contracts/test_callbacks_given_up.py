"""Nobody who asked for a call-back is lost: what never came about is a call in vain again, until
somebody speaks with them. On SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from callcenter.queries import missed
from callcenter.queries.missed import MissedFilters, MissedView
from callcenter.services import callback_requests, missed_calls
from tests.support.callback_desks import NUMBER, OTHER, Desks, lifted, make_desks
from tests.support.plans import Plans
from tests.support.store import NOW, Store, call

DAY = 25 * 3600


@pytest.fixture
def desks(store: Store) -> Desks:
    return make_desks(store)


def waiting(desks: Desks, *, closed: bool = False) -> tuple[MissedView, ...]:
    with desks.store.engine.connect() as connection:
        found = missed.page(connection, MissedFilters(closed=closed), None, 10)
    return tuple(found.items)


def counted(desks: Desks) -> int:
    with desks.store.unit_of_work() as uow:
        return uow.missed.counts()[desks.anna]


def asked_in(desks: Desks, **changes: Any) -> None:
    """The call in which they asked, over now, as it is told live and by the ledger."""
    told = {"live": False, "result": "abandoned", "ended_at": NOW, "wait_seconds": 60.0}
    desks.write(call("17.1", **(told | {"menu": ("1",)} | changes)))


def tried_in_vain(desks: Desks) -> None:
    """As often as the queue says: twice."""
    desks.ready = (desks.anna,)
    for _ in range(2):
        (command,) = desks.turn(16 * 60)
        at = desks.store.clock.now()
        told = {"started_at": at, "ended_at": at + timedelta(seconds=30)}
        desks.write(lifted(command.id, "missed", **told))
    assert desks.get().state == "failed"


def spoken_with(desks: Desks, **changes: Any) -> None:
    at = desks.store.clock.now() + timedelta(minutes=1)
    told = {"started_at": at, "answered_at": at, "ended_at": at, "live": False}
    desks.write(call("30.1", result="answered", **(told | changes)))


def test_while_it_is_open_the_number_is_not_in_the_list_and_after_its_time_it_is(
    desks: Desks,
) -> None:
    desks.ask()
    asked_in(desks)
    assert (waiting(desks), counted(desks)) == ((), 0)
    before = len(desks.store.publisher.messages)
    desks.turn(DAY)
    (row,) = waiting(desks)
    assert (row.number, row.queue, row.times, row.first_at) == (NUMBER, "support", 1, NOW)
    assert row.interaction_id is not None
    assert counted(desks) == 1
    told = [one.payload for one in desks.store.publisher.messages[before:]]
    assert any(one["counts"].get("missed_open") == 1 for one in told)


def test_when_the_attempts_are_used_up_it_is_there_with_what_was_tried(desks: Desks) -> None:
    desks.ask()
    asked_in(desks)
    tried_in_vain(desks)
    (row,) = waiting(desks)
    assert (row.times, row.attempts) == (1, 2)


def test_a_number_that_was_keyed_in_waits_though_it_never_called(desks: Desks) -> None:
    desks.ask(OTHER)
    asked_in(desks, result="voicemail")
    desks.turn(DAY)
    assert [row.number for row in waiting(desks)] == [OTHER]


@pytest.mark.parametrize(
    ("direction", "how"), [("inbound", "got_through"), ("outbound", "reached")]
)
def test_any_conversation_closes_it_there(desks: Desks, direction: str, how: str) -> None:
    desks.ask()
    asked_in(desks)
    desks.turn(DAY)
    other = {"dialed": NUMBER, "caller_number": "1001"} if direction == "outbound" else {}
    spoken_with(desks, direction=direction, **other)
    assert waiting(desks) == ()
    (row,) = waiting(desks, closed=True)
    assert row.closed_how == how


def test_a_conversation_that_becomes_known_late_takes_it_off_the_list(desks: Desks) -> None:
    """The ledger tells of a call that happened before the call-back's time was over."""
    desks.ask()
    asked_in(desks)
    desks.turn(DAY)
    desks.store.clock.at = NOW + timedelta(hours=1)
    spoken_with(desks)
    assert waiting(desks) == ()


def test_told_again_its_own_call_adds_nothing(desks: Desks) -> None:
    desks.ask()
    asked_in(desks)
    desks.turn(DAY)
    before = waiting(desks)
    asked_in(desks)
    assert waiting(desks) == before


def test_who_was_missed_before_and_asks_waits_in_one_list_alone(desks: Desks) -> None:
    earlier = NOW - timedelta(minutes=20)
    told = {"live": False, "result": "missed", "started_at": earlier, "ended_at": earlier}
    desks.write(call("16.1", wait_seconds=60.0, **told))
    assert counted(desks) == 1
    desks.ask()
    assert (waiting(desks), counted(desks)) == ((), 0)
    asked_in(desks)
    desks.turn(DAY)
    (row,) = waiting(desks)
    assert (row.times, row.first_at) == (2, earlier)


def test_who_asked_in_two_queues_waits_again_once_both_are_given_up(desks: Desks) -> None:
    with desks.store.unit_of_work() as uow:
        uow.staffing.save_queue("sales", {"callback_hours": 48})
        uow.commit()
    desks.ask()
    desks.ask(queue="sales")
    desks.turn(DAY)
    assert waiting(desks) == ()
    desks.turn(DAY)
    (row,) = waiting(desks)
    assert row.number == NUMBER


def test_what_a_person_took_off_the_list_stays_off_however_often_its_call_is_told(
    desks: Desks,
) -> None:
    desks.ask()
    asked_in(desks)
    desks.store.clock.pass_by(60)
    callback_requests.close(1, "cancelled", "a wrong number", user_id=desks.anna, **desks.act)
    asked_in(desks)
    assert waiting(desks) == ()


def test_closed_there_by_hand_it_does_not_come_back_but_a_later_call_back_given_up_does(
    desks: Desks,
) -> None:
    desks.ask()
    desks.turn(DAY)
    (row,) = waiting(desks)
    missed_calls.close(row.id, "wrote a mail", user_id=desks.anna, **desks.act)
    asked_in(desks)
    assert waiting(desks) == ()
    desks.ask()
    desks.turn(DAY)
    assert [one.number for one in waiting(desks)] == [NUMBER]


def test_what_was_given_up_is_found_by_an_index(desks: Desks) -> None:
    with desks.store.unit_of_work() as uow:
        connection = uow._connection
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set enable_seqscan = off")
        plans = Plans(connection)
        uow.missed.contacts([NUMBER], [], NOW)
        uow.missed.closed_by_hand([NUMBER])
        uow.missed.counts()
        missed.page(connection, MissedFilters(), None, 10)
    assert plans.full_scans(("callback_requests", "interactions", "missed_calls")) == []
