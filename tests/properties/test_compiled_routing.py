"""The table made ready decides as the rules one after the other, and gives every call a route."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from callcenter.customers.phone import PhoneNumber
from callcenter.routing.actions import (
    Announce,
    Block,
    Dialed,
    OfferCallback,
    Outside,
    Preferred,
    Ring,
    ToMenu,
    ToQueue,
    Voicemail,
)
from callcenter.routing.compiled import CompiledTable
from callcenter.routing.conditions import KINDS
from callcenter.routing.decide import decide_route
from callcenter.routing.facts import (
    CallFacts,
    CentreFacts,
    CustomerFacts,
    History,
    Operator,
    QueueNow,
    ReadyOperator,
)
from callcenter.routing.record import explain, facts_from_json, facts_to_json
from callcenter.routing.rules import (
    AnyOf,
    Condition,
    RoutingTable,
    Rule,
    rules_from_json,
    rules_to_json,
)

VALUES = st.lists(
    st.sampled_from(
        ["1", "2", "pl", "A", "+48", "+4860", "vip", "call", "08:00-18:00", "x", "12-24"]
    ),
    max_size=3,
).map(tuple)
OF = st.sampled_from(["", "vip", "office", "nowhere", "PLN", "Europe/Warsaw"])
CONDITIONS = st.builds(
    Condition,
    kind=st.sampled_from([*KINDS, "no such thing"]),
    values=VALUES,
    amount=st.integers(-1, 4),
    of=OF,
    negated=st.booleans(),
)
TERMS = CONDITIONS | st.builds(
    AnyOf, st.lists(CONDITIONS, max_size=3).map(tuple), negated=st.booleans()
)
RINGS = st.lists(
    st.builds(Ring, st.sampled_from(["last", "owner", "skill", "anyone"]), st.integers(1, 60)),
    max_size=4,
).map(tuple)
PLACES = (
    st.sampled_from([Dialed(), Block(), ToMenu("main"), Voicemail("vip"), OfferCallback("vip")])
    | st.builds(ToQueue, st.just("vip"), st.integers(-200, 200))
    | st.builds(Preferred, RINGS, st.just("vip"))
    | st.just(Outside("+48221000009"))
)
ACTIONS = PLACES | st.builds(Announce, st.just("closed"), st.none() | PLACES)
RULES = st.builds(
    Rule,
    id=st.text(max_size=3),
    name=st.sampled_from(["a", "b", "c"]),
    stage=st.sampled_from(["arrival", "overflow"]),
    conditions=st.lists(TERMS, max_size=3).map(tuple),
    action=ACTIONS,
    active=st.booleans(),
)
TABLES = st.builds(RoutingTable, rules=st.lists(RULES, max_size=8).map(tuple))
PEOPLE = st.none() | st.builds(Operator, st.integers(1, 3), st.sampled_from(["", "1001", "1002"]))
CUSTOMERS = st.builds(
    CustomerFacts,
    customer_id=st.integers(1, 9),
    vip_level=st.integers(0, 3),
    blocked=st.booleans(),
    overdue_minor=st.integers(0, 3),
    overdue_days=st.integers(0, 5),
    language=st.sampled_from(["", "pl", "de"]),
    abc=st.sampled_from(["", "A", "C"]),
    tags=st.frozensets(st.integers(1, 3)),
    consents=st.dictionaries(st.sampled_from(["call", "sms"]), st.booleans()),
    owner=PEOPLE,
    last_operator=PEOPLE,
    deal_owner=PEOPLE,
    shared=st.booleans(),
)
CENTRES = st.builds(
    CentreFacts,
    queues=st.dictionaries(
        st.just("vip"),
        st.builds(QueueNow, waiting=st.integers(0, 4), service_level=st.none() | st.just(2)),
    ),
    ready=st.lists(
        st.builds(ReadyOperator, user_id=st.integers(1, 3), extension=st.just("1003")), max_size=2
    ).map(tuple),
)
FACTS = st.builds(
    CallFacts,
    caller=st.sampled_from([PhoneNumber("e164", "", "+48601000001"), PhoneNumber("withheld", "")]),
    dialed=st.sampled_from(["", "x", "+48221000001"]),
    customers=st.lists(CUSTOMERS, max_size=2).map(tuple),
    history=st.builds(
        History,
        calls_today=st.integers(0, 4),
        seconds_since=st.none() | st.integers(0, 300),
        last_operator=PEOPLE,
    ),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),
    stage=st.sampled_from(["arrival", "overflow", "nonsense"]),
    from_queue=st.sampled_from(["", "vip"]),
    centre=st.none() | CENTRES,
    hours=st.dictionaries(
        st.just("office"), st.tuples(st.booleans(), st.sampled_from(["hours", "holiday"]))
    ),
)


@given(FACTS, TABLES)
def test_the_table_made_ready_decides_as_rule_after_rule(facts, table):
    plain, fast = decide_route(facts, table), CompiledTable(table).decide(facts)
    for name in ("route", "target", "then", "rule", "rule_id", "rings", "priority", "language"):
        assert getattr(plain, name) == getattr(fast, name), name
    assert plain.finding == fast.finding
    assert set(fast.skipped) <= set(plain.skipped) | {one.name for one in table.rules}


@given(FACTS, TABLES)
def test_the_first_rule_that_holds_decides_in_the_order_of_the_table(facts, table):
    """Without the rules behind it, and with none of those before it, the answer is the same."""
    decision = decide_route(facts, table)
    if decision.rule_id == "none" and decision.rule == "none":
        return
    place = len(decision.considered) - 1
    asked = [one for one in table.rules if one.active and one.stage == facts.stage]
    alone = decide_route(facts, RoutingTable(rules=(asked[place],)))
    assert (alone.route, alone.rule, alone.target) == (
        decision.route,
        decision.rule,
        decision.target,
    )


@given(st.lists(FACTS, min_size=1, max_size=3), TABLES)
def test_what_is_told_afterwards_is_what_would_have_been_told_at_once(calls, table):
    ready = CompiledTable(table)
    for facts in calls:
        at_once = explain(decide_route(facts, table), facts)
        assert ready.retell(facts, ready.decide(facts)) == at_once


def test_what_is_told_afterwards_is_of_the_rule_that_decided_though_another_has_its_id():
    never = Rule(id="", name="a", conditions=(Condition("withheld"),))
    always = Rule(id="", name="a", action=Outside("+48221000009"))
    table = RoutingTable(rules=(never, always))
    facts = CallFacts(caller=PhoneNumber("e164", "", "+48601000001"), dialed="")
    ready = CompiledTable(table)
    at_once = explain(decide_route(facts, table), facts)
    assert ready.retell(facts, ready.decide(facts)) == at_once


@given(FACTS, TABLES)
def test_a_decision_can_be_made_again_from_what_was_kept(facts, table):
    decision = decide_route(facts, table)
    kept = explain(decision, facts)
    again = decide_route(facts_from_json(kept), table)
    assert (again.route, again.rings, again.considered) == (
        decision.route,
        decision.rings,
        decision.considered,
    )


@given(FACTS)
def test_facts_are_the_same_after_they_were_kept(facts):
    assert facts_to_json(facts_from_json(facts_to_json(facts))) == facts_to_json(facts)


@given(TABLES)
def test_rules_are_the_same_after_they_were_kept(table):
    assert rules_from_json(rules_to_json(table.rules)) == table.rules
