"""The lot is fair, told again by anybody, and keeps its rules."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from callcenter.assessments.sampling import (
    Contact,
    Rules,
    draw,
    fits,
    places,
    rules_from_json,
    rules_to_json,
)

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY = datetime(2026, 3, 23, 7, tzinfo=UTC)


def contact(number: int, operator: int = 1, **changes: object) -> Contact:
    told: dict[str, object] = {
        "interaction_id": number,
        "operator_id": operator,
        "channel": "call",
        "direction": "inbound",
        "queue": "sales",
        "at": MONDAY + timedelta(minutes=number),
        "talk_seconds": 100.0,
    }
    return Contact(**told | changes)  # type: ignore[arg-type]


_CONTACTS = st.lists(
    st.builds(
        contact,
        st.integers(1, 500),
        st.integers(1, 5),
        queue=st.sampled_from(["sales", "service"]),
        at=st.integers(0, 5000).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
        talk_seconds=st.sampled_from([10.0, 90.0, 4000.0]),
        direction=st.sampled_from(["inbound", "outbound"]),
        channel=st.sampled_from(["call", "chat"]),
        assessed=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda one: one.interaction_id,
)
_RULES = st.builds(
    Rules,
    per_operator=st.integers(1, 6),
    direction=st.sampled_from(["", "inbound"]),
    queues=st.sampled_from([(), ("sales",)]),
    channels=st.sampled_from([("call",), ("call", "chat")]),
)


@given(_CONTACTS, _RULES, st.text(max_size=8))
def test_everybody_gets_the_same_number_or_all_that_there_is(
    contacts: list[Contact], rules: Rules, seed: str
) -> None:
    drawn = draw(contacts, rules, seed, zone=WARSAW, operators=(1, 2, 9), sampler_id=3)
    each = Counter(one.operator_id for one in drawn.items)
    for operator, fitting in drawn.fitting.items():
        assert each[operator] == min(rules.per_operator, fitting)
        assert drawn.short.get(operator, 0) == rules.per_operator - each[operator]
    assert {1, 2, 9} <= set(drawn.fitting)
    assert 3 not in drawn.fitting


@given(_CONTACTS, _RULES, st.text(max_size=8))
def test_only_what_fits_is_drawn_and_nothing_twice(
    contacts: list[Contact], rules: Rules, seed: str
) -> None:
    by_id = {one.interaction_id: one for one in contacts}
    drawn = draw(contacts, rules, seed, zone=WARSAW)
    ids = [one.interaction_id for one in drawn.items]
    assert len(ids) == len(set(ids))
    assert all(fits(by_id[one], rules) for one in ids)


@given(_CONTACTS, st.text(max_size=8), st.randoms())
def test_the_same_seed_draws_the_same_in_whatever_order_contacts_come(
    contacts: list[Contact], seed: str, chance: object
) -> None:
    mixed = list(contacts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    first = draw(contacts, Rules(), seed, zone=WARSAW)
    assert draw(mixed, Rules(), seed, zone=WARSAW) == first


@given(_CONTACTS, st.integers(1, 6), st.text(max_size=8))
def test_each_queue_and_hour_has_its_share_up_to_one(
    contacts: list[Contact], each: int, seed: str
) -> None:
    rules = Rules(per_operator=each)
    drawn = draw(contacts, rules, seed, zone=WARSAW)
    mine = [one for one in contacts if one.operator_id == 1 and fits(one, rules)]
    there = Counter((one.queue, one.at.astimezone(WARSAW).hour) for one in mine)
    taken = Counter((one.queue, one.hour) for one in drawn.items if one.operator_id == 1)
    for stratum, size in there.items():
        due = Fraction(min(each, len(mine)) * size, len(mine))
        assert abs(taken[stratum] - due) < 1


@given(st.integers(1, 60), st.data())
def test_over_all_starts_each_contact_is_taken_equally_often_and_never_twice_at_once(
    size: int, data: st.DataObject
) -> None:
    wanted = data.draw(st.integers(1, size))
    rows = [places(size, wanted, start=start) for start in range(size)]
    assert all(len(set(row)) == wanted for row in rows)
    assert Counter(one for row in rows for one in row) == dict.fromkeys(range(size), wanted)


def test_over_many_seeds_each_contact_comes_as_often_as_any_other() -> None:
    contacts = [contact(number) for number in range(1, 11)]
    rules = Rules(per_operator=3)
    times = Counter(
        one.interaction_id
        for seed in range(2000)
        for one in draw(contacts, rules, str(seed), zone=WARSAW).items
    )
    assert set(times) == set(range(1, 11))
    assert all(500 < found < 700 for found in times.values())


def test_what_was_drawn_before_in_the_week_counts() -> None:
    contacts = [contact(number) for number in range(1, 20)]
    drawn = draw(contacts, Rules(per_operator=3), "s", zone=WARSAW, had={1: 2})
    assert len(drawn.items) == 1
    assert not draw(contacts, Rules(per_operator=3), "s", zone=WARSAW, had={1: 5}).items


def test_an_operator_without_contacts_is_named_and_nothing_else_happens() -> None:
    drawn = draw([], Rules(per_operator=2), "s", zone=WARSAW, operators=(7,))
    assert (drawn.items, dict(drawn.fitting), dict(drawn.short)) == ((), {7: 0}, {7: 2})


def test_length_is_asked_of_calls_alone() -> None:
    rules = Rules(min_seconds=60, max_seconds=300, channels=("call", "chat"))
    assert fits(contact(1, channel="chat", talk_seconds=0.0), rules)
    assert not fits(contact(1, talk_seconds=59.9), rules)
    assert not fits(contact(1, talk_seconds=301.0), rules)


def test_rules_that_cannot_be_meant_name_their_field() -> None:
    assert Rules().problem() == ""
    assert Rules(per_operator=0).problem() == "per_operator"
    assert Rules(min_seconds=60, max_seconds=30).problem() == "max_seconds"
    assert Rules(channels=()).problem() == "channels"
    assert Rules(direction="sideways").problem() == "direction"


def test_rules_are_the_same_after_they_were_stored() -> None:
    rules = Rules(queues=("sales",), channels=("call", "chat"), direction="inbound")
    assert rules_from_json(rules_to_json(rules)) == rules
