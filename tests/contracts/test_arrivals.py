"""Calls of past half hours and those to come, from the sums of reports, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select

from callcenter.erlang.goals import StaffingGoal
from callcenter.errors import Invalid
from callcenter.hours.calendar import Calendar, Interval
from callcenter.queries import arrivals
from callcenter.services.hours import HoursDesk
from callcenter.services.staffing_plans import save_goal
from callcenter.store import tables
from tests.support.plans import Plans
from tests.support.store import StandingClock, Store

NOW = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)  # a Monday
CLOCK = StandingClock(NOW)
HALF, DAY = timedelta(minutes=30), timedelta(days=1)


def _add(store: Store, queue: str, half: datetime, offered: int, **other: object) -> None:
    row = {
        "half": half,
        "channel": "call",
        "direction": "inbound",
        "queue": queue,
        "dialed": "",
        "trunk": "",
        "offered": offered,
        "handled": offered,
        "talk": 100.0 * offered,
        "hold": 10.0 * offered,
        "wrap_up": 20.0 * offered,
    }
    with store.engine.begin() as connection:
        connection.execute(insert(tables.contact_halves), [row | other])


def _morning(store: Store, queue: str, weeks: int, calls: int, days: int = 7) -> None:
    """Half past nine to half past eleven, every Monday."""
    for week in range(1, weeks + 1):
        start = datetime.combine(NOW.date(), time(9, 30), UTC) - week * days * DAY
        for number in range(4):
            _add(store, queue, start + number * HALF, calls)


def _save(store: Store, goal: StaffingGoal, *queues: str) -> None:
    save_goal(goal, queues, user_id=_admin(store), unit_of_work=store.unit_of_work, clock=CLOCK)


def _with_queue(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.staffing.save_queue("sales", {"title": "Sales"})
        uow.commit()


def _admin(store: Store) -> int:
    return store.add_user("ada")


def test_calls_of_several_queues_are_added_up_without_mails_and_calls_out(store: Store) -> None:
    half = NOW - DAY - timedelta(minutes=15)
    _add(store, "sales", half, 3)
    _add(store, "support", half, 2)
    _add(store, "other", half, 9)
    _add(store, "sales", half, 9, channel="email")
    _add(store, "sales", half, 9, direction="outbound")
    with store.engine.connect() as connection:
        found = arrivals.by_half(connection, ("sales", "support"), half, half + HALF)
    assert found == {half: arrivals.Arrived(5, 5, 650.0)}


def test_the_next_hour_is_that_of_the_mondays_before(store: Store) -> None:
    _morning(store, "sales", 4, 12)
    _add(store, "sales", NOW - timedelta(minutes=45), 12)
    with store.engine.connect() as connection:
        found = arrivals.next_hours(connection, NOW, ("sales", "new"))
        assert found["new"] is None
        assert found["sales"] == pytest.approx(24, abs=0.5)
        assert arrivals.next_hour(connection, NOW, "sales") == found["sales"]


def test_nobody_is_expected_while_the_queue_is_closed(store: Store) -> None:
    closed_mondays = ((), *((Interval(540, 1080),),) * 4, (), ())
    week = Calendar(key="", title="Office", time_zone="UTC", week=closed_mondays)
    HoursDesk(store.unit_of_work, CLOCK).create(week)
    _morning(store, "sales", 3, 12)
    _with_queue(store)
    _save(store, StaffingGoal(calendar="office"), "sales")
    with store.engine.connect() as connection:
        assert arrivals.next_hour(connection, NOW, "sales") == 0


def test_who_is_at_work_are_the_people_of_the_queue_who_take_calls_or_could(store: Store) -> None:
    half = NOW - timedelta(minutes=45)
    rows = [(1, "ready", 900.0), (1, "talking", 900.0), (2, "paused", 1800.0), (3, "ready", 900.0)]
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.state_halves),
            [
                {"half": half, "user_id": who, "state": state, "reason": "", "productive": True}
                | {"seconds": seconds}
                for who, state, seconds in rows
            ],
        )
        assert arrivals.at_work(connection, (1, 2), half, half + HALF) == {half: 1.0}


def test_a_goal_is_kept_for_each_queue_and_in_the_audit_with_what_was_before(store: Store) -> None:
    _with_queue(store)
    admin = _admin(store)
    for percent in (90, 95, 95):
        save_goal(
            StaffingGoal(percent=percent),
            ("sales",),
            user_id=admin,
            unit_of_work=store.unit_of_work,
            clock=CLOCK,
        )
    with store.unit_of_work() as uow:
        assert uow.staffing_goals.all() == {"sales": StaffingGoal(queue="sales", percent=95)}
    query = select(tables.audit_log.c.detail).where(
        tables.audit_log.c.action == "staffing_goal_changed"
    )
    with store.engine.connect() as connection:
        told = [row.detail for row in connection.execute(query.order_by(tables.audit_log.c.id))]
    assert [one["after"]["percent"] for one in told] == [90, 95]
    assert (told[0]["before"], told[1]["before"]["percent"]) == (None, 90)


@pytest.mark.parametrize(
    ("goal", "queues", "field"),
    [
        (StaffingGoal(percent=100), ("sales",), "percent"),
        (StaffingGoal(shrinkage_percent=-1), ("sales",), "shrinkage_percent"),
        (StaffingGoal(calendar="nowhere"), ("sales",), "calendar"),
        (StaffingGoal(), ("nowhere",), "queue"),
        (StaffingGoal(), (), "queue"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_by_its_field(
    store: Store, goal: StaffingGoal, queues: tuple[str, ...], field: str
) -> None:
    _with_queue(store)
    with pytest.raises(Invalid) as error:
        _save(store, goal, *queues)
    assert error.value.field == field


def test_arrivals_are_read_along_an_index(shared_store: Store) -> None:
    halves = [
        {"half": NOW + number * HALF, "channel": "call", "direction": "inbound"}
        | {"queue": f"q{queue}", "dialed": "", "trunk": ""}
        for number in range(600)
        for queue in range(8)
    ]
    with shared_store.engine.begin() as connection:
        connection.execute(insert(tables.contact_halves), halves)
        connection.execute(
            insert(tables.state_halves),
            [
                {"half": NOW + number * HALF, "user_id": who, "state": "ready", "reason": ""}
                | {"productive": True}
                for number in range(600)
                for who in range(8)
            ],
        )
    with shared_store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as once:
        once.exec_driver_sql("ANALYZE")
    with shared_store.engine.connect() as connection:
        plans = Plans(connection)
        arrivals.by_half(connection, ("q1",), NOW, NOW + DAY)
        arrivals.next_hours(connection, NOW + 9 * DAY, ("q1", "q2"))
        arrivals.at_work(connection, (1,), NOW, NOW + DAY)
        assert plans.full_scans(("contact_halves", "state_halves")) == []
