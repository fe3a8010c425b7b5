"""Who a number belongs to."""

from __future__ import annotations

import pytest

from callcenter.customers.matching import match_number
from callcenter.customers.phone import NumberPlan, parse_number

PLAN = NumberPlan(region="PL")


@pytest.mark.parametrize(
    ("number", "customer_ids", "match"),
    [
        ("+48 601 100 100", [7], "one"),
        ("+48 601 100 100", [7, 8], "several"),
        ("+48 601 100 100", [], "none"),
        ("anonymous", [7], "withheld"),
        ("1001", [7], "internal"),
        ("12", [7], "internal"),
        ("not a number", [7], "none"),
    ],
)
def test_only_a_whole_number_names_a_customer(
    number: str, customer_ids: list[int], match: str
) -> None:
    assert match_number(parse_number(number, PLAN), customer_ids) == match
