"""Conditions on what a caller is worth and owes, with a limit of the rule's own. Pure.

A line that several share is what the dearest of them is worth; it is overdue only as far as all of
them are, since nobody pays for whoever shares their phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from callcenter.routing.facts import CallFacts, CustomerFacts
from callcenter.routing.rules import Rule, WorthCondition

Finding = tuple[bool, str]


def _overdue_days(facts: CallFacts, rule: Rule) -> Finding:
    return _all(facts, lambda one: one.overdue_days, rule, "days overdue")


def _overdue_minor(facts: CallFacts, rule: Rule) -> Finding:
    return _all(facts, lambda one: one.overdue_minor, rule, "minor units overdue")


def _lifetime_minor(facts: CallFacts, rule: Rule) -> Finding:
    """Only money of the rule's currency is compared."""
    most = max(
        (one.lifetime_minor for one in facts.unblocked if one.currency == rule.currency), default=0
    )
    told = f"turnover of {most} minor units {rule.currency}, at least {rule.at_least} asked"
    return most >= rule.at_least > 0, told


def _abc(facts: CallFacts, rule: Rule) -> Finding:
    found = sorted({one.abc for one in facts.unblocked if one.abc})
    matched = bool(set(found) & set(rule.classes))
    return matched, f"ABC class {', '.join(found) or 'none'}, {', '.join(rule.classes)} asked"


def _rfm(facts: CallFacts, rule: Rule) -> Finding:
    """`classes` are three digits, each the least that recency, frequency and money must reach."""
    found = sorted({one.rfm for one in facts.unblocked if one.rfm})
    matched = any(_reaches(one, least) for one in found for least in rule.classes)
    asked = ", ".join(rule.classes)
    return matched, f"RFM scores {', '.join(found) or 'none'}, at least {asked} asked"


def _reaches(scores: str, least: str) -> bool:
    if len(scores) != len(least):
        return False
    return all(has >= asked for has, asked in zip(scores, least, strict=True))


def _all(
    facts: CallFacts, figure: Callable[[CustomerFacts], int], rule: Rule, what: str
) -> Finding:
    least = min((figure(one) for one in facts.unblocked), default=0)
    return least >= rule.at_least > 0, f"{least} {what}, at least {rule.at_least} asked"


WORTH: Final[Mapping[WorthCondition, Callable[[CallFacts, Rule], Finding]]] = {
    "overdue_days": _overdue_days,
    "overdue_minor": _overdue_minor,
    "lifetime_minor": _lifetime_minor,
    "abc": _abc,
    "rfm": _rfm,
}
