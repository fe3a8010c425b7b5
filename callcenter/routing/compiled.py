"""A routing table made ready to decide fast: the same answer as `decide_route`, without the story.

A rule is filed under one of its conditions that few calls meet (a number that was dialled, a tag, a
prefix, an amount), so that of a thousand rules only those are looked at which could hold; and what
conditions read from a call is read once for all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from callcenter.routing.actions import Announce, Preferred
from callcenter.routing.asking import COMPARE, BrokenError
from callcenter.routing.conditions import KINDS, Kind, kind_of
from callcenter.routing.decide import NO_RULE, RouteDecision, decision_of, look_at_term
from callcenter.routing.facts import CallFacts
from callcenter.routing.findings import Finding
from callcenter.routing.readings import Reading
from callcenter.routing.retelling import Retelling
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
    "lifetime_minor",
    "overdue_days",
    "overdue_minor",
    "vip_level",
    "call_today",
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
_UNREAD: Final = object()
_Readings = list[Any]
"""What was read from one call so far, by slot; the call itself is the last."""
_Holds = Callable[[_Readings], bool]
_Pick = Callable[[Any], Iterable[int]]
"""From a reading to the places of the rules that it leaves in question."""


class CompiledTable:
    """Thread-safe: nothing in it changes, but for what `retell` keeps for its one thread."""

    def __init__(self, table: RoutingTable) -> None:
        self.table = table
        self.retell = Retelling(table)
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
    """The rules of one stage. A slot is one reading: a kind of condition, of something."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self._slots: dict[tuple[str, str], int] = {}
        self._rules = [(rule, tuple(map(self._compile, rule.conditions))) for rule in rules]
        filed: dict[tuple[str, str, bool], list[tuple[int, Condition]]] = {}
        self._always: list[int] = []
        for place, rule in enumerate(rules):
            under = _key(rule)
            if under is None:
                self._always.append(place)
            else:
                key = (under.kind, under.of, under.negated)
                filed.setdefault(key, []).append((place, under))
        self._files = [
            (self._slot(KINDS[kind], of), _read(KINDS[kind], of), _pick(KINDS[kind], found), found)
            for (kind, of, _negated), found in filed.items()
        ]

    def first(self, facts: CallFacts, skipped: list[str]) -> Rule | None:
        readings: _Readings = [_UNREAD] * len(self._slots)
        readings.append(facts)
        for place in self._candidates(readings):
            rule, conditions = self._rules[place]
            try:
                for holds in conditions:
                    if not holds(readings):
                        break
                else:
                    return rule
            except Exception:  # noqa: BLE001  # whatever is wrong with a rule costs no call
                skipped.append(rule.name)
        return None

    def _candidates(self, readings: _Readings) -> Sequence[int]:
        found: list[int] = []
        for slot, read, pick, everything in self._files:
            try:
                reading = readings[slot]
                if reading is _UNREAD:
                    reading = readings[slot] = read(readings[-1])
                if reading is not None:
                    found += pick(reading)
            except Exception:  # noqa: BLE001  # each of these rules is skipped when it is looked at
                found += [place for place, _ in everything]
        if not found:
            return self._always
        return sorted({*found, *self._always})

    def _slot(self, kind: Kind, of: str) -> int:
        return self._slots.setdefault((kind.name, of), len(self._slots))

    def _compile(self, term: Term) -> _Holds:
        if isinstance(term, AnyOf):
            return lambda readings: look_at_term(readings[-1], term)[0]
        try:
            kind = kind_of(term)
        except BrokenError as error:
            return _raises(error.why)
        slot, read = self._slot(kind, term.of), _read(kind, term.of)
        compare, negated = COMPARE[kind.asks], term.negated

        def holds(readings: _Readings) -> bool:
            reading = readings[slot]
            if reading is _UNREAD:
                reading = readings[slot] = read(readings[-1])
            return reading is not None and compare(reading, term) is not negated

        return holds


def _read(kind: Kind, of: str) -> Callable[[CallFacts], Reading]:
    return lambda facts: kind.read(facts, of)


def _raises(why: str) -> _Holds:
    def holds(_readings: _Readings) -> bool:
        raise BrokenError(why)

    return holds


def _key(rule: Rule) -> Condition | None:
    """The condition to file a rule under: what must hold, and holds for few."""
    known = [
        term
        for term in rule.conditions
        if isinstance(term, Condition) and term.kind in KINDS and _can_file(term)
    ]
    return min(known, key=_commonness, default=None)


def _can_file(term: Condition) -> bool:
    asks = KINDS[term.kind].asks
    return asks in ("flag", "at_least", "at_most") or (asks == "values" and not term.negated)


def _commonness(term: Condition) -> int:
    if term.negated or term.kind not in _FILED_BY:
        return len(_FILED_BY) + (term.negated or term.kind == "always")
    return _FILED_BY.index(term.kind)


def _pick(kind: Kind, found: Sequence[tuple[int, Condition]]) -> _Pick:
    negated = found[0][1].negated
    if kind.asks == "values":
        return _by_value(found)
    if kind.asks == "flag":
        places = [place for place, _ in found]
        return lambda reading: () if bool(reading) is negated else places
    return _by_amount(found, at_least=(kind.asks == "at_least") is not negated, negated=negated)


def _by_value(found: Sequence[tuple[int, Condition]]) -> _Pick:
    filed: dict[str, list[int]] = {}
    for place, term in found:
        for value in dict.fromkeys(term.values):
            filed.setdefault(value, []).append(place)

    def pick(reading: Any) -> Iterable[int]:
        return [place for value in reading for place in filed.get(value, ())]

    return pick


def _by_amount(found: Sequence[tuple[int, Condition]], *, at_least: bool, negated: bool) -> _Pick:
    """Amounts up to the reading are in question when so much is asked for, else those from it on.

    One too many on either side does no harm: whoever is in question is looked at.
    """
    ordered = sorted(found, key=lambda one: one[1].amount)
    amounts = [term.amount for _, term in ordered]
    places = [place for place, _ in ordered]
    # An amount of nothing is never reached: negated, such a condition always holds.
    always = [place for place, term in found if negated and term.amount <= 0]

    def pick(reading: Any) -> Iterable[int]:
        if at_least:
            return [*always, *places[: bisect_right(amounts, reading)]]
        return [*always, *places[bisect_left(amounts, reading) :]]

    return pick


def _told(facts: CallFacts, rule: Rule) -> Finding:
    """What settled it: the last condition, as `decide_route` says it."""
    if not rule.conditions:
        return Finding("no-conditions")
    return look_at_term(facts, rule.conditions[-1])[1]
