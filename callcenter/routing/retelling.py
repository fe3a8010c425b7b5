"""Tells of a decision afterwards what `decide_route` would have told at once. Pure.

Calls differ little in what most rules ask for, so what was found of a condition is worked out once
for all calls of which the same was read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from callcenter.routing.asking import BrokenError
from callcenter.routing.conditions import counted, kind_of, look_at
from callcenter.routing.decide import RouteDecision, look_at_term, why_broken
from callcenter.routing.facts import CallFacts
from callcenter.routing.findings import Finding, in_english
from callcenter.routing.record import MOST_TOLD, explain
from callcenter.routing.rules import STAGES, AnyOf, Condition, RoutingTable, Rule, Term

_UNREAD: Final = object()
_MOST_KEPT: Final = 256
_Readings = dict[tuple[str, str], Any]
_Told = tuple[bool, dict[str, Any], str]
"""Whether it holds, what was found as JSON, and in words."""
_Tell = Callable[[CallFacts, _Readings], _Told]


class Retelling:
    """Of one table's decisions. For one thread at a time."""

    def __init__(self, table: RoutingTable) -> None:
        self._stages: dict[str, _Stage] = {
            stage: _Stage([one for one in table.rules if one.active and one.stage == stage])
            for stage in STAGES
        }

    def __call__(self, facts: CallFacts, decision: RouteDecision) -> dict[str, Any]:
        """`explain` of a decision that was made without a word. Of rules that would not be told of
        it is known that they did not hold: they are not looked at again."""
        stage = self._stages.get(facts.stage, _NO_STAGE)
        readings: _Readings = {}
        looked_at = stage.place_of(decision, facts, readings) + 1
        told = stage.rules[max(0, looked_at - MOST_TOLD) : looked_at]
        considered = [_considered(rule, terms, facts, readings) for rule, terms in told]
        left_off = looked_at - len(considered)
        return explain(decision, facts) | {"considered": considered, "left_off": left_off}


class _Stage:
    def __init__(self, rules: list[Rule]) -> None:
        self.rules = [(rule, [_teller(term) for term in rule.conditions]) for rule in rules]
        self._places: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            self._places.setdefault(rule.id, []).append(place)

    def place_of(self, decision: RouteDecision, facts: CallFacts, readings: _Readings) -> int:
        """Of the rule that decided; the last one's if none did. Ids are given once; in a table that
        was written by hand they may be not."""
        places = self._places.get(decision.rule_id, [])
        if len(places) > 1:
            told = (self.rules[place] for place in places)
            held = (_considered(*rule, facts, readings)["matched"] for rule in told)
            places = [place for place, here in zip(places, held, strict=True) if here]
        return places[0] if places else len(self.rules) - 1


_NO_STAGE: Final = _Stage([])


def _considered(
    rule: Rule, terms: list[_Tell], facts: CallFacts, readings: _Readings
) -> dict[str, Any]:
    """As `record.explain` writes it."""
    findings, words, matched = [], _NOTHING_ASKED, True
    for tell in terms:
        matched, finding, words = _try(tell, facts, readings)
        findings.append(finding)
        if not matched:
            break
    return {
        "rule": rule.name,
        "rule_id": rule.id,
        "matched": matched,
        "finding": words,
        "findings": findings,
    }


_NOTHING_ASKED: Final = in_english(Finding("no-conditions"))


def _try(tell: _Tell, facts: CallFacts, readings: _Readings) -> _Told:
    try:
        return tell(facts, readings)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with a rule costs no call
        return _as_told(False, Finding("broken", {"why": why_broken(error)}))


def _as_told(held: bool, finding: Finding) -> _Told:
    return held, finding.to_json(), in_english(finding)


def _teller(term: Term) -> _Tell:
    if isinstance(term, AnyOf):
        return lambda facts, _readings: _as_told(*look_at_term(facts, term))
    return _teller_of(term)


def _teller_of(condition: Condition) -> _Tell:
    try:
        kind = kind_of(condition)
    except BrokenError:
        return lambda facts, _readings: _as_told(*look_at(facts, condition))
    slot, kept = (kind.name, condition.of), dict[Any, _Told]()

    def tell(facts: CallFacts, readings: _Readings) -> _Told:
        reading = readings.get(slot, _UNREAD)
        if reading is _UNREAD:
            reading = readings[slot] = kind.read(facts, condition.of)
        key = (reading, counted(facts, kind))
        told = kept.get(key)
        if told is None:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            told = kept[key] = _as_told(*look_at(facts, condition))
        return told

    return tell
