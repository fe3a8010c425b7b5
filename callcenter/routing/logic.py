"""What follows from conditions by their text alone: one holds wherever another does, or never
beside it. Careful: what is not certain is not said."""

from __future__ import annotations

from typing import Final

from callcenter.routing.conditions import KINDS
from callcenter.routing.rules import AnyOf, Condition, Term

# Of these a call has one at most.
_SINGLE: Final = frozenset(
    {"dialed", "trunk", "from_queue", "queue_result", "last_queue", "weekday"}
)
_STRANGERS: Final = frozenset({"internal", "withheld"})
"""Nobody looks up whose number these are."""
_NEVER_BOTH: Final = (
    frozenset({"one", "several"}),
    frozenset({"internal", "withheld"}),
    frozenset({"all_blocked", "any_vip"}),
    frozenset({"all_blocked", "all_debtors"}),
    frozenset({"open", "holiday"}),
    frozenset({"open", "closure"}),
)
_SO: Final = {
    "all_debtors": ("overdue_minor",),
    "any_vip": ("vip_level",),
    "open_deal": ("deal_stage",),
}
"""A flag holds wherever the finer condition does."""


def implies(one: Term, other: Term) -> bool:
    """Whether `other` holds for every call that `one` holds for."""
    if one == other:
        return True
    if isinstance(other, AnyOf):
        return not other.negated and any(implies(one, inner) for inner in other.conditions)
    if isinstance(one, AnyOf):
        inner = one.conditions
        return not one.negated and bool(inner) and all(implies(each, other) for each in inner)
    if one.kind == other.kind and one.of == other.of and one.negated == other.negated:
        return _wider(one, other)
    return not one.negated and not other.negated and one.kind in _SO.get(other.kind, ())


def _wider(one: Condition, other: Condition) -> bool:
    asks = KINDS[one.kind].asks if one.kind in KINDS else ""
    if one.negated:
        one, other = other, one
    if asks == "at_least":
        return one.amount >= other.amount > 0
    if asks == "at_most":
        return one.amount <= other.amount
    if asks in ("values", "between"):
        return bool(one.values) and set(one.values) <= set(other.values)
    return asks == "flag"


def excludes(one: Term, other: Term) -> bool:
    """Whether no call is there that both hold for."""
    if isinstance(one, AnyOf) or isinstance(other, AnyOf):
        return False
    if one.negated != other.negated:
        held, refused = (other, one) if one.negated else (one, other)
        return implies(held, _affirmed(refused))
    if one.negated:
        return False
    return _apart(one, other)


def _affirmed(one: Condition) -> Condition:
    return Condition(one.kind, one.values, one.amount, one.of)


def _apart(one: Condition, other: Condition) -> bool:
    if one.kind == other.kind:
        single = one.kind in _SINGLE and one.of == other.of
        return single and set(one.values).isdisjoint(other.values)
    if frozenset({one.kind, other.kind}) in _NEVER_BOTH:
        return one.of == other.of
    kinds = {one.kind, other.kind}
    return bool(kinds & _STRANGERS) and any(
        KINDS[kind].about == "customer" for kind in kinds - _STRANGERS if kind in KINDS
    )
