"""Whether a chosen outcome is complete."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.outcomes.choice import Choice, check
from callcenter.outcomes.outcome import Outcome
from callcenter.outcomes.tree import tree_of

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
TREE = tree_of(
    (
        Outcome(id=1, label="Sale"),
        Outcome(id=2, label="Agreed", parent_id=1, requires=("deal_step",)),
        Outcome(id=3, label="Later", requires=("callback_at", "note")),
        Outcome(id=4, label="Task", requires=("task",)),
        Outcome(id=5, label="Done"),
    ),
    "",
)


def fields(choice: Choice) -> list[str]:
    return [problem.field for problem in check(TREE, choice, NOW)]


def test_a_leaf_that_asks_for_nothing_can_be_given() -> None:
    assert fields(Choice(outcome_id=5)) == []


@pytest.mark.parametrize("outcome_id", [None, 99, 1])
def test_nothing_an_unknown_one_and_a_group_cannot_be_given(outcome_id: int | None) -> None:
    assert fields(Choice(outcome_id=outcome_id)) == ["outcome_id"]


@pytest.mark.parametrize(
    ("choice", "missing"),
    [
        (Choice(outcome_id=3), ["note", "callback_at"]),
        (Choice(outcome_id=3, note=" \n", callback_at=NOW + timedelta(hours=1)), ["note"]),
        (Choice(outcome_id=2, deal_step="  "), ["deal_step"]),
        (Choice(outcome_id=4), ["task"]),
    ],
)
def test_every_field_that_it_asks_for_is_named_when_it_is_not_there(
    choice: Choice, missing: list[str]
) -> None:
    assert sorted(fields(choice)) == sorted(missing)


def test_with_all_that_it_asks_for_it_can_be_given() -> None:
    later = Choice(outcome_id=3, note="asked for Anna", callback_at=NOW + timedelta(hours=1))
    assert fields(later) == []


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)])
def test_nobody_is_called_back_in_the_past_or_in_years(moment: datetime) -> None:
    assert fields(Choice(outcome_id=5, callback_at=moment)) == ["callback_at"]


def test_a_problem_says_what_to_do() -> None:
    (problem,) = check(TREE, Choice(outcome_id=1), NOW)
    assert "choose one of the outcomes under it" in problem.message
