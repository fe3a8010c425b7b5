"""A routing table made ready to decide fast: the same answer as `decide_route`, without the story.

A rule is filed under one of its conditions that few calls meet (a number that was dialled, a tag, a
prefix), so that of a thousand rules only those are looked at which could hold; and what conditions
read from a call is read once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from callcenter.routing.actions import Announce, Preferred
from callcenter.routing.conditions import COMPARE, KINDS, BrokenError, Kind, Reading, kind_of
from callcenter.routing.decide import NO_RULE, RouteDecision, decision_of, look_at_term
from callcenter.routing.facts import CallFacts
from callcenter.routing.findings import Finding
from callcenter.routing.rules import STAGES, AnyOf, Condition, RoutingTable, Rule, Term

# The rarer a reading's values, the better a rule is filed under it. Flags come last: half of all
# calls may meet one.
_FILED_BY: Final = (
    "dialed",
    "number_prefix",
    "saved_segment",
    "tag",
    "last_operator",
    "owner",
    "from_queue",
    "queue_result",
    "trunk",
    "deal_stage",
    "segment",
    "status",
    "language",
    "abc",
    "all_blocked",
    "any_vip",
    "all_debtors",
    "withheld",
    "internal",
    "several",
    "open_deal",
    "open_task",
    "one",
)
_Slot = tuple[Kind, str]
_Holds = Callable[["_Readings"], bool]


class _Readings:
    """What was read from one call so far."""

    __slots__ = ("_known", "facts")

    def __init__(self, facts: CallFacts) -> None:
        self.facts = facts
        self._known: dict[_Slot, Reading] = {}

    def of(self, slot: _Slot) -> Reading:
        try:
            return self._known[slot]
        except KeyError:
            kind, of = slot
            reading = self._known[slot] = kind.read(self.facts, of)
            return reading


class CompiledTable:
    """Thread-safe: nothing in it changes."""

    def __init__(self, table: RoutingTable) -> None:
        self.table = table
        self._stages: dict[str, _Stage] = {
            stage: _Stage([one for one in table.rules if one.active and one.stage == stage])
            for stage in STAGES
        }

        self.needs_centre = any(_needs_centre(one) for one in table.rules if one.active)

    def decide(self, facts: CallFacts) -> RouteDecision:
        """As `decide_route`, but `considered` is empty: `decide_route` tells it when it is asked.

        `finding` is that of the rule that matched.
        """
        stage = self._stages.get(facts.stage)
        skipped: list[str] = []
        rule = stage.first(facts, skipped) if stage is not None else None
        if rule is None:
            finding = Finding("no-rule" if stage and stage.rules else "no-rules")
            return decision_of(facts, self.table, NO_RULE, finding, skipped=tuple(skipped))
        return decision_of(facts, self.table, rule, _told(facts, rule), skipped=tuple(skipped))


def _needs_centre(rule: Rule) -> bool:
    place = (isinstance(rule.action, Announce) and rule.action.then) or rule.action
    if isinstance(place, Preferred):
        return True
    return any(
        one.kind in KINDS and KINDS[one.kind].about == "centre"
        for term in rule.conditions
        for one in (term.conditions if isinstance(term, AnyOf) else (term,))
    )


class _Stage:
    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._rules = [(rule, tuple(_compile(term) for term in rule.conditions)) for rule in rules]
        self._filed: dict[_Slot, dict[str | bool, list[int]]] = {}
        self._always: list[int] = []
        for place, rule in enumerate(rules):
            self._file(place, rule)

    def _file(self, place: int, rule: Rule) -> None:
        found = _key(rule)
        if found is None:
            self._always.append(place)
            return
        slot = (KINDS[found.kind], found.of)
        under = self._filed.setdefault(slot, {})
        for value in dict.fromkeys(found.values) if slot[0].asks == "values" else (True,):
            under.setdefault(value, []).append(place)

    def first(self, facts: CallFacts, skipped: list[str]) -> Rule | None:
        readings = _Readings(facts)
        for place in self._candidates(readings):
            rule, conditions = self._rules[place]
            try:
                if all(holds(readings) for holds in conditions):
                    return rule
            except Exception:  # noqa: BLE001  # whatever is wrong with a rule costs no call
                skipped.append(rule.name)
        return None

    def _candidates(self, readings: _Readings) -> Sequence[int]:
        found: list[int] = []
        for slot, under in self._filed.items():
            try:
                reading = readings.of(slot)
            except Exception:  # noqa: BLE001  # each of these rules is skipped when it is looked at
                for places in under.values():
                    found += places
                continue
            values = reading if isinstance(reading, frozenset) else (bool(reading),)
            for value in values:
                found += under.get(value, ())
        if not found:
            return self._always
        return sorted({*found, *self._always})


def _key(rule: Rule) -> Condition | None:
    """The condition to file a rule under: what must hold, and holds for few."""
    asked = {
        term.kind: term
        for term in rule.conditions
        if isinstance(term, Condition) and not term.negated
    }
    return next((asked[kind] for kind in _FILED_BY if kind in asked), None)


def _compile(term: Term) -> _Holds:
    if isinstance(term, AnyOf):
        return lambda readings: look_at_term(readings.facts, term)[0]
    try:
        kind = kind_of(term)
    except BrokenError as error:
        return _raises(error.why)
    slot, compare, negated = (kind, term.of), COMPARE[kind.asks], term.negated

    def holds(readings: _Readings) -> bool:
        reading = readings.of(slot)
        return reading is not None and compare(reading, term) is not negated

    return holds


def _raises(why: str) -> _Holds:
    def holds(_readings: _Readings) -> bool:
        raise BrokenError(why)

    return holds


def _told(facts: CallFacts, rule: Rule) -> Finding:
    """What settled it: the last condition, as `decide_route` says it."""
    if not rule.conditions:
        return Finding("no-conditions")
    return look_at_term(facts, rule.conditions[-1])[1]
