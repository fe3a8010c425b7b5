"""The store under contract: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callcenter.store import engine as store_engine
from tests.support.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = store_engine.create(database_url, busy_seconds=1.0)
    yield Store(engine)
    engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One database for all tests of a module, on each kind."""
    databases: Any = request.getfixturevalue(
        "_sqlite_databases" if request.param == "sqlite" else "_postgres_databases"
    )
    if request.param == "sqlite":
        yield databases.migrated(tmp_path_factory.mktemp("shared") / "callcenter.db")
        return
    name = databases.migrated()
    yield databases.server.url(name)
    databases.server.drop_database(name)


@pytest.fixture(scope="module")
def shared_store(shared_database_url: str) -> Iterator[Store]:
    """For tests that only read: filled once, by a module's own fixture, for all of its tests."""
    engine = store_engine.create(shared_database_url, busy_seconds=1.0)
    yield Store(engine)
    engine.dispose()
