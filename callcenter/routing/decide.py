"""Decides where a call goes, and says why. Pure and total: every call gets an answer.

`decide_route` looks at rule after rule and tells of each; `compiled` decides the same, faster and
without a word. A rule that cannot be looked at is skipped, and named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from callcenter.routing.actions import (
    DEFAULT_ROUTE,
    FIXED,
    QUEUE_ROUTE,
    Action,
    Announce,
    Block,
    Dialed,
    Preferred,
    Route,
    ToQueue,
    most_seconds,
    target_of,
)
from callcenter.routing.asking import BrokenError
from callcenter.routing.closures import message_of
from callcenter.routing.conditions import look_at
from callcenter.routing.facts import CallFacts
from callcenter.routing.findings import Finding, in_english
from callcenter.routing.ringing import Ringing, rings_of
from callcenter.routing.rules import AnyOf, RoutingTable, Rule, Term

LANGUAGES = ("en", "pl", "ru")
HIGHEST_PRIORITY: Final = 99
THEN_DIALED: Final = "dialed"
"""Goes on after an announcement as if the CRM had said nothing: '' would end the call there."""
# Only countries where one of our languages is what most callers speak.
_LANGUAGE_BY_PREFIX = (("+48", "pl"), ("+7", "ru"), ("+375", "ru"), ("+44", "en"), ("+353", "en"))
_PRIORITY_PER_VIP_LEVEL = 10
_HIGHEST_VIP_LEVEL = 3
NO_RULE: Final = Rule(id="none", name="none")


@dataclass(frozen=True, slots=True)
class Considered:
    """One rule that was looked at, in order: what was found of its conditions, up to the first
    that did not hold."""

    rule: str
    matched: bool
    findings: tuple[Finding, ...]
    rule_id: str = ""

    @property
    def finding(self) -> Finding:
        """What settled it."""
        return self.findings[-1] if self.findings else Finding("no-conditions")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDecision:
    """`target` is the menu, prompt, box, number or queue that the route needs; `then` is the route
    after an announcement ('' hangs up). `rings` come before the queue."""

    route: Route
    rule: str
    rule_id: str = ""
    finding: Finding
    considered: tuple[Considered, ...] = ()
    target: str = ""
    then: Route = ""
    then_target: str = ""
    rings: tuple[Ringing, ...] = ()
    priority: int = 0
    max_wait: int = 0
    language: str = ""
    customer_id: int | None = None
    failed_open: bool = False
    version: int | None = None
    closed: tuple[str, str, str] | None = None
    """The calendar that is closed for a time, the reason, and the prompt that is played for it."""
    skipped: tuple[str, ...] = field(default=(), compare=False)
    """Names of rules that could not be looked at."""

    @property
    def reason(self) -> str:
        return in_english(self.finding)


def decide_route(facts: CallFacts, table: RoutingTable) -> RouteDecision:
    """The first rule whose conditions hold; the default route when none does."""
    considered: list[Considered] = []
    for rule in table.rules:
        if not rule.active or rule.stage != facts.stage:
            continue
        one = _looked_at(facts, rule)
        considered.append(one)
        if one.matched:
            return decision_of(facts, table, rule, one.finding, tuple(considered))
    finding = Finding("no-rule") if considered else Finding("no-rules")
    return decision_of(facts, table, NO_RULE, finding, tuple(considered))


def default_decision(cause: str) -> RouteDecision:
    """What a caller gets when no decision could be made in time: the PBX's own default queue."""
    return RouteDecision(
        route=DEFAULT_ROUTE,
        rule="failed-open",
        finding=Finding("failed-open", {"cause": cause}),
        failed_open=True,
    )


def _looked_at(facts: CallFacts, rule: Rule) -> Considered:
    findings: list[Finding] = []
    for term in rule.conditions:
        try:
            held, finding = look_at_term(facts, term)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with a rule costs no call
            findings.append(Finding("broken", {"why": why_broken(error)}))
            return Considered(rule.name, False, tuple(findings), rule.id)
        findings.append(finding)
        if not held:
            return Considered(rule.name, False, tuple(findings), rule.id)
    return Considered(rule.name, True, tuple(findings), rule.id)


def why_broken(error: Exception) -> str:
    return error.why if isinstance(error, BrokenError) else "error"


def look_at_term(facts: CallFacts, term: Term) -> tuple[bool, Finding]:
    if not isinstance(term, AnyOf):
        return look_at(facts, term)
    looked = [look_at(facts, one) for one in term.conditions]
    held = any(one for one, _ in looked)
    told = {"found": held, "of": [finding.to_json() for _, finding in looked]}
    if term.negated:
        told["negated"] = True
    return held is not term.negated, Finding("any-of", told)


def decision_of(
    facts: CallFacts,
    table: RoutingTable,
    rule: Rule,
    finding: Finding,
    considered: tuple[Considered, ...] = (),
    *,
    skipped: tuple[str, ...] = (),
) -> RouteDecision:
    """What a rule that matched means for this call. Where it decides by a closure with a message,
    the caller hears that first, unless they are told something anyway, or nothing."""
    only = facts.only_customer
    action, closed = rule.action, None
    if facts.messages and not isinstance(action, (Announce, Block)):
        closed = message_of(rule, facts)
        if closed is not None:
            action = Announce(closed[-1], action)
    after = action.then if isinstance(action, Announce) else None
    place = after or action
    broken = tuple(
        one.rule for one in considered if one.findings and one.findings[-1].code == "broken"
    )
    return RouteDecision(
        route=route_of(action, facts, table),
        target=target_of(action),
        then=(route_of(after, facts, table) or THEN_DIALED) if after else "",
        then_target=target_of(after) if after else "",
        rings=rings_of(place, facts) if isinstance(place, Preferred) else (),
        rule=rule.name,
        rule_id=rule.id,
        finding=finding,
        considered=considered,
        priority=_priority(facts, place),
        max_wait=most_seconds(place),
        language=_language(facts),
        customer_id=only.customer_id if only else None,
        version=table.version,
        closed=closed,
        skipped=skipped or broken,
    )


def route_of(action: Action, facts: CallFacts, table: RoutingTable) -> Route:
    if isinstance(action, (ToQueue, Preferred)):
        return QUEUE_ROUTE + action.queue
    if isinstance(action, Dialed):
        arriving = facts.stage == "arrival"
        return table.dialed_queues.get(facts.dialed, DEFAULT_ROUTE) if arriving else DEFAULT_ROUTE
    return FIXED[type(action)]


def _priority(facts: CallFacts, action: Action) -> int:
    level = max((customer.vip_level for customer in facts.unblocked), default=0)
    own = _PRIORITY_PER_VIP_LEVEL * min(max(level, 0), _HIGHEST_VIP_LEVEL)
    added = action.priority if isinstance(action, (ToQueue, Preferred)) else 0
    return min(max(own + added, 0), HIGHEST_PRIORITY)


def _language(facts: CallFacts) -> str:
    spoken = {customer.language for customer in facts.customers if customer.language in LANGUAGES}
    if spoken:
        return spoken.pop() if len(spoken) == 1 else ""
    matches = (name for prefix, name in _LANGUAGE_BY_PREFIX if facts.caller.e164.startswith(prefix))
    return next(matches, "")
