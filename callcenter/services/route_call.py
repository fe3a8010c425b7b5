"""Use case: decide where an inbound call goes, and keep the decision.

The two halves are apart because the caller waits for the first and must never wait for the second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from callcenter.customers.phone import NumberPlan, PhoneNumber, parse_number
from callcenter.ports import UnitOfWork
from callcenter.routing.decide import RouteDecision, decide_route
from callcenter.routing.facts import CallFacts, CustomerFacts
from callcenter.routing.record import DecisionRecord
from callcenter.routing.rules import RoutingTable

FindCustomers = Callable[[str], Sequence[CustomerFacts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """What the PBX said about a call. Numbers are the network's text, not to be trusted.

    `trunk` is empty for a call from inside: what comes over a trunk is never an extension of ours,
    whatever number it shows.
    """

    pbx: str
    uniqueid: str
    caller: str
    caller_hidden: bool
    dialed: str
    trunk: str


def route_call(
    request: RouteRequest,
    plan: NumberPlan,
    table: RoutingTable,
    find_customers: FindCustomers,
) -> tuple[RouteDecision, CallFacts]:
    """Normalise by the trunk's plan, look the caller up (one indexed read), decide."""
    facts = _facts(request, plan)
    if facts.caller.e164:
        facts = replace(facts, customers=tuple(find_customers(facts.caller.e164)))
    return decide_route(facts, table), facts


def _facts(request: RouteRequest, plan: NumberPlan) -> CallFacts:
    """A number that its owner hides is not looked up, though the network may have told it."""
    if request.caller_hidden:
        caller = PhoneNumber("withheld", "")
    else:
        caller = parse_number(request.caller, plan, internal_allowed=not request.trunk)
    dialed = parse_number(request.dialed, plan)
    return CallFacts(caller=caller, dialed=dialed.e164 or dialed.digits)


def record_decisions(
    records: Sequence[DecisionRecord], unit_of_work: Callable[[], UnitOfWork]
) -> None:
    """One transaction for all that have gathered."""
    with unit_of_work() as uow:
        uow.routing.record(*records)
        uow.commit()
