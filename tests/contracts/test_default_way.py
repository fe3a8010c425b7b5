"""Calls that took the default way, by cause: those the door could not decide, and those it never
saw.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from callcenter.calls.record import NOTHING_KNOWN
from callcenter.queries.default_way import Cause, by_cause
from callcenter.routing.decide import default_decision
from callcenter.routing.record import explain
from callcenter.store import tables
from callcenter.store.call_json import encode
from tests.support.store import NOW, Store

MIDNIGHT = NOW - timedelta(hours=6)


def call(serial: int, pbx: str = "pbx", **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A call from outside that is over, and its interaction."""
    at = fields.pop("at", NOW)
    made = {"id": f"{pbx}/1700.{serial}", "pbx": pbx, "live": False, "direction": "inbound"}
    made |= {"result": "answered", "started_at": at, "record": encode(NOTHING_KNOWN)}
    made |= {"updated_at": at, "talk_seconds": 0, "hold_seconds": 0, "trunk": "PJSIP/trunk"}
    made |= dict.fromkeys(("caller_number", "caller_name", "dialed", "route", "queue"), "")
    made |= {"hangup_by": "", **fields}
    contact = {"call_id": made["id"], "direction": made["direction"], "result": "answered"}
    contact |= {"started_at": at, "ended_at": at, "created_at": at, "updated_at": at}
    contact |= dict.fromkeys(("number", "number_raw", "number_kind", "dialed", "queue"), "")
    return made, contact | {
        "match": "none",
        "explanation": {},
        "talk_seconds": 0,
        "hold_seconds": 0,
    }


def decision(serial: int, cause: str = "", at: Any = NOW) -> dict[str, Any]:
    facts = explain(default_decision(cause), None) if cause else {"reason": "vip"}
    kept = {"pbx": "pbx", "uniqueid": f"1700.{serial}", "facts": facts, "failed_open": bool(cause)}
    return (
        kept
        | dict.fromkeys(("number", "dialed", "route", "rule"), "")
        | {
            "micros": 0,
            "decided_at": at,
        }
    )


def test_causes_are_counted_of_today_alone_and_calls_that_nobody_asked_about_too(
    store: Store,
) -> None:
    yesterday = NOW - timedelta(days=1)
    made = [
        call(1),  # decided by a rule
        call(2),
        call(3),
        call(4),
        call(5),  # never reached the door
        call(6, at=yesterday),
        call(7, direction="outbound", trunk=""),
        call(8, pbx="own"),  # a PBX whose dialplan never asks
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(tables.calls), [one for one, _ in made])
        connection.execute(insert(tables.interactions), [one for _, one in made])
        connection.execute(
            insert(tables.routing_decisions),
            [
                decision(1),
                decision(2, "deadline"),
                decision(3, "deadline"),
                decision(4, "busy"),
                decision(60, "error", yesterday),
            ],
        )
        causes = by_cause(connection, MIDNIGHT)
    assert causes == [Cause("deadline", 2), Cause("busy", 1), Cause("not-asked", 1)]


def test_without_any_decision_nothing_is_said_of_calls_that_were_not_asked_about(
    store: Store,
) -> None:
    made, contact = call(1)
    with store.engine.begin() as connection:
        connection.execute(insert(tables.calls), [made])
        connection.execute(insert(tables.interactions), [contact])
        assert by_cause(connection, MIDNIGHT) == []
