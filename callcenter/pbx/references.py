"""Whether the parts of a plan fit together: each names only what is there, once, and no call can be
sent on for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcenter.pbx.destinations import Destination, check_no_circle
from callcenter.pbx.values import PlanError

if TYPE_CHECKING:
    from callcenter.pbx.plan import PbxPlan

_TAKEN = ("600", *(str(number) for number in range(700, 721)))
"""Echo and the parking places."""
_SECTIONS = {
    "global", "transport-udp", "transport-ws", "operator", "desk-phone", "soft-phone",
    "one-password", "one-device",
}  # fmt: skip
"""What pjsip.conf has besides trunks and phones."""


def check_references(plan: PbxPlan) -> None:
    _check_names(plan)
    _check_operators(plan)
    _check_destinations(plan)
    _check_circles(plan)


def _check_names(plan: PbxPlan) -> None:
    extensions = [operator.extension for operator in plan.operators]
    extensions += [group.number for group in plan.groups]
    extensions += [*plan.conferences, *(queue.number for queue in plan.queues)]
    _once("operator, group, conference or queue", extensions)
    # Asterisk passes over dashes where it compares extensions.
    _once("queue", [queue.name.replace("-", "") for queue in plan.queues])
    trunks = [trunk.name for trunk in plan.trunks]
    phones = [name for one in plan.operators for name in (one.extension, f"web{one.extension}")]
    _once("trunk or phone", [*trunks, *phones])
    if words := ", ".join(sorted(_SECTIONS & set(trunks))):
        raise PlanError(f"trunk.name: {words} is a word of pjsip.conf", field="name", code="name")
    _once("did", [did.number for did in plan.dids])
    taken = sorted(set(_TAKEN) & set(extensions))
    if taken:
        words = f"extension {', '.join(taken)} is the echo's or a parking place's"
        raise PlanError(words, field="number", code="taken", about=", ".join(taken))
    if plan.default_queue not in plan.queue_numbers:
        words = f"default_queue: no queue {plan.default_queue!r}"
        raise PlanError(
            words, field="default_queue", code="default_queue", about=plan.default_queue
        )


def _once(what: str, names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        twice = ", ".join(sorted({name for name in names if names.count(name) > 1}))
        words = f"a {what} is named twice: {twice}"
        field = "number" if twice.lstrip("+").isdecimal() else "name"
        raise PlanError(words, field=field, code="twice", about=twice)


def _check_operators(plan: PbxPlan) -> None:
    wanted = {member for queue in plan.queues for member in queue.members}
    wanted |= {member for group in plan.groups for member in group.members}
    wanted |= {place.target for place in plan.destinations if place.kind == "operator"}
    forwards = {to for operator in plan.operators for to in operator.forwards.values()}
    wanted |= {to for to in forwards if not to.startswith("+")}
    unknown = sorted(wanted - {operator.extension for operator in plan.operators})
    if unknown:
        words = f"no operator has the extension {', '.join(unknown)}"
        raise PlanError(words, field="target", code="no_operator", about=", ".join(unknown))
    for to in sorted(to for to in forwards if to.startswith("+")):
        if not to.startswith(plan.outbound_prefixes):
            words = f"forward to {to}: not among outbound_prefixes"
            raise PlanError(words, field=_forward_field(plan, to), code="prefixes", about=to)


def _forward_field(plan: PbxPlan, to: str) -> str:
    kinds = [kind for one in plan.operators for kind, place in one.forwards.items() if place == to]
    return f"forward_{kinds[0]}"


def _check_destinations(plan: PbxPlan) -> None:
    groups = {group.number for group in plan.groups}
    boxes = {operator.extension for operator in plan.operators if operator.mailbox}
    for place in plan.destinations:
        if place.kind == "queue" and place.target not in plan.queue_numbers:
            words = f"no queue {place.target!r}"
            raise PlanError(words, field="target", code="no_queue", about=place.target)
        if place.kind == "group" and place.target not in groups:
            words = f"no group has the extension {place.target}"
            raise PlanError(words, field="target", code="no_group", about=place.target)
        if place.kind == "voicemail" and place.target not in boxes:
            words = f"operator {place.target} has no mailbox"
            raise PlanError(words, field="target", code="no_mailbox", about=place.target)


def _check_circles(plan: PbxPlan) -> None:
    check_no_circle("overflow", _overflows(plan))
    check_no_circle(
        "forwarding", {who.extension: tuple(who.forwards.values()) for who in plan.operators}
    )


def _overflows(plan: PbxPlan) -> dict[str, tuple[str, ...]]:
    """What sends callers on by itself. The menu does too, when its caller chooses nothing."""
    edges = {f"queue {queue.name}": _names(queue.overflow) for queue in plan.queues}
    edges |= {f"group {group.number}": _names(group.overflow) for group in plan.groups}
    edges["ivr "] = (f"queue {plan.default_queue}",)
    return edges


def _names(place: Destination | None) -> tuple[str, ...]:
    return () if place is None else (f"{place.kind} {place.target}",)
