"""What a caller's number tells, in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event, insert

from callcenter.queries.routing_facts import facts_at_once, facts_of
from callcenter.routing.facts import CallerFacts, History, Operator
from callcenter.store import tables
from tests.support.plans import Plans
from tests.support.store import NOW, Store

NUMBER, OTHER, STRANGER = "+48601000001", "+48601000002", "+48601000009"
HOUR = timedelta(hours=1)


@contextmanager
def counting(connection: Connection) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield said
    event.remove(connection, "before_cursor_execute", note)


def contact(number: str, ago: timedelta, **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "channel": "call",
        "direction": "inbound",
        "result": "missed",
        "number": number,
        "started_at": NOW - ago,
        "ended_at": NOW - ago,
        "explanation": {},
        "created_at": NOW,
        "updated_at": NOW,
        "customer_id": None,
        "operator_id": None,
        "answered_at": None,
        "queue": "",
    }
    empty = dict.fromkeys(("number_raw", "number_kind", "dialed", "match"), "")
    return given | empty | {"talk_seconds": 0, "hold_seconds": 0} | fields


def test_all_that_is_known_of_several_callers_comes_in_one_statement(store: Store) -> None:
    anna, boris = store.add_user("anna", "1001"), store.add_user("boris", "1002")
    owner = {"owner_id": anna, "status": "active", "segment": "key"}
    customer = store.add_customer("Jan", NUMBER, vip_level=2, language="pl", **owner)
    store.add_customer("Ewa", OTHER)
    spoken = {"answered_at": NOW - 2 * HOUR, "operator_id": boris, "customer_id": customer}
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.interactions),
            [
                contact(NUMBER, 30 * HOUR, result="answered", queue="sales"),
                contact(NUMBER, 2 * HOUR, result="answered", queue="support", **spoken),
                contact(NUMBER, HOUR, queue="vip"),
                contact(NUMBER, timedelta(0), ended_at=None),
                contact(NUMBER, HOUR / 2, direction="outbound"),
            ],
        )
        connection.execute(insert(tables.tags), [{"id": 5, "name": "VIP", "tag_key": "vip"}])
        connection.execute(insert(tables.customer_tags), [{"customer_id": customer, "tag_id": 5}])
        given = {"customer_id": customer, "channel": "sms"}
        connection.execute(
            insert(tables.consents),
            [
                given | {"given": True, "at": NOW - 2 * HOUR},
                given | {"given": False, "at": NOW - HOUR},
                given | {"channel": "call", "given": True, "at": NOW},
            ],
        )
        paper = {"customer_id": customer, "created_at": NOW, "updated_at": NOW, "owner_id": None}
        connection.execute(
            insert(tables.deals),
            [
                paper | {"title": "old", "stage": "won", "currency": "PLN", "state": "won"},
                paper
                | {"title": "new", "stage": "offer", "currency": "PLN", "owner_id": boris}
                | {"state": "open"},
            ],
        )
        del paper["owner_id"]
        connection.execute(
            insert(tables.tasks),
            [{**paper, "title": "call", "kind": "callback", "due_at": NOW, "assignee_id": anna}],
        )
        with counting(connection) as said:
            found = facts_of(connection, [NUMBER, OTHER, STRANGER], NOW)
    assert len(said) == 1
    (jan,) = found[NUMBER].customers
    assert (jan.vip_level, jan.language, jan.status, jan.segment) == (2, "pl", "active", "key")
    assert (jan.owner, jan.last_operator) == (Operator(anna, "1001"), Operator(boris, "1002"))
    assert (jan.deal_stage, jan.deal_owner) == ("offer", Operator(boris, "1002"))
    assert (jan.task_kind, jan.task_assignee) == ("callback", Operator(anna, "1001"))
    assert (jan.tags, dict(jan.consents)) == (frozenset({5}), {"sms": False, "call": True})
    assert found[NUMBER].history == History(
        calls_today=2,
        seconds_since=3600,
        answered=False,
        queue="vip",
        last_operator=Operator(boris, "1002"),
    )
    assert [one.customer_id for one in found[OTHER].customers] == [customer + 1]
    assert found[STRANGER] == CallerFacts()
    with store.engine.connect() as plain:
        waiting = plain.execution_options(isolation_level="AUTOCOMMIT")
        assert facts_at_once(waiting, [NUMBER, OTHER, STRANGER], NOW) == found


def test_an_operator_who_works_here_no_more_is_nobody_s_operator(store: Store) -> None:
    anna = store.add_user("anna", "1001")
    store.add_customer("Jan", NUMBER, owner_id=anna)
    with store.engine.begin() as connection:
        connection.execute(tables.users.update().values(active=False))
        (jan,) = facts_of(connection, [NUMBER], NOW)[NUMBER].customers
    assert jan.owner is None


def test_frozen_segments_tell_who_is_in_them(store: Store) -> None:
    anna = store.add_user()
    customer = store.add_customer("Jan", NUMBER)
    with store.engine.begin() as connection:
        connection.execute(
            insert(tables.segments),
            [
                {"id": 3, "name": "x", "filter": {}, "frozen": True, "owner_id": anna}
                | {"columns": [], "created_at": NOW, "updated_at": NOW}
            ],
        )
        connection.execute(
            insert(tables.segment_members), [{"segment_id": 3, "customer_id": customer}]
        )
        (jan,) = facts_of(connection, [NUMBER], NOW)[NUMBER].customers
    assert jan.segments == {3}


def test_before_any_statistics_no_index_of_something_else_is_taken(store: Store) -> None:
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set enable_seqscan = off")
        plans = Plans(connection)
        facts_of(connection, [NUMBER, OTHER], NOW)
    told = "\n".join(plans.lines)
    for index in ("ix_interactions_number", "ix_interactions_customer_id", "ix_phone_numbers_e164"):
        assert index in told
    for index in ("ix_interactions_channel", "ix_interactions_started_at"):
        assert index not in told
    scanned = [line for line in plans.lines if line.startswith("SCAN ")]
    virtual = ("SCAN callers", "SCAN owners", "SCAN anon_", "SCAN asked")
    assert [one for one in scanned if not one.startswith(virtual) and "VIRTUAL" not in one] == []
