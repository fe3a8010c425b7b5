"""What is wrong with a set of rules, or looks like a slip. Codes with parameters; words are the
door's. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from callcenter.routing.actions import (
    Action,
    Announce,
    OfferCallback,
    Outside,
    Preferred,
    ToMenu,
    ToQueue,
    Voicemail,
)
from callcenter.routing.asking import BrokenError, read_span
from callcenter.routing.conditions import KINDS, Kind
from callcenter.routing.logic import excludes, implies
from callcenter.routing.rules import AnyOf, Condition, Rule, Term

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MOST_RULES: Final = 2000
RING_SECONDS: Final = range(5, 121)
LONGEST_WAIT: Final = 4 * 3600
_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_PREFIX: Final = re.compile(r"\+\d{1,15}")
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
# Rules that the table could say nothing without.
RESERVED: Final = frozenset({"none", "failed-open"})

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`rule` is the rule's id; `field` is name, action, conditions, or `conditions.2` (the third).

    Errors keep a draft from being published; warnings are shown.
    """

    rule: str
    field: str
    code: str
    params: Mapping[str, Any] = made_by(default_factory=lambda: _NOTHING)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to name, by the lists of `Kind.choices` (and `menu`, `prompt`, `box`,
    `calendar`). A list that is not there is not looked at. `reachable`: whether a number outside
    may be called at all."""

    lists: Mapping[str, Collection[str]] = made_by(default_factory=lambda: MappingProxyType({}))
    reachable: Callable[[str], bool] | None = None

    def knows(self, name: str, value: str) -> bool:
        return name not in self.lists or value in self.lists[name]


def check_rules(rules: Sequence[Rule], known: Known) -> tuple[Problem, ...]:
    """In the order of the table."""
    found: list[Problem] = []
    if len(rules) > MOST_RULES:
        found.append(Problem("", "", "too_many", {"most": MOST_RULES}))
    names: dict[str, str] = {}
    for rule in rules:
        found += check_rule(rule, known)
        other = names.setdefault(rule.name, rule.id)
        if other != rule.id:
            found.append(Problem(rule.id, "name", "name_twice", {"name": rule.name}))
    found += _beside_others(rules)
    place = {rule.id: number for number, rule in enumerate(rules)}
    return tuple(sorted(found, key=lambda one: place.get(one.rule, -1)))


def check_rule(rule: Rule, known: Known) -> Iterator[Problem]:
    if not NAME.fullmatch(rule.name) or rule.name in RESERVED:
        yield Problem(rule.id, "name", "name", {"name": rule.name})
    for number, term in enumerate(rule.conditions):
        for code, params, severity in _term(term, known):
            yield Problem(rule.id, f"conditions.{number}", code, params, severity)
    for code, params, severity in _action(rule.action, known):
        yield Problem(rule.id, "action", code, params, severity)
    yield from _contradictions(rule)
    if rule.stage == "arrival":
        for number, term in enumerate(rule.conditions):
            if isinstance(term, Condition) and term.kind in ("from_queue", "queue_result"):
                yield Problem(rule.id, f"conditions.{number}", "only_overflow", {"kind": term.kind})


Told = tuple[str, Mapping[str, Any], Severity]


def _term(term: Term, known: Known) -> Iterator[Told]:
    if isinstance(term, AnyOf):
        if not term.conditions:
            yield "group_empty", _NOTHING, "error"
        for one in term.conditions:
            yield from _condition(one, known)
        return
    yield from _condition(term, known)


def _condition(one: Condition, known: Known) -> Iterator[Told]:
    kind = KINDS.get(one.kind)
    if kind is None:
        yield "unknown_condition", {"kind": one.kind}, "error"
        return
    if kind.asks in ("at_least", "at_most") and one.amount <= 0:
        yield "amount", {"kind": one.kind}, "error"
    if kind.asks in ("values", "reaches", "between"):
        if not one.values:
            yield "values", {"kind": one.kind}, "error"
        for value in one.values:
            yield from _value(kind, value, known)
    yield from _of(kind, one.of, known)


def _value(kind: Kind, value: str, known: Known) -> Iterator[Told]:
    if not _FORMS.get(kind.name, _anything)(value):
        yield "value_form", {"kind": kind.name, "value": value}, "error"
    elif kind.choices and not known.knows(kind.choices, value):
        severity: Severity = "warning" if kind.choices in ("dialed", "trunk") else "error"
        yield "unknown_value", {"list": kind.choices, "value": value}, severity


def _anything(value: str) -> bool:
    return bool(value.strip())


def _is_span(value: str) -> bool:
    try:
        return read_span(value)[0] != read_span(value)[1]
    except BrokenError:
        return False


def _is_day(value: str) -> bool:
    """2026-12-24, or 12-24 of every year."""
    try:
        date.fromisoformat(value if len(value) > len("12-24") else f"2024-{value}")
    except ValueError:
        return False
    return True


_FORMS: Final[Mapping[str, Callable[[str], bool]]] = {
    "time": _is_span,
    "date": _is_day,
    "number_prefix": lambda value: bool(_PREFIX.fullmatch(value)),
    "rfm": lambda value: bool(re.fullmatch(r"[1-5]{3}", value)),
}


def _of(kind: Kind, of: str, known: Known) -> Iterator[Told]:
    if kind.of in ("queue", "calendar"):
        if not of:
            yield "of", {"kind": kind.name, "of": kind.of}, "error"
        elif not known.knows(kind.of, of):
            yield "unknown_value", {"list": kind.of, "value": of}, "error"
    elif kind.of == "currency" and not re.fullmatch(r"[A-Z]{3}", of):
        yield "of", {"kind": kind.name, "of": kind.of}, "error"
    elif kind.of == "zone" and not _is_zone(of):
        yield "unknown_value", {"list": "zone", "value": of}, "error"


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name or "UTC"))
    except (OSError, ValueError, KeyError):
        return False


def _action(action: Action, known: Known) -> Iterator[Told]:
    if isinstance(action, Announce):
        yield from _target("prompt", action.prompt, known)
        if action.then is not None:
            yield from _action(action.then, known)
    elif isinstance(action, ToQueue):
        yield from _target("queue", action.queue, known)
        if not -99 <= action.priority <= 99:
            yield "priority", {"value": action.priority}, "error"
        if not 0 <= action.max_wait <= LONGEST_WAIT:
            yield "max_wait", {"value": action.max_wait}, "error"
    elif isinstance(action, Preferred):
        yield from _target("queue", action.queue, known)
        yield from _rings(action)
    elif isinstance(action, ToMenu):
        yield from _target("menu", action.menu, known)
    elif isinstance(action, Voicemail):
        yield from _target("box", action.box, known)
    elif isinstance(action, OfferCallback):
        yield from _target("queue", action.queue, known)
    elif isinstance(action, Outside):
        yield from _outside(action, known)


def _target(name: str, value: str, known: Known) -> Iterator[Told]:
    if not value:
        yield "target", {"list": name}, "error"
    elif not known.knows(name, value):
        yield "unknown_value", {"list": name, "value": value}, "error"


def _rings(action: Preferred) -> Iterator[Told]:
    if not action.rings:
        yield "no_rings", _NOTHING, "error"
    for ring in action.rings:
        if ring.seconds not in RING_SECONDS:
            yield "ring_seconds", {"least": 5, "most": 120}, "error"
    if len({ring.who for ring in action.rings}) < len(action.rings):
        yield "rings_twice", _NOTHING, "warning"


def _outside(action: Outside, known: Known) -> Iterator[Told]:
    if not _E164.fullmatch(action.number):
        yield "number_form", {"number": action.number}, "error"
    elif "dialed" in known.lists and action.number in known.lists["dialed"]:
        yield "number_own", {"number": action.number}, "error"
    elif known.reachable is not None and not known.reachable(action.number):
        yield "number_unreachable", {"number": action.number}, "error"
    if action.seconds not in RING_SECONDS:
        yield "ring_seconds", {"least": 5, "most": 120}, "error"


def _contradictions(rule: Rule) -> Iterator[Problem]:
    for second, later in enumerate(rule.conditions):
        for first, earlier in enumerate(rule.conditions[:second]):
            if excludes(earlier, later):
                told = {"first": first + 1, "second": second + 1}
                yield Problem(rule.id, f"conditions.{second}", "contradiction", told)


def _beside_others(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Rules that an earlier one takes all calls from. Only as far as their texts say."""
    used = [rule for rule in rules if rule.active]
    asked = [_real(rule) for rule in used]
    plain = [frozenset(map(_kind, terms)) - _FOLLOWING for terms in asked]
    filed: dict[_Value, list[int]] = {}
    unfiled: list[int] = []
    for number, rule in enumerate(used):
        kinds = frozenset(_kind(one) for one in rule.conditions)
        by_value = (filed.get(value, ()) for value in _first_values(rule))
        for before in sorted({*unfiled, *(one for found in by_value for one in found)}):
            # What the earlier asks and this one does not cannot follow: most pairs end here.
            if not plain[before] <= kinds or used[before].stage != rule.stage:
                continue
            if all(any(implies(own, one) for own in rule.conditions) for one in asked[before]):
                yield _hidden(rule, used[before])
                break
        values = _values_of(asked[number])
        if not values:
            unfiled.append(number)
        for value in values:
            filed.setdefault(value, []).append(number)


_Value = tuple[str, str, str]


def _values_of(terms: Sequence[Term]) -> list[_Value]:
    """Of the first condition that asks for values: a rule that another hides has one of them."""
    for one in terms:
        if isinstance(one, Condition) and one.values and not one.negated:
            return [(one.kind, one.of, value) for value in one.values]
    return []


def _first_values(rule: Rule) -> set[_Value]:
    """One of each condition's is enough: all of them must be among the other's."""
    found: set[_Value] = set()
    for term in rule.conditions:
        for one in term.conditions if isinstance(term, AnyOf) else (term,):
            if one.values and not one.negated:
                found.add((one.kind, one.of, one.values[0]))
    return found


def _real(rule: Rule) -> tuple[Term, ...]:
    return tuple(one for one in rule.conditions if one != Condition("always"))


# May follow from a condition of another kind.
_FOLLOWING: Final = frozenset({"all_debtors", "any_vip", "open_deal", "any-of"})


def _kind(term: Term) -> str:
    return "any-of" if isinstance(term, AnyOf) else term.kind


def _hidden(rule: Rule, earlier: Rule) -> Problem:
    told: dict[str, Any] = {"name": earlier.name, "title": earlier.title}
    numbers = _numbers(rule) & _numbers(earlier)
    if numbers:
        told["numbers"] = sorted(numbers)
        return Problem(rule.id, "conditions", "did_twice", told, "warning")
    return Problem(rule.id, "conditions", "shadowed", told, "warning")


def _numbers(rule: Rule) -> set[str]:
    return {
        value
        for one in rule.conditions
        if isinstance(one, Condition) and one.kind == "dialed" and not one.negated
        for value in one.values
    }
