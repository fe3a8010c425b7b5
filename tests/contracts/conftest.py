"""The store under contract: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callcenter.store import engine as store_engine
from tests.support.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = store_engine.create(database_url, busy_seconds=1.0)
    yield Store(engine)
    engine.dispose()
