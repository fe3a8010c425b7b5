"""A routing decision as it is kept: fields as in the table `routing_decisions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.routing.decide import RouteDecision
from callcenter.routing.facts import CallFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """`uow.routing.record` stores it. `micros` is the time from the request to the answer."""

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


def explain(decision: RouteDecision, facts: CallFacts | None) -> dict[str, Any]:
    """The JSON that answers "why did this call go there?" years later."""
    explanation: dict[str, Any] = {
        "reason": decision.reason,
        "priority": decision.priority,
        "language": decision.language,
        "considered": [
            {"rule": one.rule, "matched": one.matched, "finding": one.finding}
            for one in decision.considered
        ],
    }
    if facts is not None:
        explanation["number_kind"] = facts.caller.kind
        explanation["customers"] = [
            {
                "id": customer.customer_id,
                "vip_level": customer.vip_level,
                "blocked": customer.blocked,
                "overdue_minor": customer.overdue_minor,
                "overdue_days": customer.overdue_days,
                "lifetime_minor": customer.lifetime_minor,
                "currency": customer.currency,
                "abc": customer.abc,
                "rfm": customer.rfm,
            }
            for customer in facts.customers
        ]
    return explanation
