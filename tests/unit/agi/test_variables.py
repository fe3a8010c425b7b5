"""What the dialplan is told of a decision: every route, in an order in which it may break off."""

from __future__ import annotations

import pytest

from agi_scripts.variables import ROUTE_ORDER, SETTABLE, rings_text, variables_of
from callcenter.routing.decide import RouteDecision, default_decision
from callcenter.routing.findings import Finding
from callcenter.routing.ringing import Ringing


def decided(route: str, **more) -> RouteDecision:
    return RouteDecision(route=route, rule="known", finding=Finding("always"), **more)


def test_a_plain_decision_says_five_things_and_the_route_last():
    told = variables_of(decided("queue-vip", customer_id=7, priority=20, language="ru"))
    assert list(told.items()) == [
        ("CRM_CUSTOMER_ID", "7"),
        ("CRM_PRIORITY", "20"),
        ("CRM_LANGUAGE", "ru"),
        ("CRM_REASON", "known"),
        ("CRM_ROUTE", "queue-vip"),
    ]


def test_rings_are_told_in_their_turns():
    rings = (Ringing(("1003",), 15), Ringing(("1001", "1002"), 20))
    assert rings_text(rings) == "1003:15|1001&1002:20"
    assert variables_of(decided("queue-support", rings=rings))["CRM_RINGS"] == rings_text(rings)


@pytest.mark.parametrize(
    "decision",
    [
        decided("announcement", target="closed", then="voicemail", then_target="support"),
        decided("menu", target="main"),
        decided("outside", target="+48501501501", max_wait=30),
        default_decision("deadline"),
    ],
)
def test_what_is_told_comes_in_the_pages_order_and_may_all_be_set(decision):
    told = list(variables_of(decision))
    assert told == sorted(told, key=ROUTE_ORDER.index)
    assert set(told) <= SETTABLE
    assert told[-1] == "CRM_ROUTE"
