"""What reports ask, and what sums them up, is answered from indexes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, and_, insert, select, text

from callcenter.queries.reports import answer, contacts
from callcenter.reports.periods import HALF, Period
from callcenter.reports.question import By, Cell, Filters, Question, ServiceLevel
from callcenter.store import report_sums, tables
from callcenter.store.given import given
from callcenter.store.repositories.report_facts import ReportFactRepository
from tests.support.plans import Plans
from tests.support.store import NOW, Store

_MANY = 4000
_LARGE = ("interactions", "calls", "queue_visits", "contact_halves", "agent_history")
_HOURS = Period(start=NOW - timedelta(hours=3), end=NOW)


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """A call each half hour of some months."""
    texts = dict.fromkeys(("number_raw", "number_kind", "match"), "")
    seconds = {"talk_seconds": 0.0, "hold_seconds": 0.0}
    names = ("caller_number", "caller_name", "dialed", "trunk", "route", "hangup_by")
    moments = [NOW - HALF * n for n in range(_MANY)]
    both = {"direction": "inbound", "result": "answered", "queue": "support", "updated_at": NOW}
    call = {"pbx": "pbx", "live": False, "record": {}} | both | seconds | dict.fromkeys(names, "")
    contact = {"channel": "call", "dialed": "", "explanation": {}, "created_at": NOW, "number": "1"}
    visit = {"number_in_call": 1, "queue": "support", "direction": "inbound", "how": "answered"}
    state = {"user_id": shared_store.add_user("plans", "1999"), "state": "wrap_up", "reason": ""}
    with shared_store.engine.begin() as connection:
        rows: list[tuple[Any, list[dict[str, Any]]]] = [
            (
                tables.calls,
                [call | {"id": f"{n}", "started_at": at} for n, at in enumerate(moments)],
            ),
            (
                tables.interactions,
                [
                    contact
                    | both
                    | texts
                    | seconds
                    | {"id": n + 1, "call_id": f"{n}"}
                    | {"started_at": at}
                    for n, at in enumerate(moments)
                ],
            ),
            (
                tables.queue_visits,
                [
                    visit
                    | {"call_id": f"{n}", "interaction_id": n + 1, "half": at}
                    | {"entered_at": at}
                    for n, at in enumerate(moments)
                ],
            ),
            (
                tables.agent_history,
                [
                    state | {"call_id": f"{n}", "began_at": at, "ended_at": at + HALF / 6}
                    for n, at in enumerate(moments)
                ],
            ),
            (
                tables.contact_halves,
                [
                    {"half": at, "channel": "call", "direction": "inbound", "queue": "support"}
                    | {"dialed": "", "trunk": ""}
                    for at in moments
                ],
            ),
        ]
        for table, some in rows:
            connection.execute(insert(table), some)
        connection.execute(text("ANALYZE"))
    return shared_store


def asked(connection: Connection, *kpis: str, by: tuple[By, ...] = (), **more: Any) -> None:
    answer(connection, Question(kpis=kpis, period=_HOURS, by=by, **more))


def test_every_question_reads_no_more_than_its_period(filled: Store) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        asked(connection, "offered", by=("result",))
        asked(connection, "offered", by=("segment",), filters=Filters(segments_of=7))
        asked(connection, "offered", filters=Filters(segments=(1,), segments_of=7))
        asked(connection, "offered", by=("menu_path",))
        asked(connection, "service_level", by=("day",), sl=ServiceLevel(seconds=17))
        asked(connection, "fcr", "repeated", "callbacks", "survey_score", by=("day",))
        asked(connection, "quality_score", "assessments", by=("day",))
        assert plans.full_scans(_LARGE) == []


def test_every_list_behind_a_number_reads_no_more_than_its_period(filled: Store) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        for kpi in ("offered", "rung", "transferred", "repeated", "survey_answers", "assessments"):
            for whose in (None, (7, 8)):
                filters = Filters(operators=whose)
                question = Question(kpis=(kpi,), period=_HOURS, filters=filters)
                contacts(connection, question, Cell(kpi=kpi))
        assert plans.full_scans(_LARGE) == []


def test_a_page_of_who_came_again_costs_what_it_shows_however_long_the_period(
    filled: Store,
) -> None:
    """Nobody's whole time is gone through for fifty lines of it."""
    weeks = Period(start=NOW - timedelta(days=80), end=NOW)
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        for kpi in ("repeated", "fcr"):
            page = contacts(connection, Question(kpis=(kpi,), period=weeks), Cell(kpi=kpi))
            contacts(
                connection, Question(kpis=(kpi,), period=weeks), Cell(kpi=kpi), page.next_cursor
            )
        assert plans.full_scans(_LARGE) == []
        assert [line for line in plans.lines if "WindowAgg" in line] == []


def test_contacts_of_the_archive_find_their_visits(filled: Store) -> None:
    types = {name: tables.interactions.c[name].type for name in ("id", "channel", "call_id")}
    types |= {
        name: tables.interactions.c[name].type
        for name in report_sums.GIVEN
        if name in tables.interactions.c
    }
    others = dict.fromkeys(("trunk", "menu"), tables.calls.c.trunk.type)
    types |= others | {"outcome_id": tables.interaction_outcomes.c.outcome_id.type}
    row = dict.fromkeys(types) | {"id": 3, "started_at": NOW - HALF * 2, "call_id": "2"}
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        facts = report_sums.detail(
            connection,
            lambda column: and_(column >= _HOURS.start, column < _HOURS.end),
            given(connection, types, [tuple(row.values())]),
        )
        assert [one.interaction_id for one in connection.execute(select(facts))] == [3]
        assert plans.full_scans(_LARGE) == []


def test_summing_up_reads_no_more_than_its_half_hours(filled: Store) -> None:
    with filled.engine.begin() as connection:
        plans = Plans(connection)
        facts = ReportFactRepository(connection)
        facts.rebuild_contacts([NOW - HALF * n for n in range(6)])
        facts.save_visits(["3", "4"], [], {}, [])
        assert plans.full_scans(_LARGE) == []
        connection.rollback()
