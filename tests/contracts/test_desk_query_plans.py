"""What the desk asks (tasks, missed calls, deals, messages, recordings) is answered from indexes,
however much was done before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, insert, text

from callcenter.calls.record import NOTHING_KNOWN
from callcenter.queries import deals, missed, recordings, tasks, user_waiting
from callcenter.queries.deals import DealFilters
from callcenter.queries.missed import MissedFilters
from callcenter.queries.tasks import TaskFilters
from callcenter.rights.viewer import built_in
from callcenter.store import tables
from callcenter.store.call_json import encode
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

_MANY = 3000
_OPEN = 20
_LARGE = (
    "agent_history",
    "audit_log",
    "call_legs",
    "calls",
    "customers",
    "deals",
    "interactions",
    "line_messages",
    "missed_calls",
    "recording_pauses",
    "tasks",
)


def _rows(of: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    return [of(n) for n in range(_MANY)]


def _call(n: int) -> dict[str, Any]:
    return {
        "id": f"pbx/{n}",
        "pbx": "pbx",
        "live": n < _OPEN,
        "direction": "inbound",
        "result": "answered",
        "started_at": NOW - timedelta(minutes=n),
        "record": encode(NOTHING_KNOWN),
        "updated_at": NOW,
        "talk_seconds": 0,
        "hold_seconds": 0,
    } | dict.fromkeys(
        ("caller_number", "caller_name", "dialed", "trunk", "route", "queue", "hangup_by"), ""
    )


def _leg(n: int) -> dict[str, Any]:
    return {
        "call_id": f"pbx/{n}",
        "uniqueid": f"{n}",
        "role": "callee",
        "result": "answered",
        "user_id": n % 9 + 1,
        "answered_at": NOW,
        "talk_seconds": 0,
        "hold_seconds": 0,
    } | dict.fromkeys(("channel", "endpoint", "number"), "")


def _interaction(n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "call_id": f"pbx/{n}",
        "direction": "inbound",
        "result": "answered",
        "number": _number(n),
        "match": "none",
        "started_at": NOW - timedelta(minutes=n),
        "ended_at": NOW - timedelta(minutes=n),
        "explanation": {},
        "created_at": NOW,
        "updated_at": NOW,
        "talk_seconds": 0,
        "hold_seconds": 0,
    } | dict.fromkeys(("number_raw", "number_kind", "dialed", "queue"), "")


def _task(n: int) -> dict[str, Any]:
    is_open = n < _OPEN
    return {
        "title": "Call back",
        "kind": "callback" if n % 2 else "task",
        "number": _number(n),
        "customer_id": n % 900 + 1,
        "assignee_id": n % 9 + 1 if n % 3 else None,
        "queue": "" if n % 3 else "support",
        "state": "open" if is_open else "done",
        "due_at": NOW + timedelta(minutes=n),
        "remind_at": NOW + timedelta(minutes=n - 5),
        "reminded_at": None if is_open else NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _missed(n: int) -> dict[str, Any]:
    return {
        "number": _number(n),
        "queue": "support",
        "first_at": NOW - timedelta(minutes=n),
        "last_at": NOW - timedelta(minutes=n),
        "due_at": NOW + timedelta(minutes=60 - n),
        "closed_at": None if n < _OPEN else NOW - timedelta(minutes=n),
        "closed_how": "" if n < _OPEN else "reached",
    }


def _message(n: int) -> dict[str, Any]:
    return {
        "at": NOW - timedelta(minutes=_MANY - n),
        "sender_id": n % 9 + 1,
        "recipient_id": (n + 1) % 9 + 1 if n % 2 else None,
        "kind": "help" if n % 500 == 0 else "text",
        "text": "x" * 100,
        "read_at": None if n > _MANY - _OPEN else NOW,
        "resolved_at": NOW,
    }


def _deal(n: int) -> dict[str, Any]:
    return {
        "customer_id": n % 900 + 1,
        "title": "Roof",
        "stage": "offer",
        "currency": "PLN",
        "state": "open" if n < _OPEN else "won",
        "owner_id": n % 9 + 1,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _history(n: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=_MANY - n)
    is_open = n >= _MANY - 9
    return {
        "user_id": n % 9 + 1,
        "state": "ready",
        "began_at": at,
        "ended_at": None if is_open else at + timedelta(minutes=1),
    }


def _pause(n: int) -> dict[str, Any]:
    return {
        "call_id": f"pbx/{n}",
        "channel": "PJSIP/trunk-1",
        "user_id": 1,
        "cause": "button",
        "began_at": NOW,
        "resume_at": NOW + timedelta(minutes=n),
        "resumed_at": None if n < 3 else NOW,
    }


def _heard(n: int) -> dict[str, Any]:
    return {
        "at": NOW,
        "user_id": n % 9 + 1,
        "action": "sound_heard",
        "object_type": "recording",
        "object_id": f"{n}",
        "detail": {"number": 1, "playing": "x"},
    }


def _number(n: int) -> str:
    return f"+4822{n:07d}"


def _people(n: int) -> dict[str, Any]:
    role = "supervisor" if n == 8 else "operator"
    fields = {"username": f"u{n}", "display_name": f"U{n}", "password_hash": "x", "role": role}
    return {"id": n + 1, "created_at": NOW, **fields}


def _customer(n: int) -> dict[str, Any]:
    fields = {"display_name": f"C{n}", "sort_name": f"c{n}"}
    return {"id": n + 1, "created_at": NOW, "updated_at": NOW, **fields}


_FILL: tuple[tuple[Table, Callable[[int], dict[str, Any]]], ...] = (
    (tables.customers, _customer),
    (tables.calls, _call),
    (tables.call_legs, _leg),
    (tables.interactions, _interaction),
    (tables.tasks, _task),
    (tables.missed_calls, _missed),
    (tables.line_messages, _message),
    (tables.deals, _deal),
    (tables.agent_history, _history),
    (tables.recording_pauses, _pause),
    (tables.audit_log, _heard),
)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.engine.begin() as connection:
        connection.execute(insert(tables.users), [_people(n) for n in range(9)])
        skilled = [{"user_id": n + 1, "skill": "support", "level": 5} for n in range(9)]
        connection.execute(insert(tables.user_skills), skilled)
        for table, row in _FILL:
            connection.execute(insert(table), _rows(row))
        connection.execute(text("analyze"))
    return store


@pytest.fixture
def connection(filled: Store) -> Iterator[Connection]:
    with filled.engine.connect() as connection:
        yield connection


def _of(**changes: Any) -> TaskFilters:
    return TaskFilters(user_id=2, now=NOW, day_ends=NOW + timedelta(hours=9), **changes)


QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "my tasks": lambda c: tasks.page(c, _of(), None, 20, TODAY),
    "my team's tasks": lambda c: tasks.page(c, _of(scope="team"), None, 20, TODAY),
    "tasks of a customer": lambda c: tasks.of_customer(c, 17, 10, TODAY),
    "what waits for me": lambda c: user_waiting.of_user(c, 2, NOW),
    "what waits for a supervisor": lambda c: user_waiting.of_user(c, 9, NOW),
    "missed calls": lambda c: missed.page(c, MissedFilters(), None, 20, TODAY),
    "my queues' missed calls": lambda c: missed.page(c, MissedFilters(of_user=2), None, 20, TODAY),
    "closed ones": lambda c: missed.page(c, MissedFilters(closed=True), None, 20, TODAY),
    "deals of a customer": lambda c: deals.page(c, DealFilters(customer_id=17), None, 20, TODAY),
    "my open deals": lambda c: deals.page(
        c, DealFilters(owner_id=2, state="open"), None, 20, TODAY
    ),
    "recordings of a timeline": lambda c: recordings.hearable(
        c, range(1, 40), built_in(2, "operator")
    ),
    "a recording": lambda c: recordings.of_interaction(c, 17),
    "who heard it": lambda c: recordings.listeners(c, 17),
    "pauses of a call": lambda c: recordings.open_pauses(c, "pbx/1"),
    "any pause": recordings.any_pause_open,
}


def test_no_question_of_the_desk_reads_a_large_table_through(connection: Connection) -> None:
    guilty = {}
    for name, ask in QUESTIONS.items():
        plans = Plans(connection)
        ask(connection)
        event.remove(connection, "before_cursor_execute", plans._explain)
        assert plans.lines, name
        if plans.full_scans(_LARGE):
            guilty[name] = plans.full_scans(_LARGE)
    assert guilty == {}


WORK: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "reminders": lambda uow: uow.tasks.due_reminders(NOW, 20),
    "call-backs to": lambda uow: uow.tasks.callbacks_to([_number(3)], [17]),
    "counts": lambda uow: uow.tasks.counts([2], NOW),
    "pauses due": lambda uow: uow.recording_pauses.due(NOW, 20),
    "pauses of ended calls": lambda uow: uow.recording_pauses.of_ended_calls(20),
    "pauses ended": lambda uow: uow.recording_pauses.resume([1], NOW),
    "a call merged": lambda uow: uow.calls.merge("pbx/1", "pbx/2"),
    "an interaction merged": lambda uow: uow.interactions.merge("pbx/3", "pbx/4"),
    "heard already": lambda uow: uow.audit.noted(
        user_id=1, action="sound_heard", object_type="recording", object_id="7", since=NOW
    ),
}


def test_what_is_done_for_the_desk_reads_no_large_table_through(filled: Store) -> None:
    guilty = {}
    for name, work in WORK.items():
        with SqlUnitOfWork(filled.engine) as uow:
            plans = Plans(uow.connection)
            work(uow)
        assert plans.lines, name
        if plans.full_scans(_LARGE):
            guilty[name] = plans.full_scans(_LARGE)
    assert guilty == {}
