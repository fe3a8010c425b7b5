"""Whatever the caller is, there is an answer, it is one the dialplan knows, and it is explained."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callcenter.customers.phone import NumberPlan
from callcenter.routing.actions import Block, Dialed, ToQueue
from callcenter.routing.decide import LANGUAGES, decide_route
from callcenter.routing.facts import LONG_AGO, CallerFacts, CallFacts, CustomerFacts
from callcenter.routing.record import explain
from callcenter.routing.rules import FIRST_RULES, RoutingTable, Rule
from callcenter.services.route_call import RouteRequest, route_call, standing

ROUTES = ("", "queue-support", "queue-sales", "queue-vip", "queue-debtors", "blocked")
ACTIONS = (Dialed(), Block(), *map(ToQueue, ("support", "sales", "vip", "debtors")))
CUSTOMERS = st.lists(
    st.builds(
        CustomerFacts,
        customer_id=st.integers(1),
        vip_level=st.integers(-5, 9),
        blocked=st.booleans(),
        overdue_minor=st.integers(),
        language=st.text(max_size=5) | st.sampled_from(LANGUAGES),
    ),
    max_size=4,
)
NUMBERS = st.text(max_size=70) | st.sampled_from(["+48601000001", "1001", "anonymous", ""])
TABLES = st.builds(
    RoutingTable,
    rules=st.lists(
        st.builds(
            Rule,
            name=st.sampled_from(["a", "b"]),
            conditions=st.sampled_from([one.conditions for one in FIRST_RULES]),
            action=st.sampled_from(ACTIONS),
        )
    ).map(tuple),
    dialed_queues=st.dictionaries(st.just("+48221000001"), st.sampled_from(ROUTES)),
)


def routed(caller, hidden, dialed, customers, table):
    request = RouteRequest(
        pbx="", uniqueid="", caller=caller, caller_hidden=hidden, dialed=dialed, trunk=""
    )
    around = standing(table, LONG_AGO)()
    found = CallerFacts(customers=tuple(customers))
    return route_call(request, NumberPlan(), around, lambda _number: found)


@given(NUMBERS, st.booleans(), NUMBERS, CUSTOMERS, TABLES | st.just(RoutingTable()))
def test_every_call_gets_an_answer_that_the_dialplan_knows(
    caller, hidden, dialed, customers, table
):
    decision, facts = routed(caller, hidden, dialed, customers, table)
    assert decision.route in ROUTES
    assert decision.language in ("", *LANGUAGES)
    assert 0 <= decision.priority <= 30
    told = decide_route(facts, table).considered
    assert [one.matched for one in told[:-1]] == [False] * (len(told) - 1) * bool(told)
    assert explain(decision, facts)["reason"]


@given(NUMBERS, CUSTOMERS)
def test_a_hidden_caller_matches_nobody(caller, customers):
    decision, facts = routed(caller, True, "", customers, RoutingTable())
    assert (decision.rule, decision.customer_id, facts.customers) == ("withheld", None, ())


@given(CUSTOMERS)
def test_the_order_of_the_customers_does_not_matter(customers):
    def decide(found):
        decision, _ = routed("+48601000001", False, "", found, RoutingTable())
        return decision

    assert decide(customers) == decide(customers[::-1])


@given(CUSTOMERS)
def test_nobody_is_blocked_who_is_not(customers):
    facts = CallFacts(
        caller=routed("+48601000001", False, "", [], RoutingTable())[1].caller,
        dialed="",
        customers=tuple(customers),
    )
    blocked = decide_route(facts, RoutingTable()).route == "blocked"
    assert blocked == (bool(customers) and all(one.blocked for one in customers))
