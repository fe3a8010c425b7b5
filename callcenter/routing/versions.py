"""Versions of the rules: one is live, one at most is a draft, the others were live once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from callcenter.routing.rules import FIRST_RULES, Rule, UnreadableError, rule_from_json

State = Literal["draft", "live", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesVersion:
    """`number` is 0 for a draft. `stamp` counts a draft's writes. `unreadable` are names of stored
    rules that this version of the product does not understand: they are skipped."""

    id: int
    number: int
    state: State
    rules: tuple[Rule, ...]
    created_at: datetime
    created_by: int | None = None
    base_id: int | None = None
    note: str = ""
    published_at: datetime | None = None
    published_by: int | None = None
    stamp: int = 1
    unreadable: tuple[str, ...] = ()


def readable(data: Any) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules that can be read, and the names of those that cannot."""
    rules: list[Rule] = []
    unreadable: list[str] = []
    for one in data if isinstance(data, list) else ():
        try:
            rules.append(rule_from_json(one))
        except UnreadableError:
            unreadable.append(str(one.get("name", "?")) if isinstance(one, dict) else "?")
    return tuple(rules), tuple(unreadable)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a draft changes of one rule. `moved`: it stands elsewhere among the rules both have."""

    rule: Rule
    how: Literal["added", "removed", "changed", "moved"]
    before: Rule | None = None


def differences(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> tuple[Difference, ...]:
    old = {rule.id: rule for rule in before}
    new = {rule.id: rule for rule in after}
    found = [Difference(rule, "added") for rule in after if rule.id not in old]
    found += [Difference(rule, "removed", rule) for rule in before if rule.id not in new]
    found += [
        Difference(rule, "changed", old[rule.id])
        for rule in after
        if rule.id in old and old[rule.id] != rule
    ]
    moved = _moved(
        [one.id for one in before if one.id in new], [r.id for r in after if r.id in old]
    )
    return (*found, *(Difference(new[one], "moved", old[one]) for one in moved))


def _moved(before: list[str], after: list[str]) -> list[str]:
    """Those outside the rows that kept their order: moving one rule is one change."""
    rows = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {one for row in rows for one in after[row.b : row.b + row.size]}
    return [one for one in after if one not in stayed]


__all__ = ["FIRST_RULES", "Difference", "RulesVersion", "State", "differences", "readable"]
