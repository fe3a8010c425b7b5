"""Use cases: change the routing rules in a draft, publish it, go back to an earlier version.

What is live is never changed in place: a draft becomes the next version at one stroke, and going
back publishes the old rules anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.routing.checks import MOST_RULES, Known, Problem, check_rules
from callcenter.routing.rules import FIRST_RULES, Rule, rules_to_json
from callcenter.routing.versions import RulesVersion, differences

_LEADERS: Final = Audience(roles=("supervisor", "admin"))


class Unfit(Invalid):
    """Rules with errors are not published."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("rules", "these rules have errors; they are named beside each rule")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDesk:
    """What one user does with the rules."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    publisher: Publisher
    user_id: int | None

    def put_rule(self, rule: Rule, stamp: int | None = None) -> str:
        """Changes the rule of that id in the draft, or adds it before the last one. Its id."""
        placed = rule if rule.id else replace(rule, id=secrets.token_hex(4))

        def put(rules: list[Rule]) -> list[Rule]:
            ids = [one.id for one in rules]
            if placed.id in ids:
                rules[ids.index(placed.id)] = placed
                return rules
            return added(rules, placed)

        self._change(put, stamp)
        return placed.id

    def remove(self, rule_id: str, stamp: int | None = None) -> None:
        def removed(rules: list[Rule]) -> list[Rule]:
            rules.pop(_place(rules, rule_id))
            return rules

        self._change(removed, stamp)

    def move(self, rule_id: str, step: int, stamp: int | None = None) -> None:
        """So many places up (-1) or down (1) among the rules of its stage; at the edge it stays."""

        def moved(rules: list[Rule]) -> list[Rule]:
            return _moved(rules, rules[_place(rules, rule_id)], step)

        self._change(moved, stamp)

    def put_at(self, rule_id: str, place: int, stamp: int | None = None) -> None:
        """To this place (from 1 on) among the rules of its stage."""

        def put(rules: list[Rule]) -> list[Rule]:
            rule = rules[_place(rules, rule_id)]
            beside = [one for one in rules if one.stage == rule.stage]
            step = place - 1 - beside.index(rule)
            return _moved(rules, rule, step)

        self._change(put, stamp)

    def order(self, ids: Sequence[str], stamp: int | None = None) -> None:
        """All rules in this order; who names too few or too many meant another draft."""

        def ordered(rules: list[Rule]) -> list[Rule]:
            by_id = {one.id: one for one in rules}
            if sorted(ids) != sorted(by_id):
                raise Conflict("rules", "the rules were changed meanwhile; look at them again")
            return [by_id[one] for one in ids]

        self._change(ordered, stamp)

    def switch(self, rule_id: str, *, active: bool, stamp: int | None = None) -> None:
        def switched(rules: list[Rule]) -> list[Rule]:
            at = _place(rules, rule_id)
            rules[at] = replace(rules[at], active=active)
            return rules

        self._change(switched, stamp)

    def put_draft(self, rules: Sequence[Rule], stamp: int | None = None) -> None:
        """The whole table at once. A rule without an id is a new one."""
        given = [one if one.id else replace(one, id=secrets.token_hex(4)) for one in rules]
        if len({one.id for one in given}) < len(given):
            raise Invalid("rules", "two rules have the same id")
        self._change(lambda _rules: given, stamp)

    def discard(self) -> None:
        with self.unit_of_work() as uow:
            if not uow.routing_rules.discard_draft():
                raise NotFound("draft", "there is no draft")
            self._audit(uow, "routing_draft_discarded", "draft", {})
            uow.commit()

    def publish(self, known: Known, note: str = "", stamp: int | None = None) -> int:
        """The draft is live from now on. Unfit when it has errors. Returns its number."""
        with self.unit_of_work() as uow:
            draft = uow.routing_rules.draft()
            if draft is None:
                raise NotFound("draft", "there is no draft to publish")
            _unchanged(draft, stamp)
            live = _live(uow, self.user_id, self.clock)
            if draft.base_id != live.id:
                raise Conflict("draft", "other rules were published since this draft was begun")
            refuse_errors(draft.rules, known)
            number = uow.routing_rules.publish_draft(
                draft.stamp, self.user_id, self.clock.now(), note.strip()
            )
            if number is None:
                raise _changed_meanwhile()
            self._published(uow, number, live, draft.rules)
            uow.commit()
        self._tell(number)
        return number

    def roll_back(self, number: int, known: Known) -> int:
        """Publishes an earlier version's rules anew; a draft stays as it is, and is behind."""
        with self.unit_of_work() as uow:
            wanted = uow.routing_rules.by_number(number)
            if wanted is None:
                raise NotFound("version", "there is no such version")
            live = _live(uow, self.user_id, self.clock)
            refuse_errors(wanted.rules, known)
            new = uow.routing_rules.add_live(
                wanted.rules, self.user_id, self.clock.now(), note=f"= {number}"
            )
            self._published(uow, new, live, wanted.rules, rolled_back_to=number)
            uow.commit()
        self._tell(new)
        return new

    def take_over(self) -> None:
        """The draft goes on from what is live now: publishing it is what its author wants."""
        with self.unit_of_work() as uow:
            draft = uow.routing_rules.draft()
            if draft is None:
                raise NotFound("draft", "there is no draft")
            live = _live(uow, self.user_id, self.clock)
            uow.routing_rules.discard_draft()
            uow.routing_rules.add_draft(draft.rules, live.id, self.user_id, self.clock.now())
            uow.commit()

    def _change(self, change: Callable[[list[Rule]], list[Rule]], stamp: int | None) -> None:
        with self.unit_of_work() as uow:
            draft = uow.routing_rules.draft()
            if draft is None:
                live = _live(uow, self.user_id, self.clock)
                rules = _checked(change(list(live.rules)))
                uow.routing_rules.add_draft(rules, live.id, self.user_id, self.clock.now())
                self._audit(uow, "routing_draft_begun", "draft", _before_after(live.rules, rules))
            else:
                _unchanged(draft, stamp)
                rules = _checked(change(list(draft.rules)))
                if not uow.routing_rules.save_draft(rules, draft.stamp):
                    raise _changed_meanwhile()
                told = _before_after(draft.rules, rules)
                self._audit(uow, "routing_draft_changed", "draft", told)
            uow.commit()

    def _published(
        self,
        uow: UnitOfWork,
        number: int,
        live: RulesVersion,
        rules: Sequence[Rule],
        **more: object,
    ) -> None:
        told = {"replaces": live.number, **more, **_before_after(live.rules, rules)}
        action = "routing_rolled_back" if more else "routing_published"
        self._audit(uow, action, str(number), told)

    def _audit(self, uow: UnitOfWork, action: str, what: str, detail: dict[str, Any]) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="routing",
            object_id=what,
            at=self.clock.now(),
            detail=detail,
        )

    def _tell(self, number: int) -> None:
        news = {"type": "routing", "version": number}
        self.publisher.publish([Message(kind="message", audience=_LEADERS, payload=news)])


def refuse_errors(rules: Sequence[Rule], known: Known) -> None:
    errors = [one for one in check_rules(rules, known) if one.severity == "error"]
    if errors:
        raise Unfit(errors)


def _live(uow: UnitOfWork, user_id: int | None, clock: Clock) -> RulesVersion:
    """What a call centre begins with is written down before anything replaces it."""
    live = uow.routing_rules.live()
    if live is None:
        uow.routing_rules.add_live(FIRST_RULES, user_id, clock.now())
        live = uow.routing_rules.live()
    if live is None:
        raise NotFound("version", "there are no live rules")
    return live


def added(rules: list[Rule], new: Rule) -> list[Rule]:
    """Before the last rule that takes everybody, else nobody would ever meet it."""
    at = len(rules)
    while at and rules[at - 1].stage == new.stage and _takes_all(rules[at - 1]):
        at -= 1
    return [*rules[:at], new, *rules[at:]]


def _takes_all(rule: Rule) -> bool:
    return all(getattr(one, "kind", "") == "always" for one in rule.conditions)


def _moved(rules: Sequence[Rule], rule: Rule, step: int) -> list[Rule]:
    beside = [one for one in rules if one.stage == rule.stage]
    at = beside.index(rule)
    beside.insert(max(0, min(at + step, len(beside) - 1)), beside.pop(at))
    row = iter(beside)
    return [next(row) if one.stage == rule.stage else one for one in rules]


def _place(rules: Sequence[Rule], rule_id: str) -> int:
    for number, one in enumerate(rules):
        if one.id == rule_id:
            return number
    raise NotFound("rule", "there is no such rule in the draft")


def _checked(rules: list[Rule]) -> list[Rule]:
    if len(rules) > MOST_RULES:
        raise Invalid("rules", f"no more than {MOST_RULES} rules")
    return rules


def _unchanged(draft: RulesVersion, stamp: int | None) -> None:
    if stamp is not None and stamp != draft.stamp:
        raise _changed_meanwhile()


def _changed_meanwhile() -> Conflict:
    return Conflict("draft", "somebody else changed the draft meanwhile; look at it again")


def _before_after(before: Sequence[Rule], after: Sequence[Rule]) -> dict[str, Any]:
    """Only what differs: a table of a thousand rules is not written down at every change."""
    found = differences(tuple(before), tuple(after))
    return {
        "changes": [
            {
                "how": one.how,
                "rule": one.rule.name,
                "before": rules_to_json([one.before])[0] if one.before else None,
                "after": rules_to_json([one.rule])[0] if one.how != "removed" else None,
            }
            for one in found[:50]
        ],
        "left_off": max(0, len(found) - 50),
    }
