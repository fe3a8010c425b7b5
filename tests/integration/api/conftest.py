"""The API on a database of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.api.world import World, open_world


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
def any_world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """The test runs twice: on SQLite and on PostgreSQL."""
    with open_world(database_url, tmp_path) as made:
        yield made
