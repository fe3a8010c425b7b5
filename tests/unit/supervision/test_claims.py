"""When it is over that somebody takes a call over, or has its caller called up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.calls.record import Leg, QueueVisit
from callcenter.supervision.claims import RINGING, Claim, is_over
from tests.unit.supervision.test_stepping import at, call, leg

BOSS = 7
USERS = {"PJSIP/1003": BOSS, "PJSIP/1001": 1}
CLAIM = Claim(
    call_id="pbx/1",
    deed="pull",
    user_id=9,
    to_id=BOSS,
    command_id="command-1",
    since=at(5),
    until=at(5) + RINGING,
)
TAKE_OVER = replace(CLAIM, deed="take_over", user_id=BOSS)
WAITING = call(answered_at=None)


def ringing(**changes: Any) -> Leg:
    return replace(
        leg("PJSIP/1003", "callee", "2.2"), answered_at=None, ringing_at=at(6), **changes
    )


@pytest.mark.parametrize("claim", [CLAIM, TAKE_OVER])
def test_it_is_over_when_who_was_meant_speaks_or_the_call_has_ended(claim: Claim) -> None:
    speaks = leg("PJSIP/1003", "callee", "2.2", answered_at=at(8))
    assert is_over(claim, replace(WAITING, legs=(speaks,)), USERS)
    assert is_over(claim, replace(WAITING, live=False), USERS)


def test_it_goes_on_while_the_phone_rings() -> None:
    assert not is_over(CLAIM, replace(WAITING, legs=(ringing(ended_at=None),)), USERS)
    assert not is_over(TAKE_OVER, call(), USERS)


def test_who_listens_has_not_taken_over_yet() -> None:
    listens = leg("PJSIP/1003", "spy", "2.2", answered_at=at(2))
    assert not is_over(TAKE_OVER, call(listens), USERS)


def test_a_caller_whom_nobody_lifted_for_waits_again() -> None:
    assert is_over(CLAIM, replace(WAITING, legs=(ringing(ended_at=at(9)),)), USERS)
    visit = QueueVisit(
        queue="support", joined_at=at(2), left_at=None, answered_at=None, how="waiting"
    )
    assert not is_over(CLAIM, replace(WAITING, queue_visits=(visit,)), USERS)
    again = replace(visit, joined_at=CLAIM.since + timedelta(seconds=1))
    assert is_over(CLAIM, replace(WAITING, queue_visits=(visit, again)), USERS)


def test_somebody_else_was_quicker() -> None:
    assert is_over(CLAIM, call(), USERS)
