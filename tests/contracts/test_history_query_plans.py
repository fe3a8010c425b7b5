"""Histories, batches and duplicates are answered from indexes, however much there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from callcenter.queries import duplicates, history, users
from callcenter.queries.history import HistoryFilters
from callcenter.rights.viewer import built_in
from callcenter.store import tables
from callcenter.store.merged import absorbed, leads_to
from callcenter.store.repositories.duplicates import DuplicateRepository
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

_MANY = 3000
_LARGE = ("audit_log", "batches", "changes", "customers", "duplicate_pairs", "merges")
_VIEWER = built_in(1, "admin")


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """Thousands of cards, changes and pairs, few of them of one card."""
    with shared_store.engine.begin() as filling:
        people = [
            {
                "id": n + 1,
                "display_name": f"Somebody {n}",
                "sort_name": f"somebody {n}",
                "created_at": NOW,
                "updated_at": NOW,
            }
            for n in range(_MANY)
        ]
        filling.execute(insert(tables.customers), people)
        filling.execute(insert(tables.changes), [_change(n) for n in range(_MANY)])
        filling.execute(insert(tables.duplicate_pairs), [_pair(n) for n in range(1, _MANY)])
        filling.execute(insert(tables.merges), [_merge(n) for n in range(1, _MANY)])
        filling.execute(insert(tables.batches), [_batch(n) for n in range(_MANY)])
        filling.execute(insert(tables.audit_log), [_look(n) for n in range(_MANY)])
        filling.execute(text("ANALYZE"))
    return shared_store


@pytest.fixture
def connection(filled: Store) -> Iterator[Connection]:
    with filled.engine.connect() as opened:
        yield opened


def _change(n: int) -> dict[str, Any]:
    return {
        "at": NOW,
        "user_id": n % 50 + 1,
        "object_type": "customer",
        "object_id": str(n),
        "action": "update",
        "fields": {"city": ["", "Łódź"]},
        "batch_id": n,
    }


def _pair(n: int) -> dict[str, Any]:
    state = "open" if n < 300 else "distinct"
    return {
        "a_id": n,
        "b_id": n + 1,
        "score": n % 50 + 50,
        "reasons": [],
        "state": state,
        "found_at": NOW,
    }


def _merge(n: int) -> dict[str, Any]:
    return {"survivor_id": n, "loser_id": n + 1, "at": NOW, "moved": {}, "before": {}}


def _batch(n: int) -> dict[str, Any]:
    return {"kind": "bulk", "title": "x", "user_id": n % 50 + 1, "at": NOW, "detail": {}}


def _look(n: int) -> dict[str, Any]:
    return {
        "at": NOW,
        "user_id": 1,
        "action": "field_revealed",
        "object_type": "customer",
        "object_id": str(n),
        "detail": {},
    }


_QUESTIONS = {
    "the history of one card": lambda c: history.of_record(c, _VIEWER, "customer", "17"),
    "what one person changed": lambda c: history.recent(
        c, _VIEWER, filters=HistoryFilters(user_id=7)
    ),
    "who looked at a card": lambda c: history.looks(c, 17),
    "one's own batches": lambda c: history.batch_page(c, 7, None, 20),
    "the pairs of one card": lambda c: duplicates.of_customer(c, _VIEWER, 17, TODAY),
    "what was joined into a card": lambda c: duplicates.merges_of(c, 17),
    "where an old id leads": lambda c: leads_to(c, 17),
    "what a card absorbed": lambda c: absorbed(c, 17),
    "open pairs, bite by bite": lambda c: DuplicateRepository(c).open_after("20:21", 50),
    "shared numbers, bite by bite": lambda c: DuplicateRepository(c).blocks("phones", "+48", 50),
}


@pytest.mark.parametrize("question", _QUESTIONS)
def test_it_reads_no_large_table_through(connection: Connection, question: str) -> None:
    plans = Plans(connection)
    _QUESTIONS[question](connection)
    assert plans.full_scans(_LARGE) == []


def test_the_list_of_pairs_reads_pairs_by_their_index(connection: Connection) -> None:
    plans = Plans(connection)
    duplicates.page(connection, _VIEWER, "open", cursor=None, limit=20, today=TODAY)
    assert plans.full_scans(["duplicate_pairs"]) == []


def test_what_was_done_is_paged_along_its_key_and_never_sorted(connection: Connection) -> None:
    first = users.audit(connection, None, 50)
    second = users.audit(connection, first.next_cursor, 50)
    plans = Plans(connection)
    users.audit(connection, None, 50)
    users.audit(connection, second.next_cursor, 50)
    told = "\n".join(plans.lines)
    assert "audit_log" in told
    for word in ("TEMP B-TREE", "Sort", "Seq Scan"):
        assert word not in told, told
