"""Alerts that are over: read a page at a time, by indexes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from callcenter.queries import alerts as queries
from callcenter.queries.alerts import AlertFilters
from callcenter.services import alerts
from callcenter.store import tables
from tests.support.alerts import Centre, found
from tests.support.plans import Plans
from tests.support.store import NOW, Store


@pytest.fixture
def centre(store: Store) -> Centre:
    return found(store)


def past(number: int) -> dict[str, Any]:
    return {
        "metric": "waiting" if number % 2 else "ready",
        "scope": "queues",
        "subject": f"q{number % 50}",
        "comparison": "at_least",
        "bound": 1,
        "level": "red",
        "worst_level": "red" if number % 3 else "amber",
        "value": number,
        "worst_value": number,
        "opened_at": NOW + timedelta(minutes=number // 2),
        "level_at": NOW,
        "closed_at": NOW + timedelta(minutes=30 + number),
        "why": "cleared",
    }


def test_history_pages_without_a_hole_and_filters(centre: Centre) -> None:
    many = [past(number) for number in range(9)]
    with centre.store.engine.begin() as connection:
        connection.execute(insert(tables.alerts), many)
    seen: list[float] = []
    cursor = None
    with centre.store.engine.connect() as connection:
        while True:
            page = queries.history(connection, AlertFilters(), cursor, 2)
            seen += [one.value for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert [one.value for one in centre.past(metric="ready", level="amber")] == [6, 0]
    assert len(centre.past(since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=2))) == 2
    assert alerts.prune(centre.room, timedelta(days=-1)) == 9


def test_years_of_alerts_are_read_by_indexes(centre: Centre) -> None:
    many, store = 3000, centre.store
    mails = [
        {"alert_id": n + 1, "message_id": f"<{n}@x>", "recipients": [], "subject": "s"}
        | {"text": "t", "state": "sent", "created_at": NOW}
        for n in range(many)
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(tables.alerts), [past(number) for number in range(many)])
        connection.execute(insert(tables.alert_mails), mails)
        connection.exec_driver_sql("ANALYZE")
    with store.engine.connect() as connection:
        plans = Plans(connection)
        queries.open(connection)
        page = queries.history(connection, AlertFilters(), None, 50)
        queries.history(connection, AlertFilters(), page.next_cursor, 50)
        queries.history(connection, AlertFilters(subject="q7", since=NOW), None, 50)
        queries.mail_is_due(connection, NOW)
        queries.mail_problems(connection)
        assert plans.full_scans(["alerts", "alert_mails"]) == []
    with store.unit_of_work() as uow:
        plans = Plans(uow.connection)
        uow.alerts.take_mails(NOW, NOW, 10)
        uow.alerts.mails_since(1, NOW)
        uow.alerts.prune(NOW - timedelta(days=1), 10)
        assert plans.full_scans(["alerts", "alert_mails"]) == []
