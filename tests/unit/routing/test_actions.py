"""What each action means for a call: its route, its target, whom it rings first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callcenter.customers.phone import PhoneNumber
from callcenter.routing.actions import (
    Action,
    Announce,
    Block,
    Dialed,
    OfferCallback,
    Outside,
    Preferred,
    Ring,
    ToMenu,
    ToQueue,
    UnreadableError,
    Voicemail,
    from_json,
    to_json,
)
from callcenter.routing.decide import RouteDecision, decide_route
from callcenter.routing.facts import (
    CallFacts,
    CentreFacts,
    CustomerFacts,
    History,
    Operator,
    QueueNow,
    ReadyOperator,
)
from callcenter.routing.rules import AnyOf, Condition, RoutingTable, Rule

ANNA, BORIS = Operator(1, "1001"), Operator(2, "1002")
WIDER = Preferred((Ring("last", 15), Ring("owner", 20), Ring("skill", 25), Ring("anyone")), "vip")


def centre(*ready: int) -> CentreFacts:
    skills = {1: {"vip": 5}, 2: {}, 3: {"vip": 1}}
    return CentreFacts(
        queues={"vip": QueueNow(skill="vip", waiting=3, longest_wait=90)},
        ready=tuple(
            ReadyOperator(user_id=one, extension=f"100{one}", skills=skills[one]) for one in ready
        ),
    )


def call(**fields: object) -> CallFacts:
    customer = CustomerFacts(customer_id=7, last_operator=ANNA, owner=BORIS, vip_level=2)
    given = {"customers": (customer,), "dialed": "+48221000002"} | fields
    return CallFacts(caller=PhoneNumber("e164", "", "+48601000001"), **given)  # type: ignore[arg-type]


def done(action: Action, facts: CallFacts) -> RouteDecision:
    table = RoutingTable(
        rules=(Rule(name="r", action=action),), dialed_queues={"+48221000002": "queue-sales"}
    )
    return decide_route(facts, table)


@pytest.mark.parametrize(
    ("action", "route", "target"),
    [
        (ToQueue("vip"), "queue-vip", ""),
        (ToMenu("main"), "menu", "main"),
        (Voicemail("1001"), "voicemail", "1001"),
        (Outside("+48220000009"), "outside", "+48220000009"),
        (OfferCallback("vip"), "callback", "vip"),
        (Block(), "blocked", ""),
        (Dialed(), "queue-sales", ""),
        (Announce("closed"), "announcement", "closed"),
    ],
)
def test_every_action_has_its_route(action: Action, route: str, target: str) -> None:
    decision = done(action, call())
    assert (decision.route, decision.target, decision.then) == (route, target, "")
    assert from_json(to_json(action)) == action


def test_an_announcement_goes_on_to_another_action() -> None:
    on = done(Announce("wait", Voicemail("vip")), call())
    assert (on.then, on.then_target) == ("voicemail", "vip")
    assert done(Announce("wait", WIDER), call(centre=centre(1))).rings
    plain = done(Announce("wait", Dialed()), call(dialed=""))
    assert plain.then == "dialed"  # '' would hang up


def test_priority_of_a_rule_is_added_to_the_customer_s_own() -> None:
    assert done(ToQueue("vip", priority=7), call()).priority == 27
    assert done(ToQueue("vip", priority=-99), call()).priority == 0
    assert done(ToQueue("vip", priority=99), call()).priority == 99


def rung(*ready: int) -> list[tuple[tuple[str, ...], int]]:
    return [(one.extensions, one.seconds) for one in done(WIDER, call(centre=centre(*ready))).rings]


def test_the_last_operator_is_rung_first_and_the_rings_widen() -> None:
    assert rung(3, 2, 1) == [
        (("1001",), 15),
        (("1002",), 20),
        (("1003", "1001"), 25),
        (("1003", "1002", "1001"), 20),
    ]


def test_who_is_busy_is_passed_over_at_once() -> None:
    assert rung(2, 3) == [(("1002",), 20), (("1003",), 25), (("1002", "1003"), 20)]
    assert rung() == []


def test_when_nobody_knows_who_is_ready_the_people_are_tried() -> None:
    rings = done(WIDER, call(centre=None)).rings
    assert [one.extensions for one in rings] == [("1001",), ("1002",)]


def test_a_stranger_s_last_operator_is_who_spoke_with_their_number() -> None:
    stranger = call(customers=(), history=History(last_operator=BORIS), centre=centre(2))
    assert next(one.extensions for one in done(WIDER, stranger).rings) == ("1002",)


def test_what_is_not_known_neither_holds_nor_fails() -> None:
    for negated in (False, True):
        asked = Condition("service_level", amount=80, of="vip", negated=negated)
        table = RoutingTable(rules=(Rule(name="r", conditions=(asked,)),))
        assert decide_route(call(centre=centre()), table).rule == "none"


def holds(condition: Condition | AnyOf, facts: CallFacts) -> bool:
    rule = Rule(name="r", conditions=(condition,))
    return decide_route(facts, RoutingTable(rules=(rule,))).rule == "r"


def test_time_is_that_of_the_zone_that_is_asked_for() -> None:
    night = call(at=datetime(2026, 12, 23, 23, 30, tzinfo=UTC))  # 0:30 on Thursday in Warsaw
    assert holds(Condition("date", ("12-24",), of="Europe/Warsaw"), night)
    assert not holds(Condition("date", ("12-24",)), night)
    assert holds(Condition("weekday", ("4",), of="Europe/Warsaw"), night)
    assert holds(Condition("time", ("22:00-06:00",), of="Europe/Warsaw"), night)
    assert not holds(Condition("time", ("08:00-22:00",), of="Europe/Warsaw"), night)


def test_calls_before_this_one_and_the_centre_are_asked() -> None:
    again = call(history=History(calls_today=2, seconds_since=600), centre=centre())
    assert holds(Condition("call_today", amount=3), again)
    assert holds(Condition("called_within", amount=10), again)
    assert not holds(Condition("called_within", amount=9), again)
    assert holds(Condition("called_within", amount=9, negated=True), again)
    assert holds(Condition("last_call_missed"), again)
    assert holds(Condition("queue_waiting", amount=3, of="vip"), again)
    assert not holds(Condition("last_operator_ready"), again)
    assert holds(AnyOf((Condition("several"), Condition("one"))), again)
    assert not holds(AnyOf((Condition("several"), Condition("one")), negated=True), again)


@pytest.mark.parametrize(
    "data", [None, [], {}, {"do": "fly"}, {"do": "queue"}, {"do": "queue", "queue": 3},
             {"do": "announce", "prompt": "x", "then": {"do": "announce", "prompt": "y"}},
             {"do": "preferred", "queue": "x", "rings": [{"who": "me"}]}]
)  # fmt: skip
def test_what_is_no_action_is_refused(data: object) -> None:
    with pytest.raises(UnreadableError):
        from_json(data)
