"""What goes over the socket: bus messages and the desk snapshot as plain JSON, with what only the
door can add for people (numbers as one dials them). Pure but for the snapshot's reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from callcenter.customers.phone import format_for_people
from callcenter.ports import Clock
from callcenter.queries import alerts as alert_queries
from callcenter.queries import calls as call_queries
from callcenter.queries import chats as chat_queries
from callcenter.queries import desk as desk_queries
from callcenter.queries import queues as queue_queries
from callcenter.queries import supervision, user_waiting
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import LiveCall, ScreenPop, agent_payload, queue_payload
from callcenter.rights.masking import is_masked
from callcenter.rights.viewer import Viewer
from web import hearing
from web.session import SessionUser


def event(message: Message, region: str) -> dict[str, Any]:
    payload = dict(message.payload)
    if message.kind == "screen_pop":
        return present_pop(payload, region)
    if message.kind == "call" and isinstance(payload.get("call"), Mapping):
        return {**payload, "call": present_call(payload["call"], region)}
    return payload


def snapshot(
    connection: Connection, user: SessionUser, viewer: Viewer, clock: Clock, region: str
) -> dict[str, Any]:
    """A pure function of what the database holds (and of the clock, for the browser's offset)."""
    desk = desk_queries.snapshot(connection, user.id, now=clock.now())
    calls = call_queries.live(connection) if user.is_supervisor else desk.calls
    waits = user_waiting.of_user(connection, user.id, clock.now())
    return {
        "agent": agent_payload(desk.agent) if desk.agent else None,
        "calls": [present_call(one, region) for one in _calls(viewer, calls)],
        "pops": [present_pop(one, region) for one in _pops(viewer, desk.pops)],
        "queues": [queue_payload(one.figures) for one in queues_of(connection, user, clock)],
        "chats": _chats(viewer, chat_queries.mine(connection, user.id, clock.now())),
        "counts": waits.counts,
        "line": list(waits.line),
        "supervision": supervision.of_user(connection, user.id),
        "alerts": _alerts(connection, user, viewer),
        "reminders": [_reminder(viewer, one) for one in waits.reminders],
        "server_time": clock.now().timestamp() * 1000,
    }


def _calls(viewer: Viewer, calls: Iterable[LiveCall]) -> list[dict[str, Any]]:
    """Those that the viewer hears of, as `hearing` tells their changes."""
    told = [one.payload() for one in calls]
    if viewer.policy.unlimited:
        return told
    seen = [hearing.seen_call(viewer, one) for one in told]
    return [one for one in seen if "customers" in one]


def _pops(viewer: Viewer, pops: Iterable[ScreenPop]) -> list[dict[str, Any]]:
    told = [one.payload() for one in pops]
    return told if viewer.policy.unlimited else [hearing.seen_pop(viewer, one) for one in told]


def _chats(viewer: Viewer, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if viewer.policy.unlimited:
        return told
    return [hearing.seen_conversation(viewer, one) for one in told]


def _alerts(connection: Connection, user: SessionUser, viewer: Viewer) -> list[dict[str, Any]]:
    """Open ones, for whoever leads and may see them."""
    return alert_queries.to_tell(connection, viewer) if user.is_supervisor else []


def _reminder(viewer: Viewer, told: dict[str, Any]) -> dict[str, Any]:
    return told if viewer.policy.unlimited else hearing.masked(viewer, told)


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
    number = _for_people(e164, region) if e164 else str(shown.get("number") or "")
    return {
        **shown,
        "number_text": number,
        "dialed_text": _for_people(str(shown.get("dialed") or ""), region),
        "customers": [_present_customer(one, region) for one in shown.get("customers") or ()],
    }


def _present_customer(customer: Mapping[str, Any], region: str) -> dict[str, Any]:
    phones = [_for_people(str(phone), region) for phone in customer.get("phones") or ()]
    name = str(customer.get("display_name") or "")
    told = _for_people(name, region) if name in (customer.get("phones") or ()) else name
    return {**customer, "display_name": told, "phones_text": phones}


def _for_people(number: str, region: str) -> str:
    return number if is_masked(number) else format_for_people(number, region)
