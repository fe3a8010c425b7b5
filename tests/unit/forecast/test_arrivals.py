"""What is forecast, on weeks that are made up with known truth."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from math import exp, sin
from random import Random
from zoneinfo import ZoneInfo

import pytest

from callcenter.forecast.arrivals import HALF, Past, floor, next_hour, pattern

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def _usual(half: datetime) -> float:
    """A centre's week: open from 8 to 18 on workdays, busiest on Mondays and before noon."""
    here = half.astimezone(WARSAW)
    if here.weekday() > 4 or not time(8) <= here.time() < time(18):
        return 0.0
    hour = here.hour + here.minute / 60
    return (1.3 if here.weekday() == 0 else 1.0) * (18 + 14 * sin((hour - 6) / 4))


def _poisson(random: Random, mean: float) -> int:
    count, left = 0, random.random()
    term = total = exp(-mean)
    while left > total:
        count += 1
        term *= mean / count
        total += term
    return count


def _weeks(number: int, seed: int, spread: float = 0.0) -> dict[datetime, float]:
    random, told = Random(seed), {}
    for day in range(7 * number):
        busy = max(0.2, random.gauss(1.0, spread)) if spread else 1.0
        for part in range(48):
            half = MONDAY + day * DAY + part * HALF
            told[half] = float(_poisson(random, busy * _usual(half)))
    return told


def _past(told: dict[datetime, float], until: datetime) -> Past:
    known = {half: calls for half, calls in told.items() if half < until}
    return Past(offered=known, since=MONDAY, until=until, zone=WARSAW)


def test_weeks_to_come_are_forecast_nearer_than_by_the_week_before() -> None:
    told = _weeks(9, seed=3, spread=0.1)
    last = MONDAY + 56 * DAY
    found = pattern(_past(told, last))
    halves = [last + number * HALF for number in range(7 * 48)]
    ours = sum((found.expected(half).calls - _usual(half)) ** 2 for half in halves)
    naive = sum((told[half - 7 * DAY] - _usual(half)) ** 2 for half in halves)
    assert ours < naive / 2
    assert sum(found.expected(half).calls for half in halves) == pytest.approx(
        sum(map(_usual, halves)), rel=0.08
    )


def test_todays_level_brings_the_afternoon_nearer_than_the_usual_week() -> None:
    told = _weeks(9, seed=5, spread=0.25)
    with_level = without = 0.0
    for day in range(56, 61):
        at = MONDAY + day * DAY + timedelta(hours=11)
        found = pattern(_past(told, at))
        level = found.level(at - number * HALF for number in range(1, 12))
        for half in (at + number * HALF for number in range(8)):
            with_level += (level * found.expected(half).calls - told[half]) ** 2
            without += (found.expected(half).calls - told[half]) ** 2
    assert with_level < 0.8 * without


def test_days_that_are_all_alike_leave_the_level_at_one() -> None:
    told = {MONDAY + number * HALF: 20.0 for number in range(21 * 48)}
    at = MONDAY + 20 * DAY + timedelta(hours=12)
    assert pattern(_past(told, at)).level([at - HALF, at - 2 * HALF]) == pytest.approx(1.0)


def test_newer_weeks_count_for_more() -> None:
    half = MONDAY + timedelta(hours=10)
    told = {half: 10.0, half + 7 * DAY: 20.0}
    found = pattern(_past(told, MONDAY + 14 * DAY)).expected(half + 14 * DAY)
    assert found.weeks == 2
    assert 15 < found.calls < 20


def test_the_next_hour_takes_its_part_of_each_half_hour() -> None:
    told = {MONDAY + number * HALF: 12.0 + number % 2 * 12 for number in range(15 * 48)}
    at = MONDAY + 14 * DAY + timedelta(hours=10, minutes=20)
    # A third of 12, all of 24, two thirds of 12.
    assert next_hour(pattern(_past(told, at)), at) == pytest.approx(36, rel=0.01)


def test_nobody_is_expected_while_we_are_closed_and_closed_days_do_not_count() -> None:
    half = MONDAY + timedelta(hours=10)
    told = {half: 30.0, half + 14 * DAY: 30.0, half + 7 * DAY: 1.0}
    holidays = {(MONDAY + number * DAY).date() for number in (7, 28)}
    past = Past(
        offered=told,
        since=MONDAY,
        until=MONDAY + 21 * DAY,
        zone=WARSAW,
        is_open=lambda one: one.date() not in holidays,
    )
    assert pattern(past).expected(half + 21 * DAY).calls == pytest.approx(30)
    assert pattern(past).expected(half + 28 * DAY).calls == 0


def test_a_day_without_any_call_is_one_when_nobody_was_there() -> None:
    half = MONDAY + timedelta(hours=10)
    told = {half: 30.0, half + 14 * DAY: 30.0}
    found = pattern(_past(told, MONDAY + 21 * DAY)).expected(half + 21 * DAY)
    assert found.weeks == 2
    assert found.calls == pytest.approx(30)


def test_without_a_past_nothing_is_known() -> None:
    found = pattern(_past({}, MONDAY))
    assert found.expected(MONDAY + DAY).weeks == 0
    assert next_hour(found, MONDAY + DAY) == 0
    assert found.level([MONDAY]) == 1


def test_half_hours_keep_their_place_on_the_clock_when_it_changes() -> None:
    """The clocks go back on 25 October 2026: nine o'clock is an hour later in UTC from then on."""
    before = datetime(2026, 10, 19, 7, tzinfo=UTC)
    told = {before: 40.0}
    past = Past(
        offered=told, since=before - DAY, until=before + DAY, zone=ZoneInfo("Europe/Warsaw")
    )
    found = pattern(past)
    assert found.expected(datetime(2026, 10, 26, 8, tzinfo=UTC)).calls == 40
    assert found.expected(datetime(2026, 10, 26, 7, tzinfo=UTC)).calls == 0


def test_half_hours_begin_at_whole_ones() -> None:
    assert floor(datetime(2026, 9, 7, 10, 59, 59, tzinfo=UTC)) == datetime(
        2026, 9, 7, 10, 30, tzinfo=UTC
    )
