"""Only E.164 = E.164 matches by itself."""

from __future__ import annotations

from callcenter.customers.customer import CustomerBrief
from callcenter.customers.matching import Match, match_customers
from callcenter.customers.phone import NumberPlan, parse_number

PLAN = NumberPlan(region="PL")
ANNA = CustomerBrief(id=1, display_name="Anna", phones=("+48221234567",))
PIOTR = CustomerBrief(id=2, display_name="Piotr", phones=("+48221234567", "+48501234567"))
IVAN = CustomerBrief(id=3, display_name="Иван", phones=("+79221234567",))
EVERYONE = (ANNA, PIOTR, IVAN)


def match(raw: str) -> Match:
    return match_customers(parse_number(raw, PLAN), EVERYONE)


def test_a_number_of_one_customer_matches_that_one() -> None:
    assert match("501 234 567") == Match("one", (PIOTR,))


def test_a_switchboard_matches_everyone_behind_it() -> None:
    assert match("22 123 45 67") == Match("several", (ANNA, PIOTR))


def test_an_unknown_number_matches_nobody() -> None:
    assert match("22 999 99 99") == Match("none")


def test_the_same_national_number_of_another_country_is_no_match() -> None:
    assert match("+1 922 123 4567") == Match("none")


def test_a_hidden_caller_matches_nobody() -> None:
    assert match("anonymous") == Match("withheld")


def test_a_colleague_is_no_customer() -> None:
    assert match("1001") == Match("internal")


def test_an_unusable_number_matches_nobody() -> None:
    assert match("1234567") == Match("none")
