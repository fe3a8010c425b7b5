"""Whose a chat is, by the number and the address that its visitor gave: the law of calls and mails.

What a visitor says proves nothing: it decides which card an operator is shown, and is never a
reason to tell the visitor anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcenter.channels.addresses import address_key, match_address
from callcenter.customers.matching import match_number
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.interactions.interaction import MatchKind
from callcenter.ports import Clock, UnitOfWork


def owners_of(
    uow: UnitOfWork, visitor: Mapping[str, Any], *, clock: Clock, plan: NumberPlan
) -> tuple[str, tuple[int, ...], MatchKind]:
    """(E.164 if they gave a number, customers, how sure that is). Who has both the number and the
    address is meant before whoever has one of them."""
    e164, by_number, match = _by_number(uow, str(visitor.get("phone", "")), clock, plan)
    email = address_key(str(visitor.get("email", "")))
    by_email = uow.conversations.people_at("email", email) if email else ()
    if not by_email:
        return e164, by_number, match
    both = tuple(one for one in by_number if one in by_email)
    found = both or tuple(dict.fromkeys((*by_number, *by_email)))
    return e164, found, match_address(found)


def _by_number(
    uow: UnitOfWork, typed: str, clock: Clock, plan: NumberPlan
) -> tuple[str, tuple[int, ...], MatchKind]:
    number = parse_number(typed, plan, internal_allowed=False)
    if not number.e164:
        return "", (), "none"
    owners = uow.customers.find_by_numbers([number.e164], clock.now().date()).get(number.e164)
    if owners is None:
        return number.e164, (), "none"
    ids = tuple(one.id for one in owners)
    return number.e164, ids, match_number(number, ids, shared=owners.shared)
