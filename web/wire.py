"""What goes over the socket: bus messages and the desk snapshot as plain JSON, with what only the
door can add for people (numbers as one dials them). Pure but for the snapshot's reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from callcenter.customers.phone import format_for_people
from callcenter.ports import Clock
from callcenter.queries import calls as call_queries
from callcenter.queries import desk as desk_queries
from callcenter.queries import queues as queue_queries
from callcenter.queries import waiting
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import agent_payload, queue_payload
from web.session import SessionUser


def event(message: Message, region: str) -> dict[str, Any]:
    payload = dict(message.payload)
    if message.kind == "screen_pop":
        return present_pop(payload, region)
    if message.kind == "call" and isinstance(payload.get("call"), Mapping):
        return {**payload, "call": present_call(payload["call"], region)}
    return payload


def snapshot(
    connection: Connection, user: SessionUser, clock: Clock, region: str
) -> dict[str, Any]:
    """A pure function of what the database holds (and of the clock, for the browser's offset)."""
    desk = desk_queries.snapshot(connection, user.id, now=clock.now())
    calls = call_queries.live(connection) if user.is_supervisor else desk.calls
    waits = waiting.of_user(connection, user.id, clock.now())
    return {
        "agent": agent_payload(desk.agent) if desk.agent else None,
        "calls": [present_call(one.payload(), region) for one in calls],
        "pops": [present_pop(one.payload(), region) for one in desk.pops],
        "queues": [queue_payload(one.figures) for one in queues_of(connection, user, clock)],
        "counts": waits.counts,
        "line": list(waits.line),
        "reminders": list(waits.reminders),
        "server_time": clock.now().timestamp() * 1000,
    }


def queues_of(
    connection: Connection, user: SessionUser, clock: Clock
) -> list[queue_queries.QueueView]:
    """Supervisors see every queue, operators their own."""
    found = queue_queries.now(connection, clock.now())
    return [one for one in found if user.is_supervisor or one.is_of(user.id)]


def present_pop(pop: Mapping[str, Any], region: str) -> dict[str, Any]:
    return _present(pop, str(pop.get("number_display_e164") or ""), region)


def present_call(call: Mapping[str, Any], region: str) -> dict[str, Any]:
    return _present(call, str(call.get("number_e164") or ""), region)


def _present(shown: Mapping[str, Any], e164: str, region: str) -> dict[str, Any]:
    number = format_for_people(e164, region) if e164 else str(shown.get("number") or "")
    return {
        **shown,
        "number_text": number,
        "dialed_text": format_for_people(str(shown.get("dialed") or ""), region),
        "customers": [_present_customer(one, region) for one in shown.get("customers") or ()],
    }


def _present_customer(customer: Mapping[str, Any], region: str) -> dict[str, Any]:
    phones = [format_for_people(str(phone), region) for phone in customer.get("phones") or ()]
    return {**customer, "phones_text": phones}
