"""What is asked of files given out every night is answered without reading all that ever were."""

from __future__ import annotations

from sqlalchemy import insert, text

from callcenter.queries import imports as queries
from callcenter.store import tables
from callcenter.store.repositories.imports import ExportRepository
from tests.support.plans import Plans
from tests.support.store import NOW, Store

_MANY = 6000


def test_the_files_that_are_kept_are_found_by_an_index(shared_store: Store) -> None:
    owner = shared_store.add_user("files")
    row = {
        "kind": "report",
        "format": "csv",
        "state": "done",
        "user_id": owner,
        "plan": {"report": "speed", "address": "by=queue&period=last_month", "words": {}},
        "created_at": NOW,
        "updated_at": NOW,
    }
    with shared_store.engine.begin() as connection:
        rows = [
            row | {"stored_as": f"{n}-kept.csv" if n % 200 == 0 else ""} for n in range(1, _MANY)
        ]
        connection.execute(insert(tables.exports), rows)
        connection.execute(text("ANALYZE"))
    with shared_store.engine.connect() as connection:
        plans = Plans(connection)
        kept, running = queries.export_files(connection)
        assert {"200-kept.csv", "5800-kept.csv"} <= kept
        assert "" not in kept
        assert running == frozenset()
        ExportRepository(connection).old_files(NOW)
        assert plans.full_scans(("exports",)) == []
