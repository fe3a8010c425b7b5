"""Lists of conversations, threads, the outbox and the timeline are answered from indexes, however
much was written before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from callcenter.queries import conversations, interactions, timeline
from callcenter.queries.conversations import ConversationFilters
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.timeline import TimelineFilters
from callcenter.store import tables
from callcenter.store.conversation_counts import counted
from callcenter.store.repositories.conversations import ConversationRepository
from callcenter.store.repositories.messages import MessageRepository
from callcenter.store.team_rows import teams
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

_MANY, _OPEN = 4_000, 5
_LARGE = ("conversations", "messages", "interactions", "notes")


def _interaction(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "channel": "email" if n % 3 else "call",
        "direction": "inbound",
        "result": "answered",
        "customer_id": n % 300 + 1,
        "match": "one",
        "number_kind": "address",
        "started_at": NOW - timedelta(minutes=n),
        "talk_seconds": 0,
        "hold_seconds": 0,
        "explanation": {},
        "created_at": NOW,
        "updated_at": NOW,
    } | dict.fromkeys(("number", "number_raw", "dialed", "queue"), "")


def _conversation(n: int) -> dict[str, Any]:
    state = "waiting" if n < _OPEN else "open" if n < 2 * _OPEN else "closed"
    return {
        "id": n + 1,
        "channel": "email",
        "interaction_id": n + 1,
        "customer_id": n % 300 + 1,
        "address": f"who{n}@example.org",
        "queue": "support",
        "state": state,
        "assigned_to": 1 if state == "open" else None,
        "opened_at": NOW - timedelta(minutes=n),
        "last_message_at": NOW - timedelta(minutes=n),
        "closed_at": NOW if state == "closed" else None,
        "closed_how": "operator" if state == "closed" else "",
        "thread_key": f"<{n}@x>",
    }


def _message(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "conversation_id": n + 1,
        "direction": "in" if n >= _OPEN else "out",
        "external_id": f"<{n}@x>",
        "at": NOW - timedelta(minutes=n),
        "state": "received" if n >= _OPEN else "queued",
        "next_at": NOW if n < _OPEN else None,
        "text": f"word{n}",
        "words": f"word{n}",
    }


def _note(n: int) -> dict[str, Any]:
    return {
        "customer_id": None if n % 2 else n % 300 + 1,
        "interaction_id": n + 1 if n % 2 else None,
        "author_id": 1,
        "text": f"note{n}",
        "words": f"note{n}",
        "created_at": NOW - timedelta(minutes=n),
        "updated_at": NOW,
    }


@pytest.fixture
def filled(store: Store) -> Iterator[Connection]:
    store.add_user()
    customer = {"created_at": NOW, "updated_at": NOW}
    with store.engine.begin() as connection:
        run: Callable[..., Any] = connection.execute
        rows = [{"display_name": f"C{n}", "sort_name": f"c{n}", **customer} for n in range(300)]
        run(insert(tables.customers), rows)
        for table, of in (
            (tables.interactions, _interaction),
            (tables.conversations, _conversation),
            (tables.messages, _message),
            (tables.notes, _note),
        ):
            run(insert(table), [of(n) for n in range(_MANY)])
        run(text("ANALYZE"))
    with store.engine.connect() as connection:
        yield connection


def _asked(scope: Any, **more: Any) -> Callable[[Connection], Any]:
    filters = ConversationFilters(user_id=1, scope=scope, **more)
    return lambda connection: conversations.page(connection, filters, None, 50, TODAY)


def _timeline(**more: Any) -> Callable[[Connection], Any]:
    filters = TimelineFilters(customer_id=7, **more)
    return lambda connection: timeline.page(connection, filters, None, 30, TODAY)


QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "mine": _asked("mine"),
    "waiting": _asked("waiting"),
    "all": _asked("all"),
    "of a customer": _asked("all", customer_id=7),
    "by words": _asked("all", text="word17"),
    "one": lambda connection: conversations.written(connection, 7),
    "by id": lambda c: ConversationRepository(c).with_messages(["<7@x>", "<8@x>"]),
    "by thread": lambda c: ConversationRepository(c).of_thread("email", "<7@x>"),
    "by address": lambda c: ConversationRepository(c).latest("email", "who7@example.org", ""),
    "outbox": lambda c: MessageRepository(c).due("email", NOW, 50),
    "counts": lambda c: counted(c, teams(c), [1]),
    "timeline": _timeline(),
    "timeline by words": _timeline(text="word7"),
    "timeline of a channel": _timeline(kinds=frozenset({"email"})),
    "interactions of a channel": lambda c: interactions.page(
        c, InteractionFilters(channel="email"), None, 50, TODAY
    ),
}


def test_no_list_reads_a_whole_table(filled: Connection) -> None:
    scans = {}
    for name, question in QUESTIONS.items():
        plans = Plans(filled)
        question(filled)
        event.remove(filled, "before_cursor_execute", plans._explain)
        assert plans.lines, name
        scans[name] = plans.full_scans(_LARGE)
    assert {name: lines for name, lines in scans.items() if lines} == {}
