"""Queue members in the manager's words: read from QueueStatus, changed by actions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from callcenter.agents.membership import Change, Member

Event = Mapping[str, str]
Key = tuple[str, str]
_LONGEST: Final = 80


def members_of(items: Iterable[Event]) -> dict[Key, Member]:
    """From the answer to QueueStatus, by queue and interface."""
    found = (_member(item) for item in items if item.get("Event") == "QueueMember")
    return {(one.queue, one.interface): one for one in found}


def queues_of(items: Iterable[Event]) -> frozenset[str]:
    return frozenset(item["Queue"] for item in items if item.get("Event") == "QueueParams")


def _member(item: Event) -> Member:
    penalty = item.get("Penalty", "")
    return Member(
        queue=item.get("Queue", ""),
        interface=item.get("Location") or item.get("Interface", ""),
        penalty=int(penalty) if penalty.isdecimal() else 0,
        paused=item.get("Paused") == "1",
        reason=item.get("PausedReason", ""),
        fixed=item.get("Membership", "static") != "dynamic",
    )


def action_of(change: Change) -> tuple[str, dict[str, str]]:
    """The manager action that makes it, and its headers."""
    where = {"Queue": change.queue, "Interface": change.interface}
    if change.action == "add":
        return "QueueAdd", where | _as_added(change)
    if change.action == "remove":
        return "QueueRemove", where
    if change.action == "penalty":
        return "QueuePenalty", where | {"Penalty": str(change.penalty)}
    paused = {"Paused": "true" if change.action == "pause" else "false"}
    reason = {"Reason": change.reason[:_LONGEST]} if change.reason else {}
    return "QueuePause", where | paused | reason


def _as_added(change: Change) -> dict[str, str]:
    headers = {
        "Penalty": str(change.penalty),
        "Paused": "true" if change.reason else "false",
        "StateInterface": change.interface,
    }
    # A name is people's text: one line, and nothing that a header could end with.
    name = "".join(c for c in change.name if c.isprintable())[:_LONGEST].strip()
    return headers | ({"MemberName": name} if name else {})


def applied(members: Mapping[Key, Member], change: Change) -> dict[Key, Member]:
    """The members as they are once the PBX has carried that out."""
    key = change.queue, change.interface
    rest = {other: one for other, one in members.items() if other != key}
    if change.action == "remove":
        return rest
    known = members.get(key) or Member(queue=change.queue, interface=change.interface)
    if change.action == "add":
        # QueueAdd takes no reason on every release: it is told by a pause of its own.
        return rest | {key: replace(known, penalty=change.penalty, paused=bool(change.reason))}
    if change.action == "penalty":
        return rest | {key: replace(known, penalty=change.penalty)}
    paused = change.action == "pause"
    return rest | {key: replace(known, paused=paused, reason=change.reason if paused else "")}
