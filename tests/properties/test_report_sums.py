"""Laws of the sums of reports: halves are what the contacts say, and days, months and other
groupings are what the halves say, also where clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from callcenter.calls.record import CallRecord
from callcenter.queries.reports import answer
from callcenter.reports.periods import HALF, Period
from callcenter.reports.question import By, Question, ServiceLevel
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from callcenter.store.tables import (
    calls,
    contact_days,
    contact_halves,
    interactions,
    operator_halves,
    queue_visits,
    report_dirty,
)
from callcenter.store.tables.base import metadata
from tests.support.report_days import Wait, sum_up, told, write
from tests.support.store import Store

COUNTS = ("contacts", "offered", "answered", "abandoned", "short_abandoned", "overflowed")
SECONDS = ("talk", "hold", "wait_longest")
SUMS = (*COUNTS, "given_up", "handled", "transferred", *SECONDS)
SHARES = ("service_level", "asa", "abandonment", "aht")
ZONES = ("UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 11, 1))
GROUPS: tuple[tuple[By, ...], ...] = (
    *((), ("half_hour",), ("hour",), ("day",), ("week",), ("month",), ("weekday",)),
    *(("time_of_day",), ("queue",), ("day", "queue")),
)
_OWN = {contact_halves, contact_days, operator_halves, queue_visits, report_dirty}
_FILLED = [
    table
    for table in reversed(metadata.sorted_tables)
    if table in {*_OWN, interactions, calls}
    or any(key.column.table in {calls, interactions} for key in table.foreign_keys)
]
waits = st.builds(
    Wait,
    st.sampled_from(("support", "sales")),
    st.integers(0, 130).map(float),
    st.sampled_from(("answered", "abandoned", "overflow", "given_up")),
    talk=st.integers(0, 4000).map(float),
    hold=st.integers(0, 100).map(float),
)


@st.composite
def days(draw: st.DrawFn) -> tuple[date, list[CallRecord]]:
    """Calls from the day before a change of clocks until the day after it."""
    change = draw(st.sampled_from(CHANGES))
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=1)
    moments = draw(st.lists(st.integers(0, 3 * 86400), min_size=1, max_size=12))
    return change, [
        told(n, start + timedelta(seconds=at), *draw(st.lists(waits, min_size=1, max_size=3)))
        for n, at in enumerate(moments)
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path_factory.mktemp('sums') / 'callcenter.db'}"
    migrate.upgrade(url)
    engine = store_engine.create(url)
    store = Store(engine)
    store.add_user("anna", "1001")
    yield store
    engine.dispose()


def emptied(store: Store) -> Store:
    with store.engine.begin() as connection:
        for table in _FILLED:
            connection.execute(delete(table))
    return store


def asked(store: Store, question: Question) -> dict[tuple[str, ...], tuple[float | None, ...]]:
    with store.engine.connect() as connection:
        found = answer(connection, question)
    rows = {row.key: tuple(row.values.values()) for row in found.rows}
    return {**rows, ("all",): tuple(found.totals.values())}


def sums(store: Store) -> list[list[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(select(table)))
            for table in (contact_halves, contact_days, operator_halves)
        ]


_FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_FEW
@given(told_days=days(), zone=st.sampled_from(ZONES), by=st.sampled_from(GROUPS))
def test_sums_say_what_the_contacts_say(
    kept: Store, told_days: tuple[date, list[CallRecord]], zone: str, by: tuple[By, ...]
) -> None:
    change, records = told_days
    write(emptied(kept), records)
    one = timedelta(days=1)
    period = Period.days(change - one, change + one, zone)
    ask = {"kpis": (*SUMS, *SHARES), "period": period, "by": by}
    # 21 seconds are no bound of the sums: read from the contacts, whatever is summed up.
    unsummed, exact = Question(**ask), Question(**ask, sl=ServiceLevel(seconds=21))  # type: ignore[arg-type]
    before = asked(kept, unsummed)
    sum_up(kept)
    after = asked(kept, unsummed)
    assert after.keys() == before.keys()
    level = (*SUMS, *SHARES).index("service_level")
    detail = asked(kept, exact)
    for key, row in after.items():
        assert row == pytest.approx(before[key])
        assert without(row, level) == pytest.approx(without(detail[key], level))
    parts = [row for key, row in after.items() if key != ("all",)]
    for place, name in enumerate(SUMS):
        if by and name != "wait_longest":
            whole = after["all",][place]
            assert sum(row[place] or 0 for row in parts) == pytest.approx(whole), name


def without(row: tuple[float | None, ...], place: int) -> tuple[float | None, ...]:
    return (*row[:place], *row[place + 1 :])


@_FEW
@given(told_days=days(), moved=st.integers(0, 11), to=st.integers(0, 3 * 48), wait=waits)
def test_summed_up_again_or_corrected_is_as_if_it_had_been_so_from_the_first(
    kept: Store, told_days: tuple[date, list[CallRecord]], moved: int, to: int, wait: Wait
) -> None:
    change, records = told_days
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=1)
    write(emptied(kept), records)
    sum_up(kept)
    once = sums(kept)
    with kept.unit_of_work() as uow:
        uow.report_facts.mark("contacts", [start + HALF * n for n in range(4 * 48)])
        uow.commit()
    sum_up(kept)
    assert sums(kept) == once
    number = moved % len(records)
    truth = told(number, start + HALF * to, wait)
    write(kept, [truth])
    sum_up(kept)
    corrected = sums(kept)
    write(emptied(kept), [*records[:number], truth, *records[number + 1 :]])
    sum_up(kept)
    assert sums(kept) == corrected
