"""Use case: where would this call go? Decided as the AGI decides, from the same facts, without a
call. Pure but for what is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from callcenter.customers.phone import NumberPlan
from callcenter.hours.timetable import Timetable
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.decide import RouteDecision, decide_route
from callcenter.routing.facts import CallerFacts, CallFacts, CentreFacts, QueueNow
from callcenter.routing.rules import RoutingTable, Rule
from callcenter.services.route_call import Around, RouteRequest, call_facts, with_caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`centre` None: nobody can know how it will be then. `queues` are what somebody supposes."""

    request: RouteRequest
    at: datetime
    timetable: Timetable
    centre: CentreFacts | None = None
    queues: Mapping[str, QueueNow] = field(default_factory=dict)
    language: str = ""


def facts_of(question: Question, plan: NumberPlan) -> CallFacts:
    """All but who it is."""
    around = Around(
        table=CompiledTable(RoutingTable()),
        at=question.at,
        centre=_centre(question),
        hours=question.timetable.told(question.at),
        messages=question.timetable.messages(question.at),
    )
    return call_facts(question.request, plan, around)


def decided(
    facts: CallFacts, caller: CallerFacts, rules: tuple[Rule, ...], question: Question
) -> tuple[RouteDecision, CallFacts]:
    known = with_caller(facts, caller) if facts.caller.e164 else facts
    if question.language:
        people = tuple(replace(one, language=question.language) for one in known.customers)
        known = replace(known, customers=people)
    return decide_route(known, RoutingTable(rules=rules)), known


def _centre(question: Question) -> CentreFacts | None:
    if not question.queues:
        return question.centre
    there = question.centre or CentreFacts()
    return replace(there, queues={**there.queues, **question.queues})
