"""A routing decision as it is kept: fields as in the table `routing_decisions`, facts as JSON.

The facts are kept whole, so that the decision can be made again, by these rules or by others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final

from callcenter.customers.phone import PhoneNumber
from callcenter.routing.decide import Considered, RouteDecision
from callcenter.routing.facts import (
    CallFacts,
    CentreFacts,
    CustomerFacts,
    History,
    Operator,
    QueueNow,
    ReadyOperator,
)
from callcenter.routing.findings import in_english

# What is told of a table of a thousand rules: those before the one that decided.
MOST_TOLD: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """`uow.routing.record` stores it. `micros` is the time from the request to the answer;
    `version` that of the rules that decided."""

    pbx: str
    uniqueid: str
    number: str
    dialed: str
    route: str
    rule: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    failed_open: bool = False
    micros: int = 0
    decided_at: datetime
    stage: str = ""
    version: int | None = None
    tell: Callable[[], Mapping[str, Any]] | None = field(default=None, repr=False, compare=False)
    """Makes `facts`, when somebody has the time."""

    def told(self) -> DecisionRecord:
        return self if self.tell is None else replace(self, facts=self.tell(), tell=None)


def explain(decision: RouteDecision, facts: CallFacts | None) -> dict[str, Any]:
    """The JSON that answers "why did this call go there?" years later."""
    told = decision.considered[-MOST_TOLD:]
    explanation: dict[str, Any] = {
        "reason": decision.reason,
        "finding": decision.finding.to_json(),
        "rule_id": decision.rule_id,
        "target": decision.target,
        "then": decision.then,
        "then_target": decision.then_target,
        "rings": [[list(one.extensions), one.seconds] for one in decision.rings],
        "priority": decision.priority,
        "max_wait": decision.max_wait,
        "language": decision.language,
        "closed": None if decision.closed is None else list(decision.closed),
        "considered": [_considered(one) for one in told],
        "left_off": len(decision.considered) - len(told),
    }
    if facts is not None:
        explanation |= facts_to_json(facts)
    return explanation


def _considered(one: Considered) -> dict[str, Any]:
    """`finding` are words for those who read the record without the product."""
    return {
        "rule": one.rule,
        "rule_id": one.rule_id,
        "matched": one.matched,
        "finding": in_english(one.finding),
        "findings": [finding.to_json() for finding in one.findings],
    }


_CALLER: Final = ("kind", "e164", "extension", "digits", "valid")
_TEXTS: Final = ("dialed", "trunk", "stage", "from_queue", "queue_result")


def facts_to_json(facts: CallFacts) -> dict[str, Any]:
    return {
        "number_kind": facts.caller.kind,
        # Not what the network wrote: any text may be in it, and nothing is decided by it.
        "caller": {name: getattr(facts.caller, name) for name in _CALLER},
        "customers": [_customer_to_json(one) for one in facts.customers],
        "history": {**_plain(facts.history), **_people(facts.history, "last_operator")},
        "at": facts.at.isoformat(),
        **{name: _storable(getattr(facts, name)) for name in _TEXTS},
        "centre": None if facts.centre is None else _centre_to_json(facts.centre),
        "hours": {name: list(one) for name, one in facts.hours.items()},
        "messages": {name: list(one) for name, one in facts.messages.items()},
    }


def facts_from_json(data: Mapping[str, Any]) -> CallFacts:
    """What `facts_to_json` wrote; KeyError, TypeError or ValueError for anything else."""
    centre = data.get("centre")
    return CallFacts(
        caller=PhoneNumber(raw="", **data["caller"]),
        customers=tuple(_customer_from_json(one) for one in data["customers"]),
        history=History(**{**data["history"], **_operators(data["history"], "last_operator")}),
        at=datetime.fromisoformat(data["at"]),
        **{name: data[name] for name in _TEXTS},
        centre=None if centre is None else _centre_from_json(centre),
        hours={name: (one[0], one[1]) for name, one in data["hours"].items()},
        # Decisions from before closures had messages do not tell of any.
        messages={name: (one[0], one[1]) for name, one in data.get("messages", {}).items()},
    )


def _storable(text: str) -> str:
    return "".join(filter(str.isprintable, text))[:80]


_OPERATORS: Final = ("owner", "last_operator", "deal_owner", "task_assignee")
_WRITTEN_APART: Final = frozenset({"customer_id", "tags", "segments", "consents"})
_PLAIN: Final = {
    kind: tuple(one.name for one in fields(kind) if one.name not in _WRITTEN_APART)
    for kind in (CustomerFacts, History)
}


def _customer_to_json(one: CustomerFacts) -> dict[str, Any]:
    return {
        "id": one.customer_id,
        **_plain(one),
        **_people(one, *_OPERATORS),
        "tags": sorted(one.tags),
        "segments": sorted(one.segments),
        "consents": dict(one.consents),
    }


def _customer_from_json(data: Mapping[str, Any]) -> CustomerFacts:
    given = {**data, **_operators(data, *_OPERATORS)}
    given["customer_id"] = given.pop("id")
    for name in ("tags", "segments"):
        given[name] = frozenset(given[name])
    return CustomerFacts(**given)


def _plain(thing: CustomerFacts | History) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _PLAIN[type(thing)]}


def _people(thing: CustomerFacts | History, *names: str) -> dict[str, Any]:
    people = {name: getattr(thing, name) for name in names}
    return {name: one and [one.user_id, one.extension] for name, one in people.items()}


def _operators(data: Mapping[str, Any], *names: str) -> dict[str, Operator | None]:
    return {name: Operator(*data[name]) if data[name] else None for name in names}


def _centre_to_json(centre: CentreFacts) -> dict[str, Any]:
    return {
        "queues": {
            name: {one.name: getattr(queue, one.name) for one in fields(QueueNow)}
            for name, queue in centre.queues.items()
        },
        "ready": [[one.user_id, one.extension, dict(one.skills)] for one in centre.ready],
    }


def _centre_from_json(data: Mapping[str, Any]) -> CentreFacts:
    return CentreFacts(
        queues={name: QueueNow(**queue) for name, queue in data["queues"].items()},
        ready=tuple(
            ReadyOperator(user_id=user, extension=extension, skills=skills)
            for user, extension, skills in data["ready"]
        ),
    )
