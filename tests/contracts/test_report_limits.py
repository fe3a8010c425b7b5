"""Figures of whoever sees some operators alone: nothing of the others is counted."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from callcenter.queries import reports as queries
from callcenter.reports.periods import Period
from callcenter.reports.question import Filters, Question
from callcenter.store.tables import callback_requests
from tests.support.store import NOW, Store


def test_call_backs_of_others_are_not_counted(store: Store) -> None:
    anna, ewa = store.add_user("anna", "1001"), store.add_user("ewa", "1002")
    times = dict.fromkeys(("place_at", "not_before", "expires_at", "next_at", "created_at"), NOW)
    row = {"queue": "sales", **times}
    people = ({"assigned_to": anna}, {"assigned_to": ewa, "closed_by": ewa}, {})
    with store.engine.begin() as connection:
        for place, one in enumerate(people):
            connection.execute(
                insert(callback_requests).values(row | one | {"number": f"+4860100011{place}"})
            )

    def counted(*operators: int) -> float | None:
        question = Question(
            kpis=("callbacks",),
            period=Period(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
            filters=Filters(operators=operators if operators else None),
        )
        with store.engine.connect() as connection:
            return queries.answer(connection, question).totals["callbacks"]

    assert [counted(), counted(anna), counted(anna, ewa)] == [3, 1, 2]
