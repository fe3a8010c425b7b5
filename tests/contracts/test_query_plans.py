"""What is asked at every ring, card or page is answered from indexes, however much there is."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from callcenter.calls.record import NOTHING_KNOWN
from callcenter.calls.repair import Repair
from callcenter.customers.names import sort_key, words
from callcenter.customers.phone import NumberPlan
from callcenter.queries import customers, explanations, interactions, ledger, routing_facts
from callcenter.queries.interactions import InteractionFilters
from callcenter.store import tables
from callcenter.store.call_json import encode
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.customer_pages import customers_with
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store

_MANY = 4000
# A scan of these would grow with the company; small tables may be read whole.
_LARGE = (
    "customers",
    "phone_numbers",
    "customer_words",
    "interactions",
    "calls",
    "call_channels",
    "call_legs",
    "call_journal",
    "call_repairs",
    "ledger_set_aside",
    "ledger_inbox",
    "erased",
)


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    dice = random.Random(1)
    people = [f"{dice.choice('abcdefghij')}{n}x Name{n % 50}" for n in range(_MANY)]
    with shared_store.engine.begin() as connection:
        connection.execute(
            insert(tables.customers),
            [
                {
                    "id": n + 1,
                    "display_name": name,
                    "sort_name": sort_key(name),
                    "created_at": NOW,
                    "updated_at": NOW,
                    "vip_level": int(n % 500 == 0),
                    "blocked": n % 500 == 1,
                    "confirmed": n % 500 != 2,
                }
                for n, name in enumerate(people)
            ],
        )
        connection.execute(
            insert(tables.customer_words),
            [{"word": w, "customer_id": n + 1} for n, p in enumerate(people) for w in words(p)],
        )
        connection.execute(
            insert(tables.phone_numbers),
            [
                {
                    "customer_id": n + 1,
                    "e164": f"+4822{n:07d}",
                    "reversed_digits": f"4822{n:07d}"[::-1],
                }
                for n in range(_MANY)
            ],
        )
        _fill_calls(connection)
        _fill_interactions(connection)
        _fill_ledger(connection)
        connection.execute(text("analyze"))
    return shared_store


def _fill_calls(connection: Connection) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": f"pbx/{n}",
            "pbx": "pbx",
            "live": n < 3,
            "direction": "inbound",
            "result": "answered",
            "started_at": NOW - timedelta(minutes=n),
            "record": encode(NOTHING_KNOWN),
            "updated_at": NOW,
            "talk_seconds": 0,
            "hold_seconds": 0,
        }
        | dict.fromkeys(("caller_number", "caller_name", "dialed", "trunk"), "")
        | dict.fromkeys(("route", "queue", "hangup_by"), "")
        for n in range(_MANY)
    ]
    connection.execute(insert(tables.calls), rows)
    connection.execute(
        insert(tables.call_channels),
        [
            {"pbx": "pbx", "uniqueid": f"{n}", "call_id": f"pbx/{n}", "at": NOW}
            for n in range(_MANY)
        ],
    )
    connection.execute(
        insert(tables.call_legs),
        [
            {"call_id": f"pbx/{n}", "uniqueid": f"{n}", "role": "callee", "result": "missed"}
            | dict.fromkeys(("channel", "endpoint", "number"), "")
            | {"talk_seconds": 0, "hold_seconds": 0, "ringing_at": NOW}
            for n in range(_MANY)
        ],
    )


def _fill_interactions(connection: Connection) -> None:
    connection.execute(
        insert(tables.interactions),
        [
            {
                "call_id": f"pbx/{n}",
                "direction": "inbound",
                "result": "missed" if n % 400 == 0 else "answered",
                "number": f"+4822{n % 900:07d}",
                "customer_id": n % 900 + 1,
                "match": "one",
                "started_at": NOW - timedelta(minutes=n),
                "explanation": {},
                "created_at": NOW,
                "updated_at": NOW,
                "talk_seconds": 0,
                "hold_seconds": 0,
            }
            | dict.fromkeys(("number_raw", "number_kind", "dialed"), "")
            | {"queue": "vip" if n % 400 == 7 else "support", "repairs": int(n % 400 == 9)}
            for n in range(_MANY)
        ],
    )


def _fill_ledger(connection: Connection) -> None:
    moments = [NOW - timedelta(minutes=n) for n in range(_MANY)]
    packed = zlib.compress(b"x" * 300)
    connection.execute(
        insert(tables.call_journal),
        [
            {"call_id": f"pbx/{n}", "pbx": "pbx", "source": "live", "digest": f"{n}"}
            | {"dated_at": at, "events": 1, "data": packed, "size": 300}
            for n, at in enumerate(moments)
        ],
    )
    connection.execute(
        insert(tables.call_repairs),
        [
            {"call_id": f"pbx/{n}", "digest": "", "at": at, "cause": "missed", "field": "result"}
            | {"before": "", "after": "answered"}
            for n, at in enumerate(moments)
        ],
    )
    connection.execute(
        insert(tables.ledger_set_aside),
        [
            {"pbx": "pbx", "source": "file", "file": "f", "position": n, "reason": "torn"}
            | {"line": "x" * 300, "at": at}
            for n, at in enumerate(moments)
        ],
    )
    connection.execute(
        insert(tables.ledger_inbox),
        [
            {"pbx": "pbx", "file_id": "f", "path": "f", "offset": n, "data": b"x" * 300}
            | {"received_at": at}
            for n, at in enumerate(moments)
        ],
    )
    connection.execute(
        insert(tables.erased),
        [{"digest": f"{n:064}", "erased_at": at} for n, at in enumerate(moments)],
    )


Question = Callable[[Connection], object]
PLAN = NumberPlan(region="PL")
HOUR = timedelta(hours=1)
QUESTIONS: dict[str, Question] = {
    "who calls": lambda c: customers.briefs_by_number(c, "+48220000017", TODAY),
    "routing": lambda c: routing_facts.facts_of(c, ["+48220000017", "+48220000018"], NOW),
    "card": lambda c: customers.card(c, 17, TODAY),
    "timeline": lambda c: interactions.timeline(c, 17, None, 20, TODAY),
    "log": lambda c: interactions.page(c, InteractionFilters(), None, 20, TODAY),
    "log by number": lambda c: interactions.page(
        c, InteractionFilters(phone="+48220000017"), None, 20, TODAY
    ),
    "missed": lambda c: interactions.page(c, InteractionFilters(result="missed"), None, 20, TODAY),
    "one queue": lambda c: interactions.page(c, InteractionFilters(queue="vip"), None, 20, TODAY),
    "one contact": lambda c: interactions.get(c, 17, TODAY),
    "search by name": lambda c: customers.search(c, "a17 nam", PLAN, 10, TODAY),
    "search by number": lambda c: customers.search(c, "22 000 00 17", PLAN, 10, TODAY),
    "search by the end of a number": lambda c: customers.search(c, "00017", PLAN, 10, TODAY),
    "customers": lambda c: customers_with(c, limit=20),
    "VIPs": lambda c: customers_with(c, "vip", limit=20),
    "blocked": lambda c: customers_with(c, "blocked", limit=20),
    "corrected": lambda c: interactions.page(
        c, InteractionFilters(corrected=True), None, 20, TODAY
    ),
    "why it is so": lambda c: explanations.get(c, 17, TODAY),
    "its events": lambda c: explanations.journal(c, "pbx/17"),
    "beside its record": lambda c: explanations.of_call(c, "pbx/17"),
    "what the ledger said": lambda c: ledger.days(c, [NOW - n * HOUR for n in (3, 2, 1, 0)]),
    "lines set aside": lambda c: ledger.set_aside(c, None, None, 20),
    "unconfirmed": lambda c: customers_with(c, "!confirmed", limit=20),
}


@pytest.fixture
def connection(filled: Store) -> Iterator[Connection]:
    with filled.engine.connect() as connection:
        yield connection


def test_no_question_of_a_screen_or_of_routing_reads_a_large_table_through(
    connection: Connection,
) -> None:
    guilty = {}
    for name, ask in QUESTIONS.items():
        plans = Plans(connection)
        ask(connection)
        event.remove(connection, "before_cursor_execute", plans._explain)
        assert plans.lines, name
        if plans.full_scans(_LARGE):
            guilty[name] = plans.full_scans(_LARGE)
    assert guilty == {}


def test_the_short_lists_are_read_from_indexes_that_hold_only_them(connection: Connection) -> None:
    for name, index in (
        ("VIPs", "ix_customers_vip"),
        ("blocked", "ix_customers_blocked"),
        ("unconfirmed", "ix_customers_unconfirmed"),
    ):
        plans = Plans(connection)
        QUESTIONS[name](connection)
        event.remove(connection, "before_cursor_execute", plans._explain)
        assert any(index in line for line in plans.lines), (name, plans.lines)


def test_corrected_interactions_are_read_from_an_index_that_holds_only_them(
    connection: Connection,
) -> None:
    plans = Plans(connection)
    QUESTIONS["corrected"](connection)
    event.remove(connection, "before_cursor_execute", plans._explain)
    assert any("ix_interactions_repaired" in line for line in plans.lines), plans.lines


def test_live_calls_are_found_among_all_calls_by_their_own_index(connection: Connection) -> None:
    plans = Plans(connection)
    connection.execute(
        tables.calls.select().with_only_columns(tables.calls.c.id).where(tables.calls.c.live)
    ).all()
    assert plans.full_scans(_LARGE) == []
    assert any("ix_calls_live" in line for line in plans.lines)


def test_more_rows_on_a_page_cost_no_more_statements(connection: Connection) -> None:
    def statements(limit: int) -> int:
        ran: list[str] = []
        connection.execute(text("select 1"))  # begins the transaction, which counts for SQLite

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            ran.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        interactions.page(connection, InteractionFilters(), None, limit, TODAY)
        customers_with(connection, limit=limit)
        customers.search(connection, "name1", PLAN, limit, TODAY)
        event.remove(connection, "before_cursor_execute", note)
        return len(ran)

    assert statements(2) == statements(100)


Work = Callable[[SqlUnitOfWork], object]
LONG_AGO = NOW - timedelta(minutes=_MANY - 5)
WORK: dict[str, Work] = {
    "channels of a batch": lambda uow: uow.calls.id_map_near(
        "pbx", {str(n): NOW for n in range(20)}
    ),
    "journals": lambda uow: uow.journal.of_calls([f"pbx/{n}" for n in range(10)]),
    "journals merged": lambda uow: uow.journal.merge("pbx/1", "pbx/2"),
    "journals pruned": lambda uow: uow.journal.prune(LONG_AGO, 3),
    "repairs": lambda uow: uow.repairs.of_call("pbx/1"),
    "repairs recorded": lambda uow: uow.repairs.record(
        [Repair(call_id="pbx/1", at=NOW, cause="missed", field="x", before="", after="")]
    ),
    "settled": lambda uow: uow.calls.settled(["pbx/1", "pbx/2"], NOW),
    "settled when": lambda uow: uow.calls.settled_at(["pbx/1", "pbx/2"]),
    "the inbox": lambda uow: uow.ledger.inbox("pbx", _MANY - 5, 10),
    "the inbox emptied": lambda uow: uow.ledger.drop_inbox("pbx", 3),
    "a chunk received": lambda uow: uow.ledger.receive("pbx", "f", "f", 0, b"x", NOW),
    "lines set aside pruned": lambda uow: uow.ledger.prune_set_aside(LONG_AGO, 3),
    "the last erasure": lambda uow: uow.erasures.last(),
    "what was erased": lambda uow: uow.erasures.erased([str(n) for n in range(10)]),
}


def test_the_ledger_and_the_journal_read_no_large_table_through(filled: Store) -> None:
    guilty = {}
    for name, work in WORK.items():
        with SqlUnitOfWork(filled.engine) as uow:
            plans = Plans(uow.connection)
            work(uow)
        assert plans.lines, name
        if plans.full_scans(_LARGE):
            guilty[name] = plans.full_scans(_LARGE)
    assert guilty == {}


def test_calls_are_found_by_their_channels_without_reading_all_channels(filled: Store) -> None:
    with SqlUnitOfWork(filled.engine) as uow:
        plans = Plans(uow.connection)
        found = uow.calls.id_map("pbx", [str(n) for n in range(0, 40, 2)])
    assert len(found) == 20
    assert plans.full_scans(_LARGE) == []


def test_a_fresh_database_without_statistics_reads_no_whole_pbx_for_a_few_channels(
    store: Store,
) -> None:
    with store.engine.begin() as connection:
        _fill_calls(connection)
    with SqlUnitOfWork(store.engine) as uow:
        plans = Plans(uow.connection)
        found = uow.calls.id_map("pbx", [str(n) for n in range(0, 1200, 2)])
    assert len(found) == 600
    assert not any(re.search(r"Index Cond: \(+pbx|\(pbx=\?\)", line) for line in plans.lines)
