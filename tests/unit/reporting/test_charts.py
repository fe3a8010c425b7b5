"""Answers as charts, on screen and on paper, and as tables."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.reporting import address, charts, tables
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reporting.drawing import WIDTH, drawing
from callcenter.reports.question import Answer, Row, Unknown

NOW = datetime(2026, 11, 22, 11, 10, tzinfo=UTC)
WORDS = charts.Words(
    label=lambda _by, key: key or "none",
    title=lambda kpi: kpi,
    before="before",
    goal="goal",
    link=lambda row, kpi: f"/{'/'.join(row.key)}/{kpi}",
)


def asked(query: str, report: str = "speed") -> Asked:
    return address.read(REPORTS[report], address.parse(query), now=NOW, zone="UTC")


def answer(rows: dict[tuple[str, ...], dict[str, float | None]]) -> Answer:
    made = tuple(Row(key, values) for key, values in rows.items())
    return Answer(rows=made, totals={})


def drawn(query: str, told: Answer, report: str = "speed", before: Answer | None = None):  # type: ignore[no-untyped-def]
    chart = charts.chart(asked(query, report), told, WORDS, before=before, goal=0.8)
    assert chart is not None
    assert drawing(chart, tables.told).marks
    return chart


def test_a_line_has_a_place_for_each_day_also_for_those_in_which_nothing_happened() -> None:
    told = answer({("2026-11-20",): {"service_level": 0.5}, ("2026-11-22",): {"service_level": 1}})
    earlier = answer({("2026-11-13",): {"service_level": 0.25}})
    chart = drawn("from=2026-11-20&to=2026-11-22", told, before=earlier)
    assert chart["x"] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    (series,) = chart["series"]
    assert series["values"] == [50, None, 100]
    assert len(series["before"]) == 3
    assert chart["goal"] == 80
    assert chart["links"] == ["/2026-11-20/service_level", "", "/2026-11-22/service_level"]


def test_counts_of_a_day_in_which_nothing_happened_are_nought() -> None:
    told = answer({("2026-11-20",): {"offered": 3, "answered": 2, "abandoned": 1}})
    chart = drawn("from=2026-11-20&to=2026-11-21", told, "traffic")
    assert [one["values"] for one in chart["series"]] == [[3, 0], [2, 0], [1, 0]]


def test_of_many_groups_the_five_largest_are_lines() -> None:
    rows = {("2026-11-20", f"q{n}"): {"service_level": n / 10} for n in range(8)}
    chart = drawn("from=2026-11-20&to=2026-11-20&by=day&by=queue", answer(rows))
    assert [one["name"] for one in chart["series"]] == ["q7", "q6", "q5", "q4", "q3"]


def test_a_heat_map_shows_the_hours_in_which_something_happened() -> None:
    rows = {("1", "09:00"): {"offered": 4.0}, ("5", "10:30"): {"offered": 2.0}}
    chart = drawn("", answer(rows), "hours")
    assert chart["x"] == ["09:00", "09:30", "10:00", "10:30"]
    assert chart["cells"] == [[0, 0, 4], [3, 4, 2]]
    assert chart["links"] == ["/1/09:00/offered", "/5/10:30/offered"]


def test_bars_stand_by_size() -> None:
    rows = {("a",): {"offered": 1.0}, ("b",): {"offered": 3.0}, ("",): {"offered": 2.0}}
    chart = drawn("", answer(rows), "sources")
    assert chart["x"] == ["b", "none", "a"]


def test_bars_with_long_names_lie_and_show_every_name() -> None:
    rows = {(f"an outcome with a long name, {n}",): {"contacts": float(n)} for n in range(12)}
    chart = drawn("", answer(rows), "outcomes")
    assert chart["lying"]
    assert not drawn("", answer({("a",): {"contacts": 1.0}}), "outcomes")["lying"]
    told = {mark.text for mark in drawing(chart, tables.told).marks}
    assert {name for (name,) in rows} <= told


def test_on_paper_no_name_of_a_heat_map_leaves_the_page() -> None:
    rows = {("1", f"{hour:02}:00"): {"offered": 1.0} for hour in range(24)}
    chart = drawn("", answer(rows), "hours") | {"y": ["Понедельник"] * 7}
    for mark in drawing(chart, tables.told).marks:
        width = 5.6 * len(mark.text)
        left = mark.x - {"end": width, "middle": width / 2, "start": 0}[mark.anchor]
        assert left >= 0
        assert left + width <= WIDTH


def test_a_period_before_in_which_nothing_was_is_not_drawn() -> None:
    told = answer({("2026-11-20",): {"service_level": 0.5}})
    (series,) = drawn("from=2026-11-20&to=2026-11-22", told, before=answer({}))["series"]
    assert "before" not in series


def test_a_week_is_told_by_its_monday_and_a_trunk_without_its_technology() -> None:
    assert tables.label("week", "2026-W47", tables.Names()) == "2026-11-16"
    assert tables.label("trunk", "PJSIP/main", tables.Names()) == "main"


def test_of_nothing_there_is_no_chart() -> None:
    assert charts.chart(asked(""), answer({}), WORDS) is None


def test_a_table_says_shares_in_per_cent_and_ends_with_the_total() -> None:
    told = Answer(
        rows=(Row(("1",), {"service_level": 0.825, "asa": 12.5}),),
        totals={"service_level": None, "asa": 7},
    )
    kpis = ("service_level", "asa")
    assert tables.header(kpis, ("weekday",)) == (
        "Weekday",
        "Service level, %",
        "Average speed of answer, s",
    )
    assert list(tables.rows(told, kpis, ("weekday",), tables.Names())) == [
        ("Monday", "82.5", "12.5"),
        ("Total", "", "7"),
    ]


def test_what_knows_nothing_of_the_filters_is_not_drawn_as_nought() -> None:
    rows = (Row(("2026-11-20",), {"offered": 3, "answered": None, "abandoned": 1}),)
    told = Answer(rows=rows, totals={}, unknown={"answered": Unknown(filters=("trunk",))})
    chart = drawn("from=2026-11-20&to=2026-11-21", told, "traffic")
    assert [one["name"] for one in chart["series"]] == ["offered", "abandoned"]
    one = asked("from=2026-11-20&to=2026-11-21&kpi=answered", "traffic")
    assert charts.chart(one, told, WORDS) is None
