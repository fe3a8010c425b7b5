"""Months of calls as files, on SQLite and PostgreSQL: whole, once, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.store import archive
from tests.support.archives import Old, old_calls
from tests.support.store import Store


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    return old_calls(store, tmp_path / "archive")


def test_what_moved_and_came_back_is_as_it_was(old: Old) -> None:
    before = old.rows()
    old.move()
    assert old.live() == {old.ids["pbx/60.1"], max(old.ids.values())}
    with old.store.engine.connect() as connection:
        [month] = archive.months(connection)
    assert (month.state, month.interactions, month.problem) == ("moved", 4, "")
    old.restore()
    assert old.rows() == before
