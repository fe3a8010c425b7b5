"""Whoever reads a contact does not see that its month is in the archive, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from callcenter.queries import (
    archived,
    calls,
    card,
    decisions,
    explanations,
    interactions,
    outcomes,
    personal_data,
    recordings,
    timeline,
)
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.timeline import TimelineFilters
from callcenter.rights.viewer import EVERYTHING
from callcenter.services.notes import save_note
from callcenter.store import figure_facts
from callcenter.store.tables import routing_decisions
from tests.support.archives import OLD, Old, old_calls
from tests.support.store import TODAY, Store


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    made = old_calls(store, tmp_path / "archive")
    save_note(author_id=made.anna, text="Likes tea", customer_id=made.maria, **made.both)
    with store.unit_of_work() as uow:
        uow.connection.execute(
            insert(routing_decisions).values(
                pbx="pbx",
                uniqueid="10.1",
                number="",
                dialed="",
                route="queue",
                rule="",
                facts={},
                failed_open=False,
                micros=1,
                decided_at=OLD,
            )
        )
        uow.commit()
    return made


def pages(read: Callable[[str | None], Any]) -> list[Any]:
    found, cursor = [], None
    while True:
        page = read(cursor)
        found.append(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return found


LISTS = {
    "all": InteractionFilters(),
    "number": InteractionFilters(phone="+48229999999"),
    "result": InteractionFilters(result=("answered", "missed")),
    "abandoned": InteractionFilters(result="abandoned", direction="inbound", channel="call"),
    "queue": InteractionFilters(queue="support"),
    "since": InteractionFilters(since=OLD + timedelta(days=1)),
    "until": InteractionFilters(until=OLD + timedelta(days=1)),
    "name": InteractionFilters(text="kowalska"),
    "as it was": InteractionFilters(text="+48229999999"),
    "corrected": InteractionFilters(corrected=True),
    "outcome": InteractionFilters(outcome_id=1),
    "operator": InteractionFilters(operator_id=1),
    "customer": InteractionFilters(customer_id=1),
    "nothing": InteractionFilters(queue="sales"),
}
TIMELINES = {
    "all": {},
    "calls": {"kinds": frozenset({"call"})},
    "notes": {"kinds": frozenset({"note"})},
    "words": {"text": "Ёлки she"},
    "no words": {"text": "?!"},
    "other words": {"text": "somethingelse"},
    "person": {"person": 1},
    "days": {"since": OLD + timedelta(days=1), "until": OLD + timedelta(days=2)},
}


def everything(connection: Connection, old: Old) -> dict[str, Any]:
    """All that any page, list, file or API tells of these contacts."""
    found: dict[str, Any] = {}
    for name, asked in LISTS.items():
        found[f"list {name}"] = pages(
            lambda cursor, asked=asked: interactions.page(connection, asked, cursor, 2, TODAY)
        )
    for name, asked in TIMELINES.items():
        wanted = TimelineFilters(customer_id=old.maria, **asked)
        found[f"timeline {name}"] = pages(
            lambda cursor, wanted=wanted: timeline.page(connection, wanted, cursor, 2, TODAY)
        )
    found["card"] = card.card(connection, old.maria, TODAY)
    found["last"] = figure_facts.contacts(connection, [old.maria])
    told = personal_data.everything(connection, old.maria)
    assert told is not None
    found["copy"] = (told.sections, sorted(told.calls, key=lambda one: one.id))
    ids = sorted(old.ids.values())
    found["hearable"] = sorted(recordings.hearable(connection, ids, EVERYTHING))
    found["behind a number"] = archived.contacts(connection, ids, TODAY)
    for call_id, one in old.ids.items():
        found[f"one {call_id}"] = (
            interactions.get(connection, one, TODAY),
            explanations.get(connection, one, TODAY),
            explanations.journal(connection, call_id),
            explanations.of_call(connection, call_id),
            calls.get(connection, call_id),
            decisions.of_call(connection, call_id),
            recordings.of_interaction(connection, one),
            outcomes.desk(connection, one, old.anna, TODAY),
        )
    return found


def test_every_reader_tells_the_same_before_and_after(old: Old) -> None:
    with old.store.engine.connect() as connection:
        before = everything(connection, old)
    old.move()
    with old.store.engine.connect() as connection:
        after = everything(connection, old)
    assert after.keys() == before.keys()
    for name, told in before.items():
        assert after[name] == told, name
