"""What may be changed in a deal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from callcenter.errors import Invalid
from callcenter.sales.deal import STAGES, Deal, checked, following_stage

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
DEAL = Deal(
    id=1,
    customer_id=1,
    title="Second truck",
    stage="proposal",
    amount_minor=100,
    currency="PLN",
    state="open",
    next_step="send the offer",
    next_step_on=date(2026, 3, 9),
    owner_id=None,
    loss_reason="",
    created_at=NOW,
    updated_at=NOW,
    version=1,
)


def test_stages_follow_each_other_to_the_last() -> None:
    assert [following_stage(stage) for stage in STAGES] == [*STAGES[1:], None]
    assert following_stage("no such stage") is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"stage": "dreaming"}, "stage"),
        ({"state": "gone"}, "state"),
        ({"amount_minor": -1}, "amount_minor"),
        ({"currency": "zł"}, "currency"),
        ({"state": "lost"}, "loss_reason"),
        ({"id": 7}, "id"),
    ],
)
def test_a_mistake_names_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(values, DEAL)
    assert refused.value.field == field


def test_a_deal_that_is_over_has_no_next_step() -> None:
    clean = checked({"state": "won"}, DEAL)
    assert (clean["next_step"], clean["next_step_on"], clean["loss_reason"]) == ("", None, "")


def test_a_lost_deal_keeps_its_reason_and_an_opened_one_forgets_it() -> None:
    lost = replace(DEAL, state="lost", loss_reason="too dear")
    assert "loss_reason" not in checked({"title": "Truck"}, lost)
    assert checked({"state": "open"}, lost)["loss_reason"] == ""
