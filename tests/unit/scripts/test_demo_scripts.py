"""What the demo company says and chooses from is sound in each of its languages."""

from __future__ import annotations

import pytest

from callcenter.scripts.validation import problems_of, unreached
from callcenter.seed.outcomes import TREES, leaves
from callcenter.seed.scripts import scripts


@pytest.mark.parametrize("region", ["PL", "RU", "GB"])
def test_the_demo_companys_scripts_are_sound_and_branch(region: str) -> None:
    for script in scripts(region):
        assert problems_of(script) == ()
        assert unreached(script) == ()
        assert any(len(set(step.ways)) > 1 for step in script.steps)


def test_every_queue_of_the_demo_company_has_few_enough_outcomes_for_the_digits() -> None:
    for planned in TREES.values():
        assert len(planned) <= 9
        assert all(len(one.under) <= 9 for one in planned)
        assert all(one.polish and one.russian for one in leaves(planned))


def test_a_promise_to_pay_has_a_date() -> None:
    promised = [one for one in leaves(TREES["debtors"]) if one.label == "Promised to pay"]
    assert [one.requires for one in promised] == [("callback_at",)]
