"""What an address asks: read, refused in words, written again, kept within somebody's rights."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from callcenter.errors import Invalid
from callcenter.reporting import address
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reports.definitions import KPIS

NOW = datetime(2026, 11, 22, 11, 10, tzinfo=UTC)
WARSAW = "Europe/Warsaw"


def read(query: str, report: str = "speed", now: datetime = NOW) -> Asked:
    return address.read(REPORTS[report], address.parse(query), now=now, zone=WARSAW)


def test_every_report_asks_for_figures_that_there_are_and_groups_that_it_offers() -> None:
    for report in REPORTS.values():
        assert set(report.kpis) <= set(KPIS), report.key
        assert set(report.drawn) <= set(report.kpis), report.key
        assert len({KPIS[kpi].unit for kpi in report.drawn}) == 1, report.key
        assert report.chart == "heatmap" or set(report.by) <= set(report.groups), report.key


def test_an_address_without_a_question_is_the_last_seven_days() -> None:
    asked = read("")
    assert (asked.first, asked.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert asked.period is not None
    assert asked.period.start == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert asked.period.end == datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    assert address.write(asked) == ""


def test_what_was_written_is_read_as_the_same() -> None:
    query = (
        "from=2026-10-01&to=2026-10-31&by=day&by=queue&channel=call&queue=sales&queue=a%26b"
        "&did=%2B4822&operator=7&operator=9&outcome=3&sl=30&abandons=out&short=in&again=14"
        "&compare=no&kpi=asa"
    )
    asked = read(query)
    assert not asked.problems
    assert asked.filters.queues == ("sales", "a&b")
    assert asked.filters.operators == (7, 9)
    assert (asked.sl.seconds, asked.sl.abandons, asked.sl.short) == (30, "out", "in")
    assert read(address.write(asked)) == asked


@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ("from=2026-11-10&to=2026-11-01", "to", "backwards"),
        ("from=2010-01-01&to=2026-11-01", "to", "too_long"),
        ("from=yesterday", "from", "no_date"),
        ("to=0001-01-01", "to", "no_date"),
        ("period=century", "period", "unknown_period"),
        ("zone=Mars/Olympus", "zone", "unknown_zone"),
        ("operator=anna", "operator", "no_id"),
        ("by=shoe_size", "by", "unknown_group"),
        ("sl=-5", "sl", "no_number"),
        ("sl=٣", "sl", "no_number"),
        ("again=1000", "again", "no_number"),
        ("by=day&by=queue&by=trunk", "by", "too_many_groups"),
        ("period=7d&period=year", "period", "twice"),
        ("from=2026-11-01&from=2026-11-02&to=2026-11-03", "from", "twice"),
        ("sl=20&sl=30", "sl", "twice"),
        ("period=custom", "from", "no_date"),
        ("abandons=perhaps", "abandons", "no_choice"),
        ("compare=never", "compare", "no_choice"),
        ("kpi=horoscope", "kpi", "no_choice"),
        ("channel=pigeon", "channel", "no_choice"),
        ("result=lovely", "result", "no_choice"),
        (f"queue={'q' * 81}", "queue", "no_choice"),
        ("&".join(f"did={number}" for number in range(201)), "did", "too_many"),
    ],
)
def test_what_cannot_be_taken_is_told_by_its_field(query: str, field: str, problem: str) -> None:
    assert read(query).problems == {field: problem}


def test_a_filter_that_cannot_be_taken_gets_no_answer_to_another_question() -> None:
    assert read("channel=pigeon").period is None
    assert read("operator=anna").period is None
    assert read("by=day&by=queue&by=trunk").by == ("day", "queue")
    assert read("by=shoe_size").period is not None


def test_the_same_said_again_and_an_empty_field_of_a_form_are_no_harm() -> None:
    for query in ("period=7d&period=7d", "by=day&by=", "sl=&abandons=&compare=&kpi="):
        assert not read(query).problems, query
    assert not read("by=weekday&by=time_of_day", "hours").problems
    assert read("by=queue", "hours").problems == {"by": "unknown_group"}


def test_a_period_beside_days_is_refused_where_no_form_sent_both() -> None:
    told = address.parse("period=today&from=2026-11-01&to=2026-11-02")
    speed = REPORTS["speed"]
    assert not address.read(speed, told, now=NOW, zone=WARSAW).problems
    strict = address.read(speed, told, now=NOW, zone=WARSAW, strict=True)
    assert strict.problems == {"period": "both"}


def test_nothing_is_kept_that_would_have_to_be_left_out() -> None:
    address.check(REPORTS["speed"], "by=day&by=queue&period=last_week")
    with pytest.raises(Invalid, match="by"):
        address.check(REPORTS["speed"], "by=day&by=queue&by=trunk")


def test_ten_years_are_taken() -> None:
    assert read("from=2016-11-23&to=2026-11-22").period is not None


def test_junk_in_an_address_harms_nobody() -> None:
    asked = read("queue=%00%00&operator=x&operator=99999999999999999999&outcome=%C2%B2&period=&by=")
    assert (asked.filters.queues, asked.filters.operators, asked.filters.outcomes) == ((), None, ())


def test_a_day_of_daylight_saving_has_its_own_length() -> None:
    autumn = read("from=2026-10-25&to=2026-10-25").period
    spring = read("from=2026-03-29&to=2026-03-29").period
    assert autumn is not None
    assert spring is not None
    assert (autumn.end - autumn.start).total_seconds() == 25 * 3600
    assert (spring.end - spring.start).total_seconds() == 23 * 3600


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("period=today", "2026-11-20T23:00", "2026-11-21T11:30"),
        ("period=week", "2026-11-08T23:00", "2026-11-15T11:30"),
        ("period=7d", "2026-11-08T23:00", "2026-11-15T11:30"),
        ("from=2026-11-20&to=2026-11-22", "2026-11-16T23:00", "2026-11-19T11:30"),
        ("period=month", "2026-09-30T22:00", "2026-10-22T10:30"),
        ("period=year", "2024-12-31T23:00", "2025-11-22T11:30"),
        ("period=last_month", "2026-08-31T22:00", "2026-09-30T22:00"),
        ("period=yesterday", "2026-11-19T23:00", "2026-11-20T23:00"),
    ],
)
def test_a_period_is_compared_with_as_much_of_the_one_before(
    query: str, start: str, end: str
) -> None:
    before = read(query).before()
    assert before is not None
    form = "%Y-%m-%dT%H:%M"
    assert (before.start.strftime(form), before.end.strftime(form)) == (start, end)


def test_the_29th_of_february_is_compared_with_a_day_that_there_was() -> None:
    before = read("period=year", now=datetime(2028, 2, 29, 12, tzinfo=UTC)).before()
    assert before is not None
    assert before.local_end.date() == date(2027, 2, 28)


def test_only_those_operators_are_asked_about_whom_one_sees() -> None:
    assert address.only(read(""), {3, 4}).filters.operators == (3, 4)
    assert address.only(read("operator=4&operator=9"), {3, 4}).filters.operators == (4,)
    assert address.only(read("operator=9"), {3, 4}).filters.operators == ()


def test_days_are_of_the_zone_that_the_address_names() -> None:
    asked = read("period=today&zone=America/New_York")
    assert asked.period is not None
    assert asked.period.start == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert address.write(asked) == "period=today&zone=America%2FNew_York"
    assert read(address.write(asked)) == asked


def test_days_that_are_given_are_of_the_zone_that_is_given() -> None:
    days = (date(2026, 11, 2), date(2026, 11, 2))
    told = address.parse("zone=America/New_York&queue=sales")
    asked = address.read(REPORTS["speed"], told, now=NOW, zone=WARSAW, days=days)
    assert asked.period is not None
    assert asked.period.zone == WARSAW


def test_what_no_database_takes_is_not_asked_of_one() -> None:
    asked = address.read(REPORTS["speed"], {"queue": ["a\x00b", "\udcff"]}, now=NOW, zone="UTC")
    assert asked.filters.queues == ("ab", "?")
