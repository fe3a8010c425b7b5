"""To whom a waiting chat is offered, whatever the operators are doing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from callcenter.agents.status import CHOOSABLE, STATES
from callcenter.chats.offers import (
    LEFT_IN_PEACE,
    OFFER_LASTS,
    ChatOperator,
    OfferRules,
    is_able,
    is_anybody_there,
    is_over,
    next_operator,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOMENTS = some.integers(0, 10_000).map(lambda seconds: NOW - timedelta(seconds=seconds))
RULES = some.builds(OfferRules, most_chats=some.integers(1, 5), while_talking=some.booleans())
OPERATORS = some.lists(
    some.builds(
        ChatOperator,
        user_id=some.integers(1, 12),
        chosen=some.sampled_from(CHOOSABLE),
        state=some.sampled_from(STATES),
        idle_since=MOMENTS,
        chats=some.integers(0, 5),
    ),
    max_size=12,
    unique_by=lambda one: one.user_id,
)
REFUSED = some.dictionaries(some.integers(1, 12), MOMENTS, max_size=6)


def ready(user_id: int = 1, idle: float = 60, **changes: object) -> ChatOperator:
    values = {
        "user_id": user_id,
        "chosen": "ready",
        "state": "ready",
        "idle_since": NOW - timedelta(seconds=idle),
    }
    return ChatOperator(**(values | changes))  # type: ignore[arg-type]


@given(OPERATORS, RULES, REFUSED)
def test_whoever_is_asked_is_able_and_was_not_asked_just_now(
    operators: list[ChatOperator], rules: OfferRules, refused: dict[int, datetime]
) -> None:
    found = next_operator(operators, rules, refused, NOW)
    if found is None:
        return
    assert found.chosen == "ready"
    assert found.chats < rules.most_chats
    assert found.state == "ready" or (rules.while_talking and found.state in ("talking", "hold"))
    assert found.user_id not in refused or NOW - refused[found.user_id] >= LEFT_IN_PEACE


@given(OPERATORS, RULES, REFUSED)
def test_nobody_is_asked_only_if_nobody_could_be(
    operators: list[ChatOperator], rules: OfferRules, refused: dict[int, datetime]
) -> None:
    if next_operator(operators, rules, refused, NOW) is None:
        rested = {one for one, at in refused.items() if NOW - at >= LEFT_IN_PEACE}
        free = [one for one in operators if one.user_id not in refused or one.user_id in rested]
        assert not any(is_able(one, rules) for one in free)


@given(OPERATORS, RULES, REFUSED)
def test_nobody_idle_for_longer_is_passed_over(
    operators: list[ChatOperator], rules: OfferRules, refused: dict[int, datetime]
) -> None:
    found = next_operator(operators, rules, {}, NOW)
    for one in operators:
        if found is not None and is_able(one, rules) and one.chats == found.chats:
            assert one.idle_since >= found.idle_since


@given(OPERATORS, RULES)
def test_the_order_in_which_operators_are_listed_changes_nothing(
    operators: list[ChatOperator], rules: OfferRules
) -> None:
    assert next_operator(operators, rules, {}, NOW) == next_operator(
        operators[::-1], rules, {}, NOW
    )


@given(OPERATORS, RULES)
def test_asked_in_turn_everybody_able_is_asked_once(
    operators: list[ChatOperator], rules: OfferRules
) -> None:
    refused: dict[int, datetime] = {}
    while (found := next_operator(operators, rules, refused, NOW)) is not None:
        assert found.user_id not in refused
        refused[found.user_id] = NOW
    assert refused.keys() == {one.user_id for one in operators if is_able(one, rules)}


def test_who_has_no_chat_comes_before_who_has_one_for_long() -> None:
    busy, fresh = ready(1, idle=900, chats=1), ready(2, idle=1)
    assert next_operator([busy, fresh], OfferRules(), {}, NOW) == fresh


def test_who_talks_gets_chats_only_where_that_is_allowed() -> None:
    talking = ready(state="talking")
    assert next_operator([talking], OfferRules(), {}, NOW) is None
    assert next_operator([talking], OfferRules(while_talking=True), {}, NOW) == talking


def test_a_call_that_rings_and_wrap_up_come_first() -> None:
    rules = OfferRules(while_talking=True)
    for state in ("ringing", "wrap_up", "paused", "offline"):
        assert not is_able(ready(state=state), rules)


def test_there_is_somebody_while_one_of_them_is_at_work() -> None:
    assert is_anybody_there([ready(state="talking", chats=9)])
    assert not is_anybody_there([ready(chosen="paused"), replace(ready(2), chosen="offline")])


def test_an_offer_is_over_after_its_time() -> None:
    assert is_over(NOW - OFFER_LASTS, NOW)
    assert not is_over(NOW - OFFER_LASTS + timedelta(seconds=1), NOW)
