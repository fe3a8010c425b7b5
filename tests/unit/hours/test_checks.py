"""Slips in hours are found while they are typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from callcenter.hours.calendar import NEVER, Calendar, Closure, Interval, SpecialDay, Week
from callcenter.hours.checks import check_calendar, check_closure, check_special_day
from callcenter.hours.written import Unread, alike_days, read_day, write_day

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def calendar(*monday: str, **changes: object) -> Calendar:
    day = read_day(", ".join(monday))
    assert not isinstance(day, Unread)
    values = {"key": "a", "title": "A", "time_zone": "Europe/Warsaw", "week": (day, *NEVER[1:])}
    return Calendar(**(values | changes))  # type: ignore[arg-type]


def found(that: Calendar) -> list[tuple[str, str, str]]:
    return [(one.field, one.code, one.severity) for one in check_calendar(that, TODAY)]


@pytest.mark.parametrize(
    ("monday", "expected"),
    [
        (("9-13", "14-18"), []),
        (("9-13", "13-18"), []),
        (("9-13", "12-18"), [("mon", "overlap", "error")]),
        (("9-13", "13:01-18"), [("mon", "gap", "warning")]),
        (("0:00-23:59",), [("mon", "gap", "warning")]),
        ((), [("week", "never_open", "error")]),
    ],
)
def test_a_week_is_looked_through(
    monday: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    assert found(calendar(*monday)) == expected


def test_a_late_start_after_a_night_is_taken_for_a_slip() -> None:
    week: Week = ((Interval(1200, 1440),), (Interval(5, 300),), *NEVER[2:])
    assert found(calendar(week=week)) == [("tue", "gap", "warning")]


def test_a_calendar_of_special_days_alone_is_only_warned_of() -> None:
    fair = SpecialDay(day=TODAY, kind="open", intervals=(Interval(540, 600),))
    assert found(calendar(special_days=(fair,))) == [("week", "never_open", "warning")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"time_zone": "Europe/Atlantis"}, ("time_zone", "unknown_zone")),
        ({"time_zone": ""}, ("time_zone", "unknown_zone")),
        ({"time_zone": "../../etc/passwd"}, ("time_zone", "unknown_zone")),
        ({"title": " "}, ("title", "title_missing")),
        ({"country": "XX"}, ("country", "unknown_country")),
        ({"country": "DE", "subdivision": "QQ"}, ("subdivision", "unknown_subdivision")),
    ],
)
def test_what_is_not_known_is_refused(
    changes: dict[str, object], expected: tuple[str, str]
) -> None:
    assert found(calendar("9-18", **changes)) == [(*expected, "error")]


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [(0, 60, ""), (60, 60, "closure_reversed"), (-120, -60, "closure_past"),
     (0, 60 * 24 * 400, "closure_long")],
)  # fmt: skip
def test_a_closure_must_be_to_come(starts: int, ends: int, code: str) -> None:
    minute = timedelta(minutes=1)
    closure = Closure(starts_at=NOW + starts * minute, ends_at=NOW + ends * minute)
    assert [one.code for one in check_closure(closure, NOW)] == [code] * bool(code)


def test_a_special_day_of_the_past_changes_nothing_any_more() -> None:
    problems = check_special_day(TODAY - timedelta(days=1), (), TODAY)
    assert [one.code for one in problems] == ["day_past"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9-18", "09:00–18:00"),
        ("14:00 – 18:00; 9.30-13", "09:30–13:00, 14:00–18:00"),
        ("9 to 17", "09:00–17:00"),
        ("24h", "00:00–24:00"),
        ("", ""),
        ("-", ""),
    ],
)
def test_hours_are_read_as_people_type_them(text: str, expected: str) -> None:
    read = read_day(text)
    assert not isinstance(read, Unread)
    assert write_day(read) == expected
    assert read_day(write_day(read)) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nine to five", "unreadable"),
        ("9", "unreadable"),
        ("9-25", "unreadable"),
        ("18-9", "past_midnight"),
        ("14-13", "reversed"),
        ("9-9", "reversed"),
        ("22:00-6:00", "past_midnight"),
        (",".join(["1-2"] * 9), "too_many"),
        ("9-18\x00", "unreadable"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_reason(text: str, code: str) -> None:
    read = read_day(text)
    assert isinstance(read, Unread)
    assert read.code == code


def test_days_alike_are_told_together() -> None:
    day = (Interval(540, 1080),)
    assert alike_days((*(day,) * 5, (), ())) == [(0, 4, day), (5, 6, ())]
