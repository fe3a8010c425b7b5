"""Callers of a closure with a message hear it before they go where the rule sends them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.customers.phone import PhoneNumber
from callcenter.routing.actions import (
    Action,
    Announce,
    Block,
    Dialed,
    Outside,
    Preferred,
    Ring,
    ToQueue,
    Voicemail,
)
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.decide import RouteDecision, decide_route
from callcenter.routing.facts import CallFacts
from callcenter.routing.record import explain, facts_from_json, facts_to_json
from callcenter.routing.rules import AnyOf, Condition, RoutingTable, Rule

SHUT = Condition("open", of="office", negated=True)
STRANGER = PhoneNumber("e164", "", e164="+48601000001")
CALL = CallFacts(
    caller=STRANGER,
    dialed="+48221000001",
    hours={"office": (False, "closure"), "shop": (True, "hours")},
    messages={"office": ("A burst pipe", "pipe")},
)
HEARD = ("office", "A burst pipe", "pipe")


def decided(
    action: Action, *conditions: Condition | AnyOf, call: CallFacts = CALL
) -> RouteDecision:
    table = RoutingTable(rules=(Rule(id="r", name="r", conditions=conditions, action=action),))
    told, quick = decide_route(call, table), CompiledTable(table)
    assert told.rule == "r"
    assert replace(told, considered=()) == quick.decide(call)
    assert quick.retell(call, quick.decide(call)) == explain(told, call)
    return told


@pytest.mark.parametrize(
    ("action", "then", "target"),
    [
        (ToQueue("night", priority=3, max_wait=9), "queue-night", ""),
        (Voicemail("support"), "voicemail", "support"),
        (Outside("+48501501501", 9), "outside", "+48501501501"),
        (Dialed(), "dialed", ""),
    ],
)
def test_the_message_comes_first_and_the_action_after_it(
    action: Action, then: str, target: str
) -> None:
    found, quiet = decided(action, SHUT), decided(action, SHUT, call=replace(CALL, messages={}))
    assert (found.route, found.target) == ("announcement", "pipe")
    assert (found.then, found.then_target, found.closed) == (then, target, HEARD)
    assert (found.priority, found.max_wait) == (quiet.priority, quiet.max_wait)
    assert (quiet.closed, quiet.route or "dialed") == (None, then)


def test_whom_it_rings_is_rung_after_the_message() -> None:
    found = decided(Preferred((Ring("anyone", 9),), "night"), SHUT)
    assert (found.route, found.then) == ("announcement", "queue-night")


@pytest.mark.parametrize("action", [Announce("closed"), Announce("closed", Dialed()), Block()])
def test_who_is_told_something_anyway_or_nothing_does_not_hear_it(action: Action) -> None:
    found = decided(action, SHUT)
    assert (found.closed, found.target) == (None, getattr(action, "prompt", ""))


@pytest.mark.parametrize(
    ("conditions", "closed"),
    [
        ((Condition("closure", of="office"),), HEARD),
        ((AnyOf((Condition("internal"), SHUT)),), HEARD),
        ((AnyOf((Condition("open", of="office"),), negated=True),), HEARD),
        ((Condition("holiday", of="office", negated=True),), None),
        ((Condition("open", of="shop"),), None),
        ((Condition("closure", of="shop", negated=True),), None),
        ((), None),
    ],
)
def test_only_a_rule_that_asks_for_the_closed_calendar_plays_its_message(
    conditions: tuple[Condition | AnyOf, ...], closed: tuple[str, str, str] | None
) -> None:
    assert decided(ToQueue("night"), *conditions).closed == closed


def test_a_decision_says_what_was_played_and_older_ones_are_still_read() -> None:
    kept = explain(decided(ToQueue("night"), SHUT), CALL)
    assert kept["closed"] == list(HEARD)
    assert facts_from_json(kept) == CALL
    del kept["messages"]
    assert facts_from_json(kept) == replace(CALL, messages={})
    assert facts_to_json(CALL)["messages"] == {"office": ["A burst pipe", "pipe"]}
