"""Use case: decide where a call goes, and keep the decision.

The two halves are apart because the caller waits for the first and must never wait for the second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from callcenter.customers.phone import NumberPlan, PhoneNumber, parse_number
from callcenter.ports import UnitOfWork
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.decide import RouteDecision
from callcenter.routing.facts import CallerFacts, CallFacts, CentreFacts
from callcenter.routing.record import DecisionRecord
from callcenter.routing.rules import RoutingTable

FindCaller = Callable[[str], CallerFacts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is the same for every call of this moment: the rules, the hours, the centre."""

    table: CompiledTable
    at: datetime
    centre: CentreFacts | None = None
    hours: Mapping[str, tuple[bool, str]] = field(default_factory=lambda: MappingProxyType({}))
    messages: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))


LookAround = Callable[[], Around]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """What the PBX said about a call. Numbers are the network's text, not to be trusted.

    `trunk` is empty for a call from inside: what comes over a trunk is never an extension of ours,
    whatever number it shows. `from_queue` and `queue_result` are of a call that a queue let go.
    """

    pbx: str
    uniqueid: str
    caller: str
    caller_hidden: bool
    dialed: str
    trunk: str
    stage: str = "arrival"
    from_queue: str = ""
    queue_result: str = ""


def route_call(
    request: RouteRequest, plan: NumberPlan, around: Around, find_caller: FindCaller
) -> tuple[RouteDecision, CallFacts]:
    """Normalise by the trunk's plan, look the caller up (one indexed read), decide."""
    caller = caller_of(request, plan)
    known = find_caller(caller.e164) if caller.e164 else NOBODY
    facts = call_facts(request, plan, around, known)
    return around.table.decide(facts), facts


def caller_of(request: RouteRequest, plan: NumberPlan) -> PhoneNumber:
    """A number that its owner hides is not looked up, though the network may have told it."""
    if request.caller_hidden:
        return PhoneNumber("withheld", "")
    return parse_number(request.caller, plan, internal_allowed=not request.trunk)


NOBODY: Final = CallerFacts()


def call_facts(
    request: RouteRequest, plan: NumberPlan, around: Around, known: CallerFacts = NOBODY
) -> CallFacts:
    dialed = parse_number(request.dialed, plan)
    return CallFacts(
        caller=caller_of(request, plan),
        customers=known.customers,
        history=known.history,
        dialed=dialed.e164 or dialed.digits,
        at=around.at,
        trunk=request.trunk,
        stage=request.stage,
        from_queue=request.from_queue,
        queue_result=request.queue_result,
        centre=around.centre,
        hours=around.hours,
        messages=around.messages,
    )


def with_caller(facts: CallFacts, caller: CallerFacts) -> CallFacts:
    return replace(facts, customers=caller.customers, history=caller.history)


def standing(table: RoutingTable, at: datetime) -> LookAround:
    """Rules that never change, where nobody knows the centre or its hours."""
    around = Around(table=CompiledTable(table), at=at)
    return lambda: around


def record_decisions(
    records: Sequence[DecisionRecord], unit_of_work: Callable[[], UnitOfWork]
) -> None:
    """One transaction for all that have gathered. What each tells is worked out here, where nobody
    waits for it."""
    told = []
    for one in records:
        told.append(one.told())
        time.sleep(0)  # whoever waits for the interpreter, decides for a caller
    with unit_of_work() as uow:
        uow.routing.record(*told)
        uow.commit()
