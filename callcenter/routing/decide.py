"""Decides where a call goes, and says why. Pure and total: every call gets an answer.

Owns what the conditions of the routing table mean. Looks nothing up and raises for no input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from callcenter.routing.facts import CallFacts
from callcenter.routing.rules import (
    DEFAULT_ROUTE,
    DIALED_QUEUE,
    Condition,
    Route,
    RoutingTable,
    Rule,
    WorthCondition,
)
from callcenter.routing.worth import WORTH, Finding

LANGUAGES = ("en", "pl", "ru")
# Only countries where one of our languages is what most callers speak.
_LANGUAGE_BY_PREFIX = (("+48", "pl"), ("+7", "ru"), ("+375", "ru"), ("+44", "en"), ("+353", "en"))
_PRIORITY_PER_VIP_LEVEL = 10
_HIGHEST_VIP_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Considered:
    """One rule that was looked at, in order, with the finding in words."""

    rule: str
    matched: bool
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDecision:
    route: Route
    rule: str
    reason: str
    considered: tuple[Considered, ...] = ()
    priority: int = 0
    language: str = ""
    customer_id: int | None = None
    failed_open: bool = False


def decide_route(facts: CallFacts, table: RoutingTable) -> RouteDecision:
    """The first rule whose condition holds; the default route when none does."""
    considered: list[Considered] = []
    for rule in table.rules:
        matched, finding = _found(facts, rule)
        considered.append(Considered(rule.name, matched, finding))
        if matched:
            return _decision(facts, table, rule, tuple(considered))
    return _decision(facts, table, Rule("none", "always"), tuple(considered))


def _found(facts: CallFacts, rule: Rule) -> Finding:
    worth = WORTH.get(cast("WorthCondition", rule.condition))
    if worth is not None:
        return worth(facts, rule)
    return _CONDITIONS[cast("Condition", rule.condition)](facts)


def default_decision(cause: str) -> RouteDecision:
    """What a caller gets when no decision could be made in time: the PBX's own default queue."""
    return RouteDecision(route=DEFAULT_ROUTE, rule="failed-open", reason=cause, failed_open=True)


def _decision(
    facts: CallFacts, table: RoutingTable, rule: Rule, considered: tuple[Considered, ...]
) -> RouteDecision:
    only = facts.only_customer
    return RouteDecision(
        route=_dialed_route(facts, table) if rule.route == DIALED_QUEUE else rule.route,
        rule=rule.name,
        reason=considered[-1].finding if considered else "the table has no rules",
        considered=considered,
        priority=_priority(facts),
        language=_language(facts),
        customer_id=only.customer_id if only else None,
    )


def _dialed_route(facts: CallFacts, table: RoutingTable) -> Route:
    return table.dialed_queues.get(facts.dialed, DEFAULT_ROUTE)


def _priority(facts: CallFacts) -> int:
    level = max((customer.vip_level for customer in facts.unblocked), default=0)
    return _PRIORITY_PER_VIP_LEVEL * min(max(level, 0), _HIGHEST_VIP_LEVEL)


def _language(facts: CallFacts) -> str:
    spoken = {customer.language for customer in facts.customers if customer.language in LANGUAGES}
    if spoken:
        return spoken.pop() if len(spoken) == 1 else ""
    matches = (name for prefix, name in _LANGUAGE_BY_PREFIX if facts.caller.e164.startswith(prefix))
    return next(matches, "")


def _internal(facts: CallFacts) -> Finding:
    internal = facts.caller.kind == "internal"
    return internal, "the caller is an extension" if internal else "the caller is no extension"


def _withheld(facts: CallFacts) -> Finding:
    withheld = facts.caller.kind == "withheld"
    return withheld, "the number is withheld" if withheld else "the number is shown"


def _all_blocked(facts: CallFacts) -> Finding:
    """At a number that others answer too, one who is blocked keeps nobody else out."""
    blocked = len(facts.customers) - len(facts.unblocked)
    everybody = bool(facts.customers) and not facts.unblocked and not facts.shared
    return everybody, _share(blocked, facts, "blocked")


def _any_vip(facts: CallFacts) -> Finding:
    vips = sum(customer.vip_level > 0 for customer in facts.unblocked)
    return vips > 0, _share(vips, facts, "VIP")


def _all_debtors(facts: CallFacts) -> Finding:
    debtors = sum(customer.is_debtor for customer in facts.unblocked)
    everybody = 0 < debtors == len(facts.unblocked) and not facts.shared
    return everybody, _share(debtors, facts, "with an overdue invoice")


def _several(facts: CallFacts) -> Finding:
    several = len(facts.customers) > 1 or facts.shared
    return several, _count(facts)


def _one(facts: CallFacts) -> Finding:
    return facts.only_customer is not None, _count(facts)


def _always(facts: CallFacts) -> Finding:
    return True, _count(facts)


def _count(facts: CallFacts) -> str:
    others = ", and others may answer there" if facts.shared else ""
    return f"customers with this number: {len(facts.customers)}{others}"


def _share(count: int, facts: CallFacts, what: str) -> str:
    return f"{count} of {len(facts.customers)} customers with this number {what}"


_CONDITIONS: Mapping[Condition, Callable[[CallFacts], Finding]] = {
    "internal": _internal,
    "withheld": _withheld,
    "all_blocked": _all_blocked,
    "any_vip": _any_vip,
    "all_debtors": _all_debtors,
    "several": _several,
    "one": _one,
    "always": _always,
}
