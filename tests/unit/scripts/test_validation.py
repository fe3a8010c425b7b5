"""What is said about a script that cannot be used."""

from __future__ import annotations

import pytest

from callcenter.scripts.script import Option, Script, Step, steps_json, steps_of
from callcenter.scripts.validation import problems_of, unreached

GREET = Step(id="greet", title="Greet", text="Good day {customer.name}", next="ask")
ASK = Step(
    id="ask",
    title="Ask",
    kind="choice",
    options=(Option("Yes", "when"), Option("No", "")),
)
WHEN = Step(id="when", title="When", kind="date", next="bye")
BYE = Step(id="bye", title="Bye", text="Until {answer.when}.")


def script(*steps: Step) -> Script:
    return Script(title="Survey", steps=steps)


def test_a_sound_script_has_no_problems() -> None:
    assert problems_of(script(GREET, ASK, WHEN, BYE)) == ()


@pytest.mark.parametrize(
    ("step", "field", "words"),
    [
        (Step(id="a b", title="A"), "id", "letters"),
        (Step(id="a"), "title", "name"),
        (Step(id="a", title="A", kind="poem"), "kind", "one of"),
        (Step(id="a", title="A", next="b"), "next", "no step b"),
        (Step(id="a", title="A", text="Hi {who}"), "text", "{customer.name}"),
        (Step(id="a", title="A", text="Hi {answer.b}"), "text", "no step asks"),
        (Step(id="a", title="A", text="Hi {answer.a}"), "text", "no step asks"),
        (Step(id="a", title="A", text="Hi {customer.name"), "text", "brace"),
        (Step(id="a", title="A", kind="choice"), "options", "at least one"),
        (Step(id="a", title="A", kind="choice", options=(Option(""),)), "options", "words"),
        (Step(id="a", title="A", kind="choice", options=(Option("x"),) * 2), "options", "two"),
        (
            Step(id="a", title="A", kind="choice", options=(Option("x", "b"),)),
            "options.0.next",
            "no step b",
        ),
        (Step(id="a", title="A", next="a"), "next", "to the end"),
    ],
)
def test_a_mistake_names_its_step_its_field_and_what_to_do(
    step: Step, field: str, words: str
) -> None:
    (problem,) = problems_of(script(step))
    assert (problem.step, problem.field) == (step.id, field)
    assert words in problem.message


def test_two_steps_of_one_name_are_refused() -> None:
    assert [one.field for one in problems_of(script(BYE, WHEN, WHEN))] == ["id"]


def test_a_script_without_name_or_steps_is_refused() -> None:
    assert [one.field for one in problems_of(Script(title=" ", steps=()))] == ["title", "steps"]


def test_every_step_that_goes_round_for_ever_is_named() -> None:
    steps = (
        Step(id="a", title="A", next="b"),
        Step(id="b", title="B", next="a"),
        Step(id="c", title="C"),
    )
    assert [one.step for one in problems_of(script(*steps))] == ["a", "b"]


def test_going_back_is_allowed_where_a_way_leads_on() -> None:
    again = Step(id="c", title="C", kind="choice", options=(Option("Again", "a"), Option("On")))
    assert problems_of(script(Step(id="a", title="A", next="c"), again)) == ()


def test_steps_that_nothing_leads_to_are_told_but_no_mistake() -> None:
    alone = script(BYE, WHEN)
    assert unreached(alone) == ("when",)
    assert problems_of(alone) == ()


@pytest.mark.parametrize("stored", [None, "steps", 7, {"id": "a"}, [1, None, "x"]])
def test_what_is_no_list_of_steps_is_read_as_none(stored: object) -> None:
    assert steps_of(stored) == ()


def test_steps_are_the_same_after_writing_and_reading() -> None:
    assert steps_of(steps_json((GREET, ASK, WHEN, BYE))) == (GREET, ASK, WHEN, BYE)
