"""Who a number belongs to: one customer, several, nobody, or not a question at all. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from callcenter.customers.phone import PhoneNumber

NumberMatch = Literal["one", "several", "none", "withheld", "internal"]


def match_number(
    number: PhoneNumber, customer_ids: Sequence[int], *, shared: bool = False
) -> NumberMatch:
    """What the customers stored under this very E.164 number make of the caller.

    Only E.164 = E.164 counts: a number without that form is nobody's, whatever was found by a
    weaker way. A hidden caller matches nobody, even one whose number somehow became known. Behind a
    `shared` number may be anybody: its owners, even a single one, are offered and never taken.
    """
    if number.kind == "withheld":
        return "withheld"
    if number.kind == "internal":
        return "internal"
    if not number.e164 or not customer_ids:
        return "none"
    return "one" if len(customer_ids) == 1 and not shared else "several"
