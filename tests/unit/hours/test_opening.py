"""When we are there, told right on any day of any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.hours.calendar import (
    NEVER,
    Calendar,
    Closure,
    Interval,
    SpecialDay,
    Week,
    clock_minutes,
    week_from_json,
    week_to_json,
)
from callcenter.hours.opening import is_open, next_opening
from callcenter.hours.timetable import Timetable

WARSAW = ZoneInfo("Europe/Warsaw")
NIGHTS: Week = ((Interval(0, 6 * 60), Interval(22 * 60, 1440)),) * 7
OFFICE = Calendar(key="office", title="Office", time_zone="Europe/Warsaw", country="PL")


def at(text: str, zone: str = "Europe/Warsaw") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def told(calendar: Calendar, text: str, *closures: Closure) -> tuple[bool, str, str]:
    now = is_open(calendar, closures, at(text))
    until = now.until.astimezone(WARSAW).strftime("%Y-%m-%d %H:%M") if now.until else ""
    return now.open, now.why.code, until


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 09:00", (True, "hours", "2026-11-23 18:00")),
        ("2026-11-23 08:59", (False, "outside_hours", "2026-11-23 09:00")),
        ("2026-11-23 18:00", (False, "outside_hours", "2026-11-24 09:00")),
        ("2026-11-20 19:00", (False, "outside_hours", "2026-11-23 09:00")),
        ("2026-11-22 12:00", (False, "weekday", "2026-11-23 09:00")),
        ("2026-11-11 12:00", (False, "holiday", "2026-11-12 09:00")),
        # Christmas Eve is a holiday in Poland since 2025; then come two more, then a week-end.
        ("2026-12-24 18:00", (False, "holiday", "2026-12-28 09:00")),
    ],
)
def test_the_office_says_when_it_is_there_and_why_not(
    moment: str, expected: tuple[bool, str, str]
) -> None:
    assert told(OFFICE, moment) == expected


def test_a_special_day_comes_before_a_holiday_and_a_holiday_before_the_week() -> None:
    short = SpecialDay(day=date(2026, 12, 24), kind="open", intervals=(Interval(540, 780),))
    party = SpecialDay(day=date(2026, 11, 24), kind="closed", title="Our ten years")
    usual = SpecialDay(day=date(2026, 11, 11), kind="usual")
    calendar = Calendar(
        key="a", title="A", time_zone="Europe/Warsaw", country="PL",
        special_days=(short, party, usual), worked=frozenset({"Święto Trzech Króli"}),
    )  # fmt: skip
    assert told(calendar, "2026-12-24 12:00") == (True, "special_hours", "2026-12-24 13:00")
    assert told(calendar, "2026-11-24 12:00") == (False, "special_day", "2026-11-25 09:00")
    assert told(calendar, "2026-11-11 12:00") == (True, "worked_holiday", "2026-11-11 18:00")
    assert told(calendar, "2026-01-06 12:00") == (True, "worked_holiday", "2026-01-06 18:00")
    assert is_open(calendar, (), at("2026-11-24 12:00")).why.params["name"] == "Our ten years"


def test_a_closure_is_cut_out_of_the_hours_of_its_own_calendar() -> None:
    fire = Closure(starts_at=at("2026-11-23 11:00"), ends_at=at("2026-11-23 12:30"), reason="Drill")
    others = Closure(starts_at=fire.starts_at, ends_at=fire.ends_at, calendar="shop")
    assert told(OFFICE, "2026-11-23 10:00", fire) == (True, "hours", "2026-11-23 11:00")
    assert told(OFFICE, "2026-11-23 11:00", fire) == (False, "closure", "2026-11-23 12:30")
    assert told(OFFICE, "2026-11-23 12:30", fire) == (True, "hours", "2026-11-23 18:00")
    assert told(OFFICE, "2026-11-23 11:00", others) == (True, "hours", "2026-11-23 18:00")


def test_a_closure_till_after_the_hours_ends_when_we_are_there_again() -> None:
    ill = Closure(starts_at=at("2026-11-23 11:00"), ends_at=at("2026-11-23 20:00"))
    assert told(OFFICE, "2026-11-23 12:00", ill) == (False, "closure", "2026-11-24 09:00")


def test_night_hours_pass_midnight_in_one_piece() -> None:
    guard = Calendar(key="n", title="N", time_zone="Europe/Warsaw", week=NIGHTS)
    assert told(guard, "2026-11-23 23:30") == (True, "hours", "2026-11-24 06:00")


def test_who_is_always_or_never_there_has_no_next_change() -> None:
    always = Calendar(key="a", title="", time_zone="UTC", week=((Interval(0, 1440),),) * 7)
    never = Calendar(key="n", title="", time_zone="UTC", week=NEVER)
    now = at("2026-11-23 12:00")
    assert (is_open(always, (), now).open, is_open(always, (), now).until) == (True, None)
    assert (is_open(never, (), now).open, next_opening(never, (), now)) == (False, None)


def test_a_skipped_hour_opens_with_what_comes_after_it() -> None:
    early = Calendar(
        key="e", title="", time_zone="Europe/Warsaw", week=((Interval(150, 600),),) * 7
    )
    # On 29 March 2026 there is no 02:30: 02:00 is 03:00.
    skip = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert not is_open(early, (), skip - timedelta(seconds=1)).open
    assert is_open(early, (), skip - timedelta(hours=1)).until == skip
    assert is_open(early, (), skip).open


def test_hours_within_a_skipped_hour_are_not_there_that_day() -> None:
    short = Calendar(
        key="s", title="", time_zone="Europe/Warsaw", week=((Interval(125, 170),),) * 7
    )
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert next_opening(short, (), before) == at("2026-03-30 02:05")


def test_of_a_time_that_comes_twice_hours_close_at_the_second() -> None:
    bar = Calendar(key="b", title="", time_zone="Europe/Warsaw", week=((Interval(0, 150),),) * 7)
    # On 25 October 2026 02:30 comes at 00:30 and at 01:30 UTC.
    first = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert is_open(bar, (), first).until == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_zone_that_is_not_known_sends_nobody_away() -> None:
    lost = Calendar(key="l", title="", time_zone="Europe/Atlantis")
    assert is_open(lost, (), at("2026-11-22 12:00")).why.code == "unknown_zone"
    assert is_open(lost, (), at("2026-11-22 12:00")).open


ZONES = (
    "Africa/Cairo",
    "America/Havana",
    "America/New_York",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "Europe/Warsaw",
    "Pacific/Apia",
)
_pairs = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda one: one[0] < one[1])
_days = st.lists(_pairs.map(lambda one: Interval(*one)), max_size=3).map(
    lambda found: tuple(sorted(found))
)
_weeks = st.tuples(*[_days] * 7)
_moments = st.integers(
    int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() // 60),
    int(datetime(2030, 1, 1, tzinfo=UTC).timestamp() // 60),
).map(lambda minute: datetime.fromtimestamp(minute * 60, UTC))


@given(week=_weeks, zone=st.sampled_from(ZONES), moment=_moments)
def test_it_stays_as_it_is_until_the_moment_it_tells_and_no_longer(
    week: Week, zone: str, moment: datetime
) -> None:
    calendar = Calendar(key="x", title="", time_zone=zone, week=week)
    now = is_open(calendar, (), moment)
    if now.until is None:
        assert week == NEVER or _is_always(week)
        return
    assert now.until > moment
    assert is_open(calendar, (), now.until - timedelta(seconds=1)).open == now.open
    assert is_open(calendar, (), now.until).open != now.open


@given(week=_weeks, zone=st.sampled_from(ZONES), moment=_moments)
def test_on_days_of_24_hours_the_clock_on_the_wall_decides(
    week: Week, zone: str, moment: datetime
) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    near = (local + timedelta(days=days) for days in (-1, 1))
    if len({local.utcoffset(), *(one.utcoffset() for one in near)}) > 1:
        return
    minute = local.hour * 60 + local.minute
    wanted = any(one.opens <= minute < one.closes for one in week[local.weekday()])
    calendar = Calendar(key="x", title="", time_zone=zone, week=week)
    assert is_open(calendar, (), moment).open == wanted


@given(week=_weeks)
def test_a_week_is_read_as_it_was_written(week: Week) -> None:
    assert week_from_json(week_to_json(week)) == week


@pytest.mark.parametrize("text", ["", "9", "24:01", "12:60", "-1:00", "aa:bb", "123:00"])
def test_what_is_no_time_of_a_day_is_not_read(text: str) -> None:
    assert clock_minutes(text) is None


def test_a_timetable_tells_all_calendars_once_a_minute() -> None:
    table = Timetable([OFFICE], ())
    assert table.told(at("2026-11-23 12:00")) == {"office": (True, "hours")}
    assert table.told(at("2026-11-22 12:00")) == {"office": (False, "weekday")}
    assert table.state("shop", at("2026-11-22 12:00")) is None


def _is_always(week: Week) -> bool:
    def whole(day: tuple[Interval, ...]) -> bool:
        reached = 0
        for one in sorted(day):
            if one.opens > reached:
                return False
            reached = max(reached, one.closes)
        return reached == 1440

    return all(map(whole, week))


def test_a_closure_begins_and_ends_at_its_very_second_and_says_what_callers_hear() -> None:
    def closed(first: str, last: str, **told: str) -> Closure:
        return Closure(starts_at=at(first), ends_at=at(last), **told)

    short = closed("2026-11-23 10:00:20", "2026-11-23 10:00:40", reason="A drill", message="drill")
    silent = closed("2026-11-23 09:59", "2026-11-23 10:00:30", calendar="office")
    elsewhere = closed("2026-11-23 09:00", "2026-11-23 11:00", calendar="shop", message="shop")
    table = Timetable([OFFICE], [silent, short, elsewhere])
    found = [
        (table.told(moment)["office"][1], table.messages(moment).get("office"))
        for moment in map(at, (f"2026-11-23 10:00:{second}" for second in (19, 20, 39, 40)))
    ]
    heard = ("A drill", "drill")
    assert found == [("closure", None), ("closure", heard), ("closure", heard), ("hours", None)]
