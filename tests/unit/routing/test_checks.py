"""What is refused of a set of rules, and what is warned of."""

from __future__ import annotations

import pytest

from callcenter.routing.actions import Announce, Outside, Preferred, Ring, ToMenu, ToQueue
from callcenter.routing.checks import Known, check_rules
from callcenter.routing.rules import FIRST_RULES, AnyOf, Condition, Rule

KNOWN = Known(
    lists={
        "queue": {"vip", "support"},
        "menu": {"main"},
        "prompt": {"closed"},
        "calendar": {"office"},
        "dialed": {"+48221000001"},
    },
    reachable=lambda number: number.startswith("+48"),
)


def rule(name: str, *conditions: Condition | AnyOf, **fields) -> Rule:
    return Rule(id=name, name=name, conditions=conditions, **fields)


def problems(*rules: Rule) -> list[tuple[str, str, str]]:
    return [(one.rule, one.code, one.severity) for one in check_rules(rules, KNOWN)]


def test_the_first_rules_are_as_they_should_be():
    known = Known(lists={"queue": {"vip", "debtors"}})
    assert check_rules(FIRST_RULES, known) == ()


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (ToQueue("nowhere"), "unknown_value"),
        (ToQueue(""), "target"),
        (ToMenu("other"), "unknown_value"),
        (Announce("closed", ToQueue("nowhere")), "unknown_value"),
        (Outside("601000001"), "number_form"),
        (Outside("+4930123456"), "number_unreachable"),
        (Outside("+48221000001"), "number_own"),
        (Preferred((), "vip"), "no_rings"),
        (Preferred((Ring("last", 900),), "vip"), "ring_seconds"),
        (ToQueue("vip", max_wait=-1), "max_wait"),
    ],
)
def test_an_action_that_leads_nowhere_is_an_error(action, code):
    assert problems(rule("a", action=action)) == [("a", code, "error")]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (Condition("no such thing"), "unknown_condition"),
        (Condition("overdue_days"), "amount"),
        (Condition("status"), "values"),
        (Condition("open"), "of"),
        (Condition("open", of="elsewhere"), "unknown_value"),
        (Condition("time", ("9-17",)), "value_form"),
        (Condition("time", ("08:00-18:00",), of="Mars/Base"), "unknown_value"),
        (Condition("date", ("2026-02-30",)), "value_form"),
        (Condition("number_prefix", ("48",)), "value_form"),
        (Condition("rfm", ("9",)), "value_form"),
        (AnyOf(()), "group_empty"),
        (Condition("from_queue", ("vip",)), "only_overflow"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_an_error(condition, code):
    assert problems(rule("a", condition)) == [("a", code, "error")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Condition("any_vip"), Condition("any_vip", negated=True)),
        (Condition("overdue_days", amount=60), Condition("overdue_days", amount=30, negated=True)),
        (Condition("one"), Condition("several")),
        (Condition("withheld"), Condition("status", ("new",))),
        (Condition("weekday", ("1",)), Condition("weekday", ("2", "3"))),
        (Condition("open", of="office"), Condition("holiday", of="office")),
    ],
)
def test_a_rule_that_contradicts_itself_is_an_error(first, second):
    assert ("a", "contradiction", "error") in problems(rule("a", first, second))


def test_a_rule_behind_one_that_takes_its_calls_is_warned_of():
    wide = rule("wide", Condition("overdue_days", amount=10))
    narrow = rule("narrow", Condition("overdue_days", amount=30), Condition("one"))
    assert problems(wide, narrow) == [("narrow", "shadowed", "warning")]
    assert problems(narrow, wide) == []
    assert problems(rule("all"), narrow) == [("narrow", "shadowed", "warning")]
    assert problems(rule("all", active=False), narrow) == []
    assert problems(rule("all", stage="overflow"), narrow) == []


def test_a_number_that_two_rules_take_is_warned_of():
    found = problems(
        rule("a", Condition("dialed", ("+48221000001",))),
        rule("b", Condition("dialed", ("+48221000001",))),
    )
    assert found == [("b", "did_twice", "warning")]


def test_a_number_that_is_not_ours_is_warned_of():
    found = problems(rule("a", Condition("dialed", ("+48220000000",))))
    assert found == [("a", "unknown_value", "warning")]


def test_names_are_words_of_their_own():
    assert problems(rule("a b")) == [("a b", "name", "error")]
    assert problems(rule("failed-open")) == [("failed-open", "name", "error")]
    twice = [
        rule("a", Condition("one")),
        Rule(id="2", name="a", conditions=(Condition("several"),)),
    ]
    assert problems(*twice) == [("2", "name_twice", "error")]
