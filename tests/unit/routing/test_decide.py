"""The first routing rules, each with the caller it is for."""

from __future__ import annotations

from types import MappingProxyType

from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.routing.actions import Outside
from callcenter.routing.decide import decide_route, default_decision
from callcenter.routing.facts import CallFacts, CustomerFacts
from callcenter.routing.rules import RoutingTable, Rule

TABLE = RoutingTable(dialed_queues=MappingProxyType({"+48221000002": "queue-sales"}))


def call(*customers: CustomerFacts, caller: str = "+48601000001", dialed: str = "+48221000001"):
    facts = CallFacts(
        caller=parse_number(caller, NumberPlan()), dialed=dialed, customers=tuple(customers)
    )
    return decide_route(facts, TABLE)


def customer(number: int = 1, **facts) -> CustomerFacts:
    return CustomerFacts(customer_id=number, **facts)


def test_an_unknown_caller_takes_the_default_route():
    decision = call()
    assert (decision.route, decision.rule, decision.customer_id) == ("", "unknown", None)


def test_a_known_caller_takes_the_queue_of_the_number_they_dialled():
    decision = call(customer(7), dialed="+48221000002")
    assert (decision.route, decision.rule, decision.customer_id) == ("queue-sales", "known", 7)


def test_a_blocked_caller_is_not_connected():
    assert call(customer(blocked=True, vip_level=3)).route == "blocked"


def test_one_blocked_person_does_not_close_a_line_that_another_shares():
    decision = call(customer(1, blocked=True), customer(2))
    assert (decision.route, decision.rule) == ("", "several")


def test_a_vip_goes_to_the_vip_queue_and_a_higher_level_is_served_first():
    low, high = call(customer(vip_level=1)), call(customer(vip_level=3))
    assert low.route == high.route == "queue-vip"
    assert 0 < low.priority < high.priority


def test_a_vip_who_owes_money_is_a_vip_first():
    assert call(customer(vip_level=1, overdue_minor=100)).rule == "vip"


def test_a_debtor_goes_to_the_debtor_desk():
    assert call(customer(overdue_minor=1)).route == "queue-debtors"


def test_a_line_shared_with_somebody_who_paid_is_not_a_debtor_s():
    assert call(customer(1, overdue_minor=1), customer(2)).rule == "several"


def test_the_vip_level_of_a_blocked_person_counts_for_nobody():
    decision = call(customer(1, blocked=True, vip_level=3), customer(2))
    assert (decision.rule, decision.priority) == ("several", 0)


def test_several_customers_name_no_single_customer():
    assert call(customer(1, vip_level=1), customer(2)).customer_id is None


def test_a_withheld_number_and_an_extension_say_so():
    assert call(caller="anonymous").rule == "withheld"
    assert call(caller="1001").rule == "internal"


def test_the_language_is_the_customer_s_before_the_country_s():
    assert call(caller="+79161234567").language == "ru"
    assert call(customer(language="en"), caller="+79161234567").language == "en"
    assert call(customer(1, language="en"), customer(2, language="pl")).language == ""
    assert call(customer(language="de\r\nx"), caller="+4930123456").language == ""


def test_the_decision_says_which_rules_were_looked_at_and_what_was_found():
    decision = call(customer(overdue_minor=5))
    assert [(one.rule, one.matched) for one in decision.considered] == [
        ("internal", False),
        ("withheld", False),
        ("blocked", False),
        ("vip", False),
        ("debtor", True),
    ]
    assert decision.reason == "1 of 1 customers with this number with an overdue invoice"


def test_how_long_it_rings_outside_is_told_as_how_long_one_waits():
    rules = (Rule(id="out", name="out", action=Outside("+48501501501", seconds=25)),)
    facts = CallFacts(caller=parse_number("+48601000001", NumberPlan()), dialed="")
    decision = decide_route(facts, RoutingTable(rules=rules))
    assert (decision.route, decision.target, decision.max_wait) == ("outside", "+48501501501", 25)


def test_a_table_without_rules_still_answers():
    facts = CallFacts(caller=parse_number("+48601000001", NumberPlan()), dialed="")
    decision = decide_route(facts, RoutingTable(rules=()))
    assert (decision.route, decision.rule) == ("", "none")


def test_failing_open_is_the_default_route_and_says_why():
    decision = default_decision("deadline")
    assert (decision.route, decision.rule, decision.reason) == ("", "failed-open", "deadline")
    assert decision.failed_open
