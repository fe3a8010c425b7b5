"""What is kept of a decision is the same, whether it was told at once or worked out afterwards."""

from __future__ import annotations

import pytest

from callcenter.customers.phone import PhoneNumber
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.decide import decide_route
from callcenter.routing.facts import CallFacts, CustomerFacts
from callcenter.routing.record import MOST_TOLD, explain
from callcenter.routing.rules import FIRST_RULES, Condition, RoutingTable, Rule

OTHERS = tuple(
    Rule(id=f"r{n}", name=f"r{n}", conditions=(Condition("dialed", values=(f"+48{n}",)),))
    for n in range(MOST_TOLD + 20)
)


def facts(vip_level: int) -> CallFacts:
    customer = CustomerFacts(customer_id=1, vip_level=vip_level)
    caller = PhoneNumber("e164", "", e164="+48601000001")
    return CallFacts(caller=caller, dialed="+48221000001", customers=(customer,))


@pytest.mark.parametrize("rules", [(), FIRST_RULES, OTHERS, (*OTHERS, *FIRST_RULES)])
@pytest.mark.parametrize("vip_level", [0, 2])
def test_a_trace_worked_out_afterwards_is_the_one_told_at_once(rules, vip_level):
    table, call = RoutingTable(rules=rules, version=3), facts(vip_level)
    ready = CompiledTable(table)
    at_once = explain(decide_route(call, table), call)
    for _ in range(2):  # the second time much of it is known
        assert ready.retell(call, ready.decide(call)) == at_once
