"""Live segments in reports: of the moment that is asked, on the calendar that the report is of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from callcenter.queries.reports import answer, contacts
from callcenter.reports.periods import Period
from callcenter.reports.question import Cell, Filters, Question
from callcenter.store.tables import customer_figures, segments
from tests.support.report_days import Wait, sum_up, told, write
from tests.support.store import NOW, Store

BOUGHT = date(2026, 3, 1)
NUMBER = "+48221234567"
LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""Half past midnight of the third, in Warsaw."""


def bought_of_late(store: Store) -> int:
    """A segment of those who bought today or yesterday; Maria is one, and called."""
    anna, maria = store.add_user("anna", "1001"), store.add_customer("Maria", NUMBER)
    condition = {"field": "last_order_on", "op": "within_days", "value": 1}
    times = {"created_at": NOW, "updated_at": NOW}
    row = {"name": "s", "filter": {"all": [condition]}, "frozen": False, "shared": True, **times}
    figures = {"customer_id": maria, "last_order_on": BOUGHT, "updated_at": NOW}
    with store.engine.begin() as connection:
        connection.execute(insert(customer_figures).values(figures))
        values = row | {"owner_id": anna, "columns": []}
        made = connection.scalar(insert(segments).values(values).returning(segments.c.id))
    write(store, [told(1, NOW, Wait("support", 5, talk=10), number_of=NUMBER)])
    sum_up(store)
    return int(made or 0)


def test_a_live_segment_is_of_the_moment_and_the_zone_that_a_report_is_asked_in(
    store: Store,
) -> None:
    segment = bought_of_late(store)
    question = Question(
        kpis=("contacts",),
        period=Period(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
        filters=Filters(segments=(segment,)),
        at=LATE,
    )
    warsaw = replace(question.period, zone="Europe/Warsaw")

    def counted(question: Question) -> float | None:
        with store.engine.connect() as connection:
            found = answer(connection, question).totals["contacts"]
            listed = contacts(connection, question, Cell(kpi="contacts")).items
        assert len(listed) == found
        return found

    assert counted(question) == 1  # it is the second still, by UTC
    assert counted(replace(question, period=warsaw)) == 0
    assert counted(replace(question, period=warsaw, at=LATE - timedelta(hours=1))) == 1
    assert counted(replace(question, at=LATE + timedelta(hours=1))) == 0


def test_nobody_asks_for_a_live_segment_without_saying_when(store: Store) -> None:
    segment = bought_of_late(store)
    period = Period(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1))
    question = Question(kpis=("contacts",), period=period, filters=Filters(segments=(segment,)))
    with store.engine.connect() as connection, pytest.raises(ValueError, match="when it is asked"):
        answer(connection, question)
