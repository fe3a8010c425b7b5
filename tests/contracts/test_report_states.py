"""Operators' time by half hours, wrap-up with its call, and plans of what reports ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from callcenter.agents.staffing import PauseReason
from callcenter.queries.reports import answer, contacts
from callcenter.reports.periods import Period
from callcenter.reports.question import By, Cell, Question
from callcenter.store.tables import agent_history, agents
from tests.support.plans import Plans
from tests.support.report_days import Wait, sum_up, told, write
from tests.support.store import NOW, Store

DAY = Period.days(date(2026, 3, 2), date(2026, 3, 2), "UTC")
_LARGE = ("queue_visits", "interactions", "calls", "call_legs", "agent_history", "contact_halves")


@pytest.fixture
def worked(store: Store) -> Iterator[Store]:
    """From 9:00: ready 20 min, a call 10 min, wrap-up 5 min in the next half, too long a pause."""
    user = store.add_user("anna", "1001")
    with store.unit_of_work() as uow:
        uow.staffing.save_pause_reason(PauseReason(code="lunch", title="Lunch", limit_seconds=1800))
        uow.commit()
    write(store, [told(1, NOW + timedelta(minutes=20), Wait("support", 6, talk=594))])
    spells = (
        ("ready", "", 0, 20),
        ("talking", "", 20, 30),
        ("wrap_up", "", 30, 35),
        ("paused", "lunch", 35, 75),
        ("ready", "", 75, 90),
    )
    with store.engine.begin() as connection:
        first = {"user_id": user, "state": "offline", "since": NOW, "chosen": "offline"}
        connection.execute(insert(agents).values(first))
        for state, reason, began, ended in spells:
            row = {"user_id": user, "state": state, "reason": reason}
            row |= {"productive": state != "paused"}
            row |= {"call_id": "pbx/1.1" if state in ("talking", "wrap_up") else None}
            row |= {"began_at": NOW + timedelta(minutes=began)}
            row |= {"ended_at": NOW + timedelta(minutes=ended)}
            connection.execute(insert(agent_history).values(row))
    with store.unit_of_work() as uow:
        uow.report_facts.mark("states", [NOW + timedelta(minutes=30 * n) for n in range(3)])
        uow.commit()
    sum_up(store)
    return store


def ask(store: Store, *kpis: str, by: tuple[By, ...] = ()) -> dict[tuple[str, ...], list[object]]:
    with store.engine.connect() as connection:
        found = answer(connection, Question(kpis=kpis, period=DAY, by=by))
    rows = {row.key: list(row.values.values()) for row in found.rows}
    return rows | {("all",): list(found.totals.values())}


def test_states_are_cut_at_half_hours_and_shares_are_of_sums(worked: Store) -> None:
    found = ask(worked, "logged_in", "ready", "paused", "wrapping_up", by=("time_of_day",))
    assert found == {
        ("09:00",): [1800.0, 1200.0, 0.0, 0.0],
        ("09:30",): [1800.0, 0.0, 1500.0, 300.0],
        ("10:00",): [1800.0, 900.0, 900.0, 0.0],
        ("all",): [5400.0, 2100.0, 2400.0, 300.0],
    }
    shares = ask(worked, "occupancy", "utilisation", "pause_adherence")[("all",)]
    assert shares == [pytest.approx(900 / 3000), pytest.approx(900 / 5400), 0.0]


def test_handling_time_has_the_wrap_up_that_truly_was(worked: Store) -> None:
    assert ask(worked, "aht", "wrap_up", by=("queue",))[("support",)] == [894.0, 300.0]
    assert ask(worked, "aht", by=("operator",))[("all",)] == [894.0]


def test_states_know_nothing_of_queues(worked: Store) -> None:
    found = ask(worked, "offered", "occupancy", by=("queue",))
    assert found[("support",)] == [1.0, None]


def test_no_question_reads_a_large_table_through(store: Store) -> None:
    write(
        store,
        [told(n, NOW - timedelta(hours=n), Wait("support", 5, talk=60)) for n in range(2000)],
    )
    sum_up(store)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("analyze")
    with store.engine.connect() as connection:
        for kpis, by in (
            (("offered", "asa"), ("queue",)),
            (("offered",), ("half_hour",)),
            (("offered",), ("operator",)),
            (("repeated",), ()),
        ):
            plans = Plans(connection)
            answer(connection, Question(kpis=kpis, period=DAY, by=by))  # type: ignore[arg-type]
            assert plans.full_scans(_LARGE) == [], (kpis, by, plans.lines)
        plans = Plans(connection)
        question = Question(kpis=("offered",), period=DAY)
        page = contacts(connection, question, Cell(kpi="offered"), limit=2)
        contacts(connection, question, Cell(kpi="offered"), page.next_cursor, limit=2)
        assert plans.full_scans(_LARGE) == [], plans.lines
        plans = Plans(connection)
        year = Period.days(date(2025, 1, 1), date(2025, 12, 31), "Europe/Warsaw")
        answer(connection, Question(kpis=("offered",), period=year, by=("month",)))
        assert plans.full_scans(("queue_visits", "interactions", "calls", "call_legs")) == []
