"""Who a number belongs to: one customer, several, nobody, or not a question at all. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from callcenter.customers.customer import CustomerBrief
from callcenter.customers.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Match:
    kind: Literal["one", "several", "none", "withheld", "internal"]
    customers: tuple[CustomerBrief, ...] = ()


def match_customers(number: PhoneNumber, briefs: Sequence[CustomerBrief]) -> Match:
    """`briefs` are customers found by any weaker way; only E.164 = E.164 counts here.

    A hidden caller matches nobody, even one whose number somehow became known.
    """
    if number.kind == "withheld":
        return Match("withheld")
    if number.kind == "internal":
        return Match("internal")
    same = tuple(one for one in briefs if number.e164 and number.e164 in one.phones)
    if not same:
        return Match("none")
    return Match("one" if len(same) == 1 else "several", same)
