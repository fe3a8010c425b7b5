"""When a report goes out, of which days, and what is wrong with a schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callcenter.errors import Invalid
from callcenter.reporting.schedule import Schedule, check, days_before, next_after, retry_after

DAILY = Schedule(
    title="Daily", report="speed", zone="Europe/Warsaw", at="07:00", recipients=("a@example.com",)
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "after", "due"),
    [
        ({}, "2026-11-22T12:00", "2026-11-23T06:00"),
        ({}, "2026-11-22T05:59", "2026-11-22T06:00"),
        ({}, "2026-11-22T06:00", "2026-11-23T06:00"),
        ({"every": "week", "day": 1}, "2026-11-22T12:00", "2026-11-23T06:00"),
        ({"every": "week", "day": 7}, "2026-11-22T12:00", "2026-11-29T06:00"),
        ({"every": "month", "day": 28}, "2027-01-30T12:00", "2027-02-28T06:00"),
        # Clocks skip 02:30 in spring; in autumn it comes twice and the report goes once.
        ({"at": "02:30"}, "2026-03-28T12:00", "2026-03-29T01:30"),
        ({"at": "02:30"}, "2026-10-24T12:00", "2026-10-25T00:30"),
        ({"at": "02:30"}, "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_it_goes_at_its_time_on_the_clock_of_its_zone(
    changes: dict[str, object], after: str, due: str
) -> None:
    assert next_after(replace(DAILY, **changes), utc(after)) == utc(due)  # type: ignore[arg-type]


def test_it_is_about_the_whole_day_week_or_month_before() -> None:
    assert days_before(DAILY, NOON) == (date(2026, 11, 21), date(2026, 11, 21))
    weekly = replace(DAILY, every="week")
    assert days_before(weekly, NOON) == (date(2026, 11, 9), date(2026, 11, 15))
    monthly = replace(DAILY, every="month")
    assert days_before(monthly, NOON) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"report": "horoscope"}, "report"),
        ({"format": "exe"}, "format"),
        ({"every": "hour"}, "every"),
        ({"every": "month", "day": 31}, "day"),
        ({"every": "week", "day": 0}, "day"),
        ({"at": "25:00"}, "at"),
        ({"zone": "Warsaw/../etc"}, "zone"),
        ({"recipients": ()}, "recipients"),
        ({"recipients": ("nobody",)}, "recipients"),
        ({"recipients": ("a@example.com\nBcc: b@example.com",)}, "recipients"),
        ({"recipients": tuple(f"a{n}@example.com" for n in range(21))}, "recipients"),
    ],
)
def test_what_is_wrong_with_one_is_told_by_its_field(
    changes: dict[str, object], field: str
) -> None:
    check(DAILY)
    with pytest.raises(Invalid) as refused:
        check(replace(DAILY, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_server_that_refuses_is_asked_ever_more_seldom_and_then_no_more() -> None:
    waits = [retry_after(number) for number in range(1, 10)]
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] is None
    told = [one for one in waits if one is not None]
    assert told == sorted(told)
