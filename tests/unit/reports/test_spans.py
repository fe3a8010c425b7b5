"""Which stretches of a period are counted in the database and which in the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callcenter.queries.reports.spans import around, stretches, without

MARCH = (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def test_a_local_month_is_the_archives_though_its_first_hours_are_of_the_month_before() -> None:
    local = (MARCH[0] - HOUR, MARCH[1] - 2 * HOUR)
    assert stretches(local, [MARCH]) == ([], [local])


def test_the_month_after_it_is_the_databases() -> None:
    local = (MARCH[1] - 2 * HOUR, MARCH[1] + timedelta(days=30))
    assert stretches(local, [MARCH]) == ([local], [])


def test_a_long_time_is_counted_where_each_part_of_it_is() -> None:
    long = (MARCH[0] - WEEK, MARCH[1] + WEEK)
    before, after = (long[0], MARCH[0]), (MARCH[1], long[1])
    assert stretches(long, [MARCH]) == ([before, after], [MARCH])


def test_months_that_touch_are_one_stretch() -> None:
    april = (MARCH[1], datetime(2024, 5, 1, tzinfo=UTC))
    assert stretches((MARCH[0], april[1]), [april, MARCH]) == ([], [(MARCH[0], april[1])])


def test_an_hour_is_counted_where_it_is() -> None:
    hour = (MARCH[0] + WEEK, MARCH[0] + WEEK + HOUR)
    assert stretches(hour, [MARCH]) == ([], [hour])
    assert stretches(hour, []) == ([hour], [])


def test_what_is_around_stretches_ends_with_the_whole() -> None:
    whole = (MARCH[0] - HOUR, MARCH[1] + 2 * WEEK)
    assert around([MARCH], WEEK, whole) == [(whole[0], MARCH[1] + WEEK)]
    assert without(whole, around([MARCH], WEEK, whole)) == [(MARCH[1] + WEEK, whole[1])]
