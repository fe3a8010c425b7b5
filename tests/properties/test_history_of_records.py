"""Whatever becomes of a record: its history replays to the present, and every way back is exact."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from callcenter.duplicates.joining import CHOICES, joined
from callcenter.history.document import (
    applied,
    differences,
    in_order,
    replayed,
    reverted,
    rewound,
    undone,
)

_TEXTS = st.sampled_from(["", "Kraków", "Łódź", "Ковальски"])
_PHONES = st.lists(
    st.fixed_dictionaries(
        {
            "e164": st.sampled_from(["+481", "+482", "+483"]),
            "extension": st.sampled_from(["", "1"]),
            "kind": st.sampled_from(["work", "home"]),
            "is_primary": st.booleans(),
            "opted_out": st.booleans(),
        }
    ),
    max_size=4,
    unique_by=lambda one: (one["e164"], one["extension"]),
).map(lambda items: in_order("phones", items) or None)
_DOCUMENTS = st.fixed_dictionaries(
    {"display_name": st.sampled_from(["Maria", "Jan"])},
    optional={
        "city": _TEXTS,
        "remarks": _TEXTS,
        "vip_level": st.integers(0, 3),
        "tags": st.lists(st.sampled_from("abc"), unique=True, min_size=1).map(sorted),
        "phones": _PHONES,
        "custom.height": st.integers(0, 9),
    },
).map(lambda one: {name: value for name, value in one.items() if value is not None})
_CHOICES = st.dictionaries(
    st.sampled_from(["display_name", "city", "remarks", "phones", "tags"]),
    st.sampled_from(CHOICES),
)


@given(st.lists(_DOCUMENTS, min_size=1, max_size=6))
def test_a_history_replays_to_the_present_and_rewinds_to_any_state(
    states: list[dict[str, Any]],
) -> None:
    changes = [
        differences(before, after) for before, after in zip([None, *states], states, strict=False)
    ]
    assert replayed(changes) == states[-1]
    for count in range(1, len(states) + 1):
        assert rewound(states[-1], reversed(changes[count:])) == states[count - 1]


@given(_DOCUMENTS, _DOCUMENTS)
def test_a_change_that_nothing_followed_is_undone_exactly(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    change = differences(before, after)
    found = undone(after, change)
    assert found.kept == ()
    assert applied(after, {name: [None, value] for name, value in found.values.items()}) == before
    assert reverted(applied(before, change), change) == before


@given(_DOCUMENTS, _DOCUMENTS, _DOCUMENTS)
def test_an_undo_touches_no_field_that_the_change_did_not(
    before: dict[str, Any], after: dict[str, Any], now: dict[str, Any]
) -> None:
    change = differences(before, after)
    found = undone(now, change)
    assert set(found.values) | set(found.kept) <= set(change)
    again = undone(applied(now, {name: [None, one] for name, one in found.values.items()}), change)
    assert again.values == {}


@given(_DOCUMENTS, _DOCUMENTS, _CHOICES)
def test_joining_and_parting_two_cards_is_identity(
    survivor: dict[str, Any], loser: dict[str, Any], choices: dict[str, Any]
) -> None:
    card = joined(survivor, loser, choices)
    change = differences(survivor, card)
    back = undone(card, change)
    assert back.kept == ()
    values = {name: [None, value] for name, value in back.values.items()}
    assert applied(card, values) == survivor


@given(_DOCUMENTS, _DOCUMENTS)
def test_no_number_of_either_card_is_lost_by_joining(
    survivor: dict[str, Any], loser: dict[str, Any]
) -> None:
    kept = joined(survivor, loser, {}).get("phones", ())
    both = [*survivor.get("phones", ()), *loser.get("phones", ())]
    numbers = [{(one["e164"], one["extension"]) for one in found} for found in (kept, both)]
    assert numbers[0] == numbers[1]
