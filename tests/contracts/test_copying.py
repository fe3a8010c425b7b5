"""Rows written by the thousand are what they were, whatever is in them; what is wrong is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text

from callcenter.errors import Conflict, Unavailable
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.tables import changes, external_ids, name_words
from tests.support.store import NOW, Store

HOSTILE = (
    "",
    "\\N",
    "\\.",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "a\\b",
    'a"b',
    "NULL",
    "{a,b}",
    "Żółć 👩‍👩‍👧 ё",
)


def change(object_id: str, **values: Any) -> dict[str, Any]:
    row = {"at": NOW, "user_id": None, "actor": "import", "object_type": "customer"}
    return (
        row | {"object_id": object_id, "action": "create", "fields": {}, "batch_id": None} | values
    )


def test_texts_numbers_moments_and_documents_come_back_as_they_were(store: Store) -> None:
    at = datetime(2026, 3, 2, 10, 30, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    rows = [
        change(text, fields={text: [None, text, 1, 2.5, True, [text]]}, user_id=n or None, at=at)
        for n, text in enumerate(HOSTILE)
    ]
    with store.unit_of_work() as uow:
        bulk.add_new(uow.connection, changes, rows)
        uow.commit()
        found = uow.connection.execute(select(changes).order_by(changes.c.id)).all()
    assert [one.object_id for one in found] == list(HOSTILE)
    assert [one.fields for one in found] == [row["fields"] for row in rows]
    assert [one.user_id for one in found] == [row["user_id"] for row in rows]
    assert {one.at for one in found} == {at.astimezone(UTC)}


def test_any_text_is_looked_up_among_many(store: Store) -> None:
    with store.unit_of_work() as uow:
        bulk.add_new(uow.connection, name_words, [{"word": text} for text in HOSTILE])
        for asked in (HOSTILE, HOSTILE[:1], HOSTILE[3:5], ()):
            these = among(uow.connection, name_words.c.word, [*asked, "nobody"])
            found = set(uow.connection.scalars(select(name_words.c.word).where(these)))
            assert found == set(asked)


def test_what_is_sent_meanwhile_is_there_for_whatever_is_asked_next(store: Store) -> None:
    with store.unit_of_work() as uow:
        with uow.imported.ahead():
            bulk.add_new(uow.connection, name_words, [{"word": "a"}, {"word": "b"}])
            bulk.add_new(uow.connection, name_words, [{"word": "c"}])
            found = uow.connection.scalars(select(name_words.c.word)).all()
            bulk.add_new(uow.connection, name_words, [{"word": "d"}])
        uow.commit()
        assert sorted(found) == ["a", "b", "c"]
        assert len(uow.connection.scalars(select(name_words.c.word)).all()) == 4


def test_what_the_database_refuses_of_them_is_told_at_the_end_and_leaves_nothing(
    store: Store,
) -> None:
    with pytest.raises(Conflict):
        _write_one_id_twice(store)
    with store.unit_of_work() as uow:
        assert uow.connection.scalars(select(name_words.c.word)).all() == []
        assert uow.connection.scalars(select(external_ids.c.external_id)).all() == []


def test_a_connection_lost_on_the_way_is_waited_for_and_not_told_as_a_mistake(
    store: Store,
) -> None:
    if store.engine.dialect.name == "sqlite":
        return  # nothing of it can get lost
    with pytest.raises(Unavailable):
        _write_while_the_server_hangs_up(store)
    with store.unit_of_work() as uow:
        assert uow.connection.scalars(select(name_words.c.word)).all() == []


def _write_while_the_server_hangs_up(store: Store) -> None:
    with store.unit_of_work() as uow, uow.imported.ahead():
        backend = uow.connection.scalar(text("select pg_backend_pid()"))
        with store.engine.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": backend})
        bulk.add_new(uow.connection, name_words, [{"word": "a"}])


def _write_one_id_twice(store: Store) -> None:
    there = {"object": "customers", "external_id": "V1", "object_id": 1}
    with store.unit_of_work() as uow, uow.imported.ahead():
        bulk.add_new(uow.connection, external_ids, [there, there])
        bulk.add_new(uow.connection, name_words, [{"word": "a"}])
