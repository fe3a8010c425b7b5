"""What the worker and the pages of reports ask often is answered from indexes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from callcenter.queries import menu_paths
from callcenter.queries import report_views as queries
from callcenter.reports.periods import Period
from callcenter.rights.viewer import EVERYTHING
from callcenter.store import tables
from callcenter.store.repositories.report_views import ReportViewRepository
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store, call

_MANY = 3000
_LARGE = ("report_mails", "report_schedules", "report_views")


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    owner = shared_store.add_user("views")
    stamps = {"created_at": NOW, "updated_at": NOW}
    common = {"owner_id": owner, "title": "t", "report": "speed"} | stamps
    schedule = common | {"zone": "UTC", "recipients": [], "next_at": NOW + timedelta(days=9)}
    mail = {"recipient": "a@example.com", "state": "sent", "period_to": TODAY, "created_at": NOW}
    with shared_store.engine.begin() as connection:
        connection.execute(insert(tables.report_views), [common] * _MANY)
        connection.execute(
            insert(tables.report_schedules),
            [schedule | {"id": n, "active": n % 50 == 0} for n in range(1, _MANY)],
        )
        connection.execute(
            insert(tables.report_mails),
            [mail | {"schedule_id": n, "period_from": TODAY} for n in range(1, _MANY)],
        )
        connection.execute(text("ANALYZE"))
    return shared_store


def test_no_turn_of_the_worker_reads_through_what_was_sent(filled: Store) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        assert not queries.is_due(connection, NOW)
        queries.mails_of(connection, 7)
        ReportViewRepository(connection).take_mail(NOW, NOW)
        ReportViewRepository(connection).next_due(NOW)
        ReportViewRepository(connection).give_up_unsure(NOW)
        assert plans.full_scans(_LARGE) == []


def test_keys_of_menus_are_counted_and_lead_to_their_calls(store: Store) -> None:
    record = call(menu=("1", "3"), direction="inbound")
    store.save(record)
    began = record.started_at or datetime(2026, 3, 2, tzinfo=UTC)
    period = Period(start=began - timedelta(hours=1), end=began + timedelta(hours=1))
    with store.engine.connect() as connection:
        found = menu_paths.paths(connection, period)
        (way,) = found.paths
        assert (way.keys, way.calls, found.calls) == (("1", "3"), 1, 1)

        def behind(*keys: str) -> int:
            page = menu_paths.contacts(
                connection, period, keys, cursor=None, limit=10, today=TODAY, viewer=EVERYTHING
            )
            return len(page.items)

        assert [behind("1", "3"), behind("1"), behind("3", "1")] == [1, 0, 0]
