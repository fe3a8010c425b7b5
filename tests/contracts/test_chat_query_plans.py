"""What chats ask of the database is answered from indexes, however much was written before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from callcenter.queries import chat_view
from callcenter.queries import chats as queries
from callcenter.store.tables import (
    attachments,
    chat_offers,
    conversations,
    files,
    interactions,
    messages,
)
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.chatting import add_widget, at_work, visit, write
from tests.support.plans import Plans
from tests.support.store import NOW, Store

_MANY = 3000
_LARGE = ("conversations", "messages", "attachments", "files", "chat_offers", "interactions")


@pytest.fixture
def busy(store: Store) -> Store:
    """Years of chats that are over, and one that goes on."""
    add_widget(store)
    user = store.add_user()
    with store.unit_of_work() as uow:
        run = uow.connection.execute
        when = [NOW - timedelta(minutes=n + 1) for n in range(_MANY)]
        plain = {"hold_seconds": 0.0, "talk_seconds": 0.0, "explanation": {}}
        texts = dict.fromkeys(("number", "number_raw", "number_kind", "dialed", "queue"), "")
        told = {"channel": "chat", "direction": "inbound", "result": "answered", "match": "none"}
        run(
            insert(interactions),
            [
                {"id": n + 1, "started_at": at, "created_at": at, "updated_at": at}
                | plain
                | texts
                | told
                for n, at in enumerate(when)
            ],
        )
        row = {"channel": "chat", "state": "closed", "visitor": {}}
        run(
            insert(conversations),
            [
                {"id": n + 1, "interaction_id": n + 1, "opened_at": at, "last_message_at": at}
                | row
                | {"thread_key": f"visitor {n}", "address": f"visitor {n}"}
                for n, at in enumerate(when)
            ],
        )
        run(
            insert(messages),
            [
                {
                    "id": n + 1,
                    "conversation_id": n + 1,
                    "direction": "in",
                    "at": at,
                    "state": "received",
                }
                for n, at in enumerate(when)
            ],
        )
        file = {"media_type": "text/plain", "size": 1, "sha256": "", "created_at": NOW}
        run(
            insert(files),
            [file | {"id": n + 1, "name": "a.txt", "stored_as": f"{n}"} for n in range(_MANY)],
        )
        run(
            insert(attachments),
            [{"message_id": n + 1, "file_id": n + 1} for n in range(_MANY)],
        )
        offer = {"user_id": user, "answer": "accepted"}
        run(
            insert(chat_offers),
            [
                {"conversation_id": n + 1, "offered_at": at - timedelta(days=9), "ended_at": at}
                | offer
                for n, at in enumerate(when)
            ],
        )
        if uow.connection.dialect.name != "sqlite":
            for table in ("interactions", "conversations", "messages", "files"):
                run(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {_MANY + 1})"))
        uow.commit()
    at_work(store, user)
    write(store)
    with store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    return store


def test_what_visitors_desks_and_the_worker_ask_scans_nothing_large(busy: Store) -> None:
    now = busy.clock.now()
    with busy.engine.connect() as connection:
        plans = Plans(connection)
        chat_view.look(connection, visit().key, "support", 0, now)
        chat_view.stored_file(connection, visit().key, 1)
        queries.mine(connection, 1, now)
        queries.is_due(connection, now)
        queries.is_forgotten(connection, now)
        queries.messages_after(connection, 1, 0)
        queries.operators(connection, now)
        assert plans.full_scans(_LARGE) == []


def test_offering_and_ending_chats_scans_nothing_large(busy: Store) -> None:
    now = busy.clock.now()
    with SqlUnitOfWork(busy.engine) as uow:
        plans = Plans(uow.connection)
        uow.conversations.offered_until("chat", now)
        uow.conversations.waiting("chat")
        uow.chats.refusals([1, 2], now - timedelta(minutes=1))
        uow.chats.answered(1, "timeout", now)
        uow.chats.stale_offers()
        uow.chats.unseen_since(now, 10)
        assert plans.full_scans(_LARGE) == []
