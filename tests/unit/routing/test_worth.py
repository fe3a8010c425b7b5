"""Conditions on what a caller is worth and owes."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.routing.actions import ToQueue
from callcenter.routing.decide import RouteDecision, decide_route
from callcenter.routing.facts import CallFacts, CustomerFacts
from callcenter.routing.record import explain
from callcenter.routing.rules import Condition, RoutingTable, Rule


def routed(first: Rule, *customers: CustomerFacts) -> RouteDecision:
    caller = parse_number("+48601000001", NumberPlan())
    facts = CallFacts(caller=caller, dialed="+48221000001", customers=customers)
    return decide_route(facts, RoutingTable(rules=(first, Rule(name="rest"))))


def customer(**facts: Any) -> CustomerFacts:
    return CustomerFacts(customer_id=1, **facts)


def rule(name: str, condition: Condition, queue: str = "vip") -> Rule:
    return Rule(name=name, conditions=(condition,), action=ToQueue(queue))


OLD = rule("old debt", Condition("overdue_days", amount=30), "debtors")
MUCH = rule("much owed", Condition("overdue_minor", amount=100_00), "debtors")
DEAR = rule("dear", Condition("lifetime_minor", amount=50_000, of="PLN"))
CLASS = rule("important", Condition("abc", ("A", "B")))
SCORES = rule("champion", Condition("rfm", ("544",)))


@pytest.mark.parametrize(
    ("asked", "inside", "outside"),
    [
        (OLD, {"overdue_days": 30}, {"overdue_days": 29}),
        (MUCH, {"overdue_minor": 100_00}, {"overdue_minor": 99_99}),
        (
            DEAR,
            {"lifetime_minor": 50_000, "currency": "PLN"},
            {"lifetime_minor": 90_000, "currency": "RUB"},
        ),
        (CLASS, {"abc": "B"}, {"abc": "C"}),
        (SCORES, {"rfm": "545"}, {"rfm": "535"}),
    ],
)
def test_a_limit_is_reached_or_not(
    asked: Rule, inside: dict[str, Any], outside: dict[str, Any]
) -> None:
    assert routed(asked, customer(**inside)).rule == asked.name
    assert routed(asked, customer(**outside)).rule == "rest"
    assert routed(asked, customer()).rule == "rest"
    assert routed(asked).rule == "rest"


def test_a_line_that_somebody_without_debts_shares_is_not_an_old_debtor_s() -> None:
    assert routed(OLD, customer(overdue_days=90), customer()).rule == "rest"


def test_a_line_is_as_dear_as_the_dearest_who_shares_it() -> None:
    assert routed(CLASS, customer(abc="C"), customer(abc="A")).rule == "important"


def test_the_decision_says_what_it_compared() -> None:
    decision = routed(OLD, customer(overdue_days=12))
    told = explain(decision, None)["considered"][0]
    assert told == {
        "rule": "old debt",
        "rule_id": "",
        "matched": False,
        "finding": "12 days overdue, at least 30 asked",
        "findings": [{"code": "overdue_days", "params": {"found": 12, "asked": 30}}],
    }
