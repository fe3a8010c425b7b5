"""A script as it is gone through."""

from __future__ import annotations

import pytest

from callcenter.scripts.placeholders import answer_values, fill
from callcenter.scripts.run import accepted, position
from callcenter.scripts.script import DONE, Option, Script, Step

SCRIPT = Script(
    title="Survey",
    steps=(
        Step(id="greet", title="Greet", next="ask"),
        Step(
            id="ask", title="Ask", kind="choice", options=(Option("Yes", "when"), Option("No", ""))
        ),
        Step(id="when", title="When", kind="date", next="again"),
        Step(
            id="again",
            title="Again",
            kind="choice",
            options=(Option("Ask again", "ask"), Option("End", "")),
        ),
    ),
)


def at(answers: dict[str, str], step: str = "") -> tuple[tuple[str, ...], str]:
    where = position(SCRIPT, answers, step)
    return where.path, where.step.id if where.step else ""


def test_it_begins_at_its_first_step() -> None:
    assert at({}) == ((), "greet")


def test_answers_lead_on_and_choices_branch() -> None:
    assert at({"greet": DONE}) == (("greet",), "ask")
    assert at({"greet": DONE, "ask": "Yes"}) == (("greet", "ask"), "when")
    assert at({"greet": DONE, "ask": "No"}) == (("greet", "ask"), "")


def test_one_may_go_back_and_what_was_answered_stays() -> None:
    answers = {"greet": DONE, "ask": "Yes", "when": "2026-03-09"}
    assert at(answers, "ask") == (("greet",), "ask")


def test_a_step_come_to_a_second_time_is_asked_again() -> None:
    answers = {"greet": DONE, "ask": "Yes", "when": "2026-03-09", "again": "Ask again"}
    assert at(answers) == (("greet",), "ask")


def test_an_answer_that_the_changed_script_does_not_know_is_asked_anew() -> None:
    assert at({"greet": DONE, "ask": "Perhaps"}) == (("greet",), "ask")
    assert at({"greet": DONE, "gone": "x"}, "gone") == (("greet",), "ask")


def test_progress_goes_from_nothing_to_all() -> None:
    told = [
        position(SCRIPT, answers).progress
        for answers in ({}, {"greet": DONE}, {"greet": DONE, "ask": "No"})
    ]
    assert told == [0.0, 0.5, 1.0]


def test_a_script_without_steps_is_at_its_end() -> None:
    assert position(Script(title="x", steps=()), {}).progress == 1.0


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("info", "", DONE),
        ("card_data", "4111 1111 1111 1111", DONE),
        ("text", "  blue ", "blue"),
        ("text", " ", None),
        ("number", "12,5", "12,5"),
        ("number", "twelve", None),
        ("date", "2026-03-09", "2026-03-09"),
        ("date", "9 March", None),
        ("choice", "Yes", "Yes"),
        ("choice", "Perhaps", None),
    ],
)
def test_an_answer_is_kept_as_its_step_asks(kind: str, given: str, kept: str | None) -> None:
    step = Step(id="a", title="A", kind=kind, options=(Option("Yes"),))
    assert accepted(step, given) == kept


def test_placeholders_are_filled_and_what_lacks_is_a_gap() -> None:
    values = {"customer.name": "Maria", **answer_values({"when": "Monday"})}
    parts = fill("Hello {customer.name}, {customer.owes} until { answer.when }!", values)
    assert [(part.kind, part.text) for part in parts] == [
        ("text", "Hello "),
        ("value", "Maria"),
        ("text", ", "),
        ("gap", "customer.owes"),
        ("text", " until "),
        ("value", "Monday"),
        ("text", "!"),
    ]


def test_a_customers_name_is_no_placeholder() -> None:
    (part,) = fill("{customer.name}", {"customer.name": "{call.number}", "call.number": "+48"})
    assert part.text == "{call.number}"
