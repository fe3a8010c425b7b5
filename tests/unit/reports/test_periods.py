"""Periods follow the clock on the wall, and their parts leave nothing out."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.errors import Invalid
from callcenter.reporting.spans import before
from callcenter.reports.periods import HALF, Part, Period, half_of

WARSAW = "Europe/Warsaw"
PARTS: tuple[Part, ...] = ("half_hour", "hour", "day", "week", "month", "year")
ZONES = ("UTC", WARSAW, "America/New_York", "Asia/Kathmandu", "America/Santiago", "Africa/Cairo")


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_has_as_many_hours_as_its_clock_shows(day: date, hours: int) -> None:
    period = Period.days(day, day, WARSAW)
    assert period.end - period.start == timedelta(hours=hours)
    assert len(period.buckets("hour")) == hours
    assert len({bucket.key for bucket in period.buckets("hour")}) == hours


def test_a_day_that_has_no_midnight_begins_with_its_first_moment() -> None:
    period = Period.days(date(2026, 4, 24), date(2026, 4, 24), "Africa/Cairo")
    assert period.end - period.start == timedelta(hours=23)
    assert period.local_start.date() == date(2026, 4, 24)


@given(
    first=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    length=st.integers(0, 40),
    zone=st.sampled_from(ZONES),
    part=st.sampled_from(PARTS),
)
def test_parts_of_a_period_are_the_period(first: date, length: int, zone: str, part: Part) -> None:
    period = Period.days(first, first + timedelta(days=length), zone)
    buckets = period.buckets(part)
    assert (buckets[0].start, buckets[-1].end) == (period.start, period.end)
    for one, following in itertools.pairwise(buckets):
        assert one.start < one.end == following.start
    keys = [bucket.key for bucket in buckets]
    assert len(set(keys)) == len(keys)


def test_the_period_before_a_month_is_the_month_before() -> None:
    march = Period.month(2026, 3, WARSAW)
    assert march.previous() == Period.month(2026, 2, WARSAW)
    week = Period.days(date(2026, 3, 30), date(2026, 4, 5), WARSAW)
    assert week.previous() == Period.days(date(2026, 3, 23), date(2026, 3, 29), WARSAW)


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (date(2027, 3, 27), "Asia/Beirut"),
        (date(2027, 3, 28), "Asia/Beirut"),
        (date(2027, 4, 29), "Africa/Cairo"),
        (date(2027, 9, 4), "America/Santiago"),
    ],
)
def test_the_day_before_one_that_has_no_midnight_or_ends_at_none_is_a_whole_day(
    day: date, zone: str
) -> None:
    the_day_before = day - timedelta(days=1)
    period = Period.days(day, day, zone)
    assert period.previous() == Period.days(the_day_before, the_day_before, zone)
    assert before("yesterday", period) == period.previous()


@given(
    first=st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    length=st.integers(1, 40),
    zone=st.sampled_from(ZONES),
)
def test_the_period_before_whole_days_is_as_many_whole_days_and_touches_it(
    first: date, length: int, zone: str
) -> None:
    last = first + timedelta(days=length - 1)
    period = Period.days(first, last, zone)
    earlier = period.previous()
    assert earlier.end == period.start
    days = len(earlier.buckets("day"))
    assert days == length or first.day == 1  # whole months are compared with months


def test_today_so_far_ends_with_the_half_hour_under_way() -> None:
    period = Period.until_now(datetime(2026, 3, 2, 9, 40, tzinfo=UTC), WARSAW)
    assert period.start == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert len(list(period.halves())) == (period.end - period.start) // HALF
    assert half_of(period.end - timedelta(seconds=1)) == period.end - HALF


def test_a_period_that_is_none_is_refused_in_words() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(Invalid):
        Period(start=now, end=now)
    with pytest.raises(Invalid):
        Period(start=now, end=now + timedelta(days=4000))
    with pytest.raises(Invalid):
        Period(start=now, end=now + HALF, zone="Moon/Base")
