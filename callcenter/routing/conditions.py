"""What conditions there are: which reading each compares with what. Pure.

What is not known neither holds nor fails: such a condition does not hold, nor does its opposite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from callcenter.routing import readings
from callcenter.routing.asking import COMPARE, Asks, BrokenError
from callcenter.routing.facts import CallFacts
from callcenter.routing.findings import Finding
from callcenter.routing.readings import Read, Reading
from callcenter.routing.rules import Condition

Of = Literal["", "queue", "calendar", "currency", "zone"]
About = Literal["customer", "call", "time", "centre"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`choices` names the list its values are chosen from; '' for free text."""

    name: str
    about: About
    asks: Asks
    read: Read
    of: Of = ""
    choices: str = ""


def kind_of(condition: Condition) -> Kind:
    kind = KINDS.get(condition.kind)
    if kind is None:
        raise BrokenError("unknown-condition")
    return kind


def look_at(facts: CallFacts, condition: Condition) -> tuple[bool, Finding]:
    """Whether it holds, and what was found. BrokenError when it cannot be looked at."""
    kind = kind_of(condition)
    reading = kind.read(facts, condition.of)
    return holds(kind, condition, reading), _finding(facts, kind, condition, reading)


def holds(kind: Kind, condition: Condition, reading: Reading) -> bool:
    if reading is None:
        return False
    return COMPARE[kind.asks](reading, condition) is not condition.negated


def _finding(facts: CallFacts, kind: Kind, condition: Condition, reading: Reading) -> Finding:
    params: dict[str, Any] = {
        "found": sorted(reading) if isinstance(reading, frozenset) else reading
    }
    if kind.asks in ("at_least", "at_most"):
        params["asked"] = condition.amount
    elif kind.asks != "flag":
        params["asked"] = list(condition.values)
    if condition.of:
        params["of"] = condition.of
    if condition.negated:
        params["negated"] = True
    params |= counted(facts, kind)
    return Finding(kind.name, params)


def counted(facts: CallFacts, kind: Kind) -> tuple[tuple[str, int], ...]:
    """Of how many customers it holds, where that is told."""
    count = _COUNTED.get(kind.name)
    if count is None:
        return ()
    customers = ("customers", len(facts.customers))
    return ("count", count(facts)), customers, ("shared", facts.shared)


_COUNTED: Final[Mapping[str, Callable[[CallFacts], int]]] = {
    "all_blocked": lambda facts: len(facts.customers) - len(facts.unblocked),
    "any_vip": lambda facts: sum(one.vip_level > 0 for one in facts.unblocked),
    "all_debtors": lambda facts: sum(one.is_debtor for one in facts.unblocked),
    "several": lambda facts: len(facts.customers),
    "one": lambda facts: len(facts.customers),
    "always": lambda facts: len(facts.customers),
}

KINDS: Final[Mapping[str, Kind]] = {
    one.name: one
    for one in (
        Kind("one", "customer", "flag", lambda facts, _of: facts.only_customer is not None),
        Kind("several", "customer", "flag", readings.several),
        Kind("all_blocked", "customer", "flag", readings.all_blocked),
        Kind("any_vip", "customer", "flag", readings.any_vip),
        Kind(
            "vip_level",
            "customer",
            "at_least",
            lambda facts, _of: max((one.vip_level for one in facts.unblocked), default=0),
        ),
        Kind("all_debtors", "customer", "flag", readings.all_debtors),
        Kind("overdue_days", "customer", "at_least", readings.least(lambda one: one.overdue_days)),
        Kind(
            "overdue_minor", "customer", "at_least", readings.least(lambda one: one.overdue_minor)
        ),
        Kind("lifetime_minor", "customer", "at_least", readings.lifetime, "currency"),
        Kind("abc", "customer", "values", readings.texts(lambda one: one.abc), choices="abc"),
        Kind("rfm", "customer", "reaches", readings.texts(lambda one: one.rfm)),
        Kind(
            "status", "customer", "values", readings.texts(lambda one: one.status), choices="status"
        ),
        Kind(
            "segment",
            "customer",
            "values",
            readings.texts(lambda one: one.segment),
            choices="segment",
        ),
        Kind(
            "saved_segment",
            "customer",
            "values",
            readings.ids(lambda one: one.segments),
            choices="saved_segment",
        ),
        Kind("tag", "customer", "values", readings.ids(lambda one: one.tags), choices="tag"),
        Kind(
            "language",
            "customer",
            "values",
            readings.texts(lambda one: one.language),
            choices="language",
        ),
        Kind("consent", "customer", "values", readings.consented(given=True), choices="channel"),
        Kind(
            "consent_refused",
            "customer",
            "values",
            readings.consented(given=False),
            choices="channel",
        ),
        Kind(
            "open_deal",
            "customer",
            "flag",
            lambda facts, _of: any(one.open_deal is not None for one in facts.unblocked),
        ),
        Kind(
            "deal_stage",
            "customer",
            "values",
            readings.texts(lambda one: one.deal_stage),
            choices="stage",
        ),
        Kind(
            "open_task",
            "customer",
            "flag",
            lambda facts, _of: any(one.open_task is not None for one in facts.unblocked),
        ),
        Kind(
            "owner",
            "customer",
            "values",
            readings.people(lambda one: one.owner),
            choices="operator",
        ),
        Kind("last_operator", "customer", "values", readings.last_spoken, choices="operator"),
        Kind("always", "call", "flag", lambda _facts, _of: True),
        Kind("internal", "call", "flag", lambda facts, _of: facts.caller.kind == "internal"),
        Kind("withheld", "call", "flag", lambda facts, _of: facts.caller.kind == "withheld"),
        Kind(
            "dialed",
            "call",
            "values",
            readings.one_text(lambda facts: facts.dialed),
            choices="dialed",
        ),
        Kind(
            "trunk", "call", "values", readings.one_text(lambda facts: facts.trunk), choices="trunk"
        ),
        Kind("number_prefix", "call", "values", readings.prefixes),
        Kind("call_today", "call", "at_least", lambda facts, _of: facts.history.calls_today + 1),
        Kind("called_within", "call", "at_most", readings.minutes_since),
        Kind("last_call_missed", "call", "flag", readings.missed_before),
        Kind(
            "last_queue",
            "call",
            "values",
            readings.one_text(lambda facts: facts.history.queue),
            choices="queue",
        ),
        Kind(
            "from_queue",
            "call",
            "values",
            readings.one_text(lambda facts: facts.from_queue),
            choices="queue",
        ),
        Kind(
            "queue_result",
            "call",
            "values",
            readings.one_text(lambda facts: facts.queue_result),
            choices="queue_result",
        ),
        Kind("open", "time", "flag", readings.is_open, "calendar"),
        Kind("holiday", "time", "flag", readings.why_closed("holiday"), "calendar"),
        Kind("closure", "time", "flag", readings.why_closed("closure"), "calendar"),
        Kind("weekday", "time", "values", readings.local("%u"), "zone", "weekday"),
        Kind("time", "time", "between", readings.local("%H:%M"), "zone"),
        Kind("date", "time", "values", readings.dates, "zone"),
        Kind(
            "queue_waiting",
            "centre",
            "at_least",
            readings.of_queue(lambda one: one.waiting),
            "queue",
        ),
        Kind(
            "queue_longest_wait",
            "centre",
            "at_least",
            readings.of_queue(lambda one: one.longest_wait),
            "queue",
        ),
        Kind(
            "queue_ready", "centre", "at_least", readings.of_queue(lambda one: one.ready), "queue"
        ),
        Kind(
            "service_level",
            "centre",
            "at_least",
            readings.of_queue(lambda one: one.service_level),
            "queue",
        ),
        Kind("last_operator_ready", "centre", "flag", readings.ready(readings.last_operators)),
        Kind("owner_ready", "centre", "flag", readings.ready(readings.owners)),
    )
}
