"""What of a bus message a socket's user may hear. Pure: their rights against the payload alone.

A call at one's own phone is one's own contact: its customer is shown whoever owns them, as far as
the field rights go. Of calls elsewhere one hears as far as one's scope over interactions reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from callcenter.alerts.reach import hears
from callcenter.realtime.messages import Message
from callcenter.rights.masked import email_as, name_as, number_as
from callcenter.rights.objects import Object
from callcenter.rights.viewer import Viewer

_NUMBERS = ("number", "number_e164", "number_display_e164", "address", "sender")
_PEOPLE = ("customer", "customers")


def heard(viewer: Viewer, message: Message) -> Message | None:
    """The message as this user may have it; None if not at all."""
    if message.payload.get("type") == "alert" and not hears(
        viewer, message.payload.get("alert") or {}
    ):
        return None
    if viewer.policy.unlimited:
        return message
    payload = dict(message.payload)
    if message.kind == "call" and isinstance(payload.get("call"), Mapping):
        payload["call"] = seen_call(viewer, payload["call"])
    elif message.kind == "screen_pop":
        payload = seen_pop(viewer, payload)
    elif payload.get("type") == "conversation":
        found = _conversation(viewer, payload)
        if found is None:
            return None
        payload = found
    else:
        payload = masked(viewer, payload)
    return replace(message, payload=payload)


def seen_call(viewer: Viewer, call: Mapping[str, Any]) -> dict[str, Any]:
    """A call that is out of reach is off the screen: it may have been there while it waited."""
    people = [party.get("user_id") for party in call.get("parties") or ()]
    if not viewer.reaches("interaction", "read", people):
        return {"call_id": call["call_id"], "live": False, "merged_into": None}
    return _with_customers(viewer, call, _is_mine(viewer, "customer", people))


def seen_pop(viewer: Viewer, pop: Mapping[str, Any]) -> dict[str, Any]:
    """It rings at this very user's phone."""
    return _with_customers(viewer, pop, viewer.may("customer", "read"))


def masked(viewer: Viewer, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and addresses wherever they stand in a payload."""
    return {name: _masked(viewer, name, value) for name, value in payload.items()}


def _conversation(viewer: Viewer, payload: Mapping[str, Any]) -> dict[str, Any] | None:
    told = payload.get("conversation")
    if not isinstance(told, Mapping):
        return dict(payload)
    whose = [told.get("assigned_to"), told.get("offered_to")]
    if not viewer.reaches("conversation", "read", whose):
        return None
    return {**payload, "conversation": seen_conversation(viewer, told)}


def seen_conversation(viewer: Viewer, told: Mapping[str, Any]) -> dict[str, Any]:
    whose = [told.get("assigned_to"), told.get("offered_to")]
    customer = told.get("customer") if _is_mine(viewer, "customer", whose) else None
    return masked(viewer, {**told, "customer": customer})


def _is_mine(viewer: Viewer, thing: Object, people: Iterable[int | None]) -> bool:
    """Without anybody on it yet, nobody has had a contact with them."""
    theirs = viewer.user_ids(thing, "read")
    return theirs is None or bool(theirs & {one for one in people if one is not None})


def _with_customers(viewer: Viewer, told: Mapping[str, Any], visible: bool) -> dict[str, Any]:
    """Who is out of reach is as unknown as a stranger."""
    known = list(told.get("customers") or ())
    here = visible or not known
    seen: dict[str, Any] = {"customers": known if here else []} | (
        {} if here else {"match": "none"}
    )
    if told.get("direction") == "outbound":
        access = viewer.field("interaction", "number")
        seen["dialed"] = str(number_as(access, str(told.get("dialed") or "")))
    return masked(viewer, {**told, **seen})


def _masked(viewer: Viewer, name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _customer(viewer, value) if name in _PEOPLE else masked(viewer, value)
    if isinstance(value, (list, tuple)):
        return [_masked(viewer, name, one) for one in value]
    if name not in _NUMBERS or not isinstance(value, str):
        return value
    if "@" in value:
        return str(email_as(viewer.field("customer", "emails"), value))
    return str(number_as(viewer.field("interaction", "number"), value))


def _customer(viewer: Viewer, told: Mapping[str, Any]) -> dict[str, Any]:
    access = viewer.field("customer", "phones")
    phones = [str(shown) for one in told.get("phones") or () if (shown := number_as(access, one))]
    amounts = viewer.may("account", "read") and viewer.sees("account", "amounts")
    hidden: dict[str, Any] = {"phones": phones} if "phones" in told else {}
    if "display_name" in told:
        hidden["display_name"] = str(name_as(access, str(told["display_name"])))
    if not amounts and "overdue_minor" in told:
        hidden["overdue_minor"] = 0
    if not viewer.sees("customer", "vip_level") and "vip_level" in told:
        hidden["vip_level"] = 0
    if not viewer.sees("customer", "blocked") and "blocked" in told:
        hidden["blocked"] = False
    return {**told, **hidden}
