"""The routing table: which conditions send a call where. Data only, to JSON and back.

Rule names are the values the dialplan and reports see (docs/dialplan-variables.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from callcenter.routing import actions
from callcenter.routing.actions import (
    DEFAULT_ROUTE,
    Action,
    Block,
    Dialed,
    Route,
    ToQueue,
    UnreadableError,
)

__all__ = [
    "DEFAULT_ROUTE",
    "FIRST_RULES",
    "STAGES",
    "AnyOf",
    "Condition",
    "Route",
    "RoutingTable",
    "Rule",
    "Stage",
    "UnreadableError",
    "rules_from_json",
    "rules_to_json",
]

Stage = Literal["arrival", "overflow"]
"""Arrival: a call that comes in. Overflow: one that its queue let go."""
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold. `kind` is one of `conditions.KINDS`, which says what is asked for:
    `values` (one of these), `amount` (at least so much), `of` (of which queue, calendar, currency
    or time zone). `negated`: it must not hold.
    """

    kind: str
    values: tuple[str, ...] = ()
    amount: int = 0
    of: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when one of its conditions does."""

    conditions: tuple[Condition, ...]
    negated: bool = False


Term = Condition | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If all `conditions` hold, `action` is done, and CRM_REASON is `name`. Without conditions it
    always holds. `id` stays when a rule is renamed or moved; `title` is for people.
    """

    id: str = ""
    name: str
    title: str = ""
    stage: Stage = "arrival"
    conditions: tuple[Term, ...] = ()
    action: Action = field(default_factory=Dialed)
    active: bool = True


def _first(name: str, kind: str, action: Action | None = None) -> Rule:
    return Rule(
        id=name, name=name, conditions=(Condition(kind),), action=action or Dialed(), title=""
    )


# An extension and a hidden number are nobody's proof of identity, so they come first. One blocked
# person does not close a line that others share; one VIP on a line makes the line a VIP's.
FIRST_RULES: Final = (
    _first("internal", "internal"),
    _first("withheld", "withheld"),
    _first("blocked", "all_blocked", Block()),
    _first("vip", "any_vip", ToQueue("vip")),
    _first("debtor", "all_debtors", ToQueue("debtors")),
    _first("several", "several"),
    _first("known", "one"),
    _first("unknown", "always"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingTable:
    """The rules in order, and which queue each of our own numbers (E.164) belongs to.

    A number that is not in `dialed_queues` keeps the queue that the dialplan gives it. `version` is
    that of the rules; None when they are nobody's.
    """

    rules: tuple[Rule, ...] = FIRST_RULES
    dialed_queues: Mapping[str, Route] = field(default_factory=lambda: MappingProxyType({}))
    version: int | None = None


def rules_to_json(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    return [rule_to_json(rule) for rule in rules]


def rules_from_json(data: Any) -> tuple[Rule, ...]:
    if not isinstance(data, list):
        raise UnreadableError("rules are a list")
    return tuple(rule_from_json(one) for one in data)


def rule_to_json(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "stage": rule.stage,
        "conditions": [_term_to_json(one) for one in rule.conditions],
        "action": actions.to_json(rule.action),
        "active": rule.active,
    }


def rule_from_json(data: Any) -> Rule:
    """UnreadableError for anything that `rule_to_json` would not have written."""
    if not isinstance(data, Mapping):
        raise UnreadableError("a rule is an object")
    stage, conditions = data.get("stage", "arrival"), data.get("conditions", [])
    if stage not in STAGES or not isinstance(conditions, list):
        raise UnreadableError("a rule is of a stage, and has a list of conditions")
    return Rule(
        id=_text(data, "id"),
        name=_text(data, "name"),
        title=_text(data, "title"),
        stage=stage,
        conditions=tuple(_term_from_json(one) for one in conditions),
        action=actions.from_json(data.get("action")),
        active=data.get("active", True) is True,
    )


def _term_to_json(term: Term) -> dict[str, Any]:
    if isinstance(term, AnyOf):
        return {"any_of": [_term_to_json(one) for one in term.conditions], "not": term.negated}
    return {
        "kind": term.kind,
        "values": list(term.values),
        "amount": term.amount,
        "of": term.of,
        "not": term.negated,
    }


def _term_from_json(data: Any) -> Term:
    if not isinstance(data, Mapping):
        raise UnreadableError("a condition is an object")
    if "any_of" not in data:
        return _condition_from_json(data)
    inner = data["any_of"]
    if not isinstance(inner, list):
        raise UnreadableError("any_of is a list of conditions")
    return AnyOf(tuple(_condition_from_json(one) for one in inner), data.get("not") is True)


def _condition_from_json(data: Any) -> Condition:
    if not isinstance(data, Mapping):
        raise UnreadableError("a condition is an object")
    values, amount = data.get("values", []), data.get("amount", 0)
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise UnreadableError("a condition's values are texts")
    if type(amount) is not int or abs(amount) > actions.LARGEST:
        raise UnreadableError("a condition's amount is a whole number")
    return Condition(
        _text(data, "kind"), tuple(values), amount, _text(data, "of"), data.get("not") is True
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise UnreadableError(f"{name} is a text")
    return value
