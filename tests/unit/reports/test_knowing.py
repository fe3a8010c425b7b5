"""What each figure knows of, among all that a report can be narrowed and split by."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import get_args

from callcenter.reporting.catalog import REPORTS
from callcenter.reports import knowing
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import Period
from callcenter.reports.question import By, Filters, Question, Unknown

DAY = Period.days(date(2026, 11, 20), date(2026, 11, 20), "UTC")


def unknown(kpi: str, by: tuple[By, ...] = (), **filters: object) -> Unknown:
    told = Filters(**filters)  # type: ignore[arg-type]
    return knowing.unknown(KPIS[kpi], Question(kpis=(kpi,), period=DAY, by=by, filters=told))


def test_every_filter_there_is_has_its_grouping() -> None:
    named = {one.name for one in fields(Filters)} - {"segments_of"}
    assert set(knowing.FILTERS.values()) == named
    assert set(knowing.FILTERS) <= set(get_args(By))


def test_a_question_without_filters_is_answered_by_every_figure_of_its_report() -> None:
    for report in REPORTS.values():
        for kpi in report.kpis:
            assert not unknown(kpi, report.by), (report.key, kpi)


def test_time_in_states_is_of_operators_and_of_nothing_else() -> None:
    assert unknown("occupancy", queues=("support",), trunks=("main",)) == Unknown(
        filters=("queue", "trunk")
    )
    assert unknown("paused", channels=("call",)).filters == ("channel",)
    assert unknown("logged_in", ("day", "queue")) == Unknown(by=("queue",))
    assert not unknown("occupancy", ("operator", "hour"), operators=(1,))


def test_what_operators_did_is_of_no_trunk_and_has_no_result() -> None:
    assert unknown("rung", trunks=("main",)) == Unknown(filters=("trunk",))
    assert unknown("handled", operators=(1,), outcomes=(2,)) == Unknown(filters=("outcome",))
    assert unknown("answered", operators=(), results=("missed",)) == Unknown(filters=("result",))
    assert unknown("aht", ("operator", "dialed")) == Unknown(by=("dialed",))
    assert not unknown("offered", operators=(1,), trunks=("main",))
    assert not unknown("answered", trunks=("main",), results=("answered",))


def test_what_is_about_contacts_is_told_by_all_that_they_tell() -> None:
    everything = dict.fromkeys(knowing.FILTERS.values(), ("1",)) | {"operators": (1,)}
    for kpi in ("callbacks", "survey_answers", "assessments", "repeated", "fcr", "contacts"):
        assert not unknown(kpi, **everything), kpi
    assert unknown("survey_score", ("outcome",)) == Unknown(by=("outcome",))
