"""The events there are. Names are `<object>.<what happened>`; other systems build on them."""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.errors import Invalid

EVENTS: tuple[str, ...] = (
    "call.started",
    "call.answered",
    "call.ended",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "customer.merged",
    "customer.erased",
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "deal.created",
    "deal.updated",
    "task.created",
    "task.updated",
    "message.received",
    "message.sent",
    "survey.answered",
    "alert.opened",
    "alert.closed",
)
PING = "ping"
"""Sent by hand only, to see that an address listens."""


def checked(events: Iterable[str]) -> tuple[str, ...]:
    """Known ones, each once, in the order of EVENTS. `customer.*` stands for all of customers'."""
    asked = {one.strip() for one in events if one.strip()}
    for one in sorted(asked):
        if one not in EVENTS and not any(event.startswith(_prefix(one)) for event in EVENTS):
            raise Invalid("events", f"{one} is not an event; known are {', '.join(EVENTS)}")
    if not asked:
        raise Invalid("events", "choose at least one event")
    return tuple(event for event in EVENTS if wants(asked, event))


def wants(asked: Iterable[str], event: str) -> bool:
    return any(one == event or event.startswith(_prefix(one)) for one in asked)


def _prefix(pattern: str) -> str:
    """`customer.*` → `customer.`; of anything else nothing begins with it."""
    return pattern[:-1] if pattern.endswith(".*") else "\0"
