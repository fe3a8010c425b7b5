"""Which message a closure has for a call that a rule decides by it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcenter.routing.facts import CallFacts
from callcenter.routing.rules import AnyOf, Rule, Term


def message_of(rule: Rule, facts: CallFacts) -> tuple[str, str, str] | None:
    """(calendar, reason, prompt) of the first calendar that the rule wants closed and that is, for
    a time. The rule's conditions hold."""
    for calendar in _wanted_closed(rule.conditions):
        if calendar in facts.messages:
            return (calendar, *facts.messages[calendar])
    return None


def _wanted_closed(terms: Iterable[Term], *, negated: bool = False) -> Iterator[str]:
    """Calendars for which a rule asks "not open" or "closed for a time", in groups as well."""
    for one in terms:
        refused = one.negated is not negated
        if isinstance(one, AnyOf):
            yield from _wanted_closed(one.conditions, negated=refused)
        elif (one.kind == "open" and refused) or (one.kind == "closure" and not refused):
            yield one.of
