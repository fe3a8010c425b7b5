"""On a real database: joining any two cards and parting them leaves every table as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.duplicates.joining import CHOICES
from callcenter.services import figures, history
from tests.contracts.test_merging import everything, merge, unmerge
from tests.support.store import NOW, Store

_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from(["Kraków", "Łódź"]),
        "remarks": st.sampled_from(["VIP", "Calls late"]),
        "vip_level": st.integers(0, 3),
        "blocked": st.booleans(),
        "contact_points": st.lists(
            st.sampled_from(["a@example.pl", "b@example.pl", "c@example.pl"]), unique=True
        ),
        "addresses": st.lists(st.sampled_from(["Długa 1", "Krótka 2"]), unique=True),
    },
)
_NUMBERS = st.lists(st.sampled_from(["+48221", "+48222", "+48223"]), unique=True, max_size=3)
_CHOICES = st.dictionaries(
    st.sampled_from(["display_name", "city", "remarks", "phones", "contact_points", "addresses"]),
    st.sampled_from(CHOICES),
)


def card(store: Store, name: str, numbers: list[str], values: dict[str, Any]) -> int:
    customer_id = store.add_customer(name, *numbers)
    points = [
        {
            "kind": "email",
            "value": one,
            "value_key": one,
            "label": "other",
            "is_primary": False,
            "invalid": False,
            "opted_out": False,
        }
        for one in values.get("contact_points", ())
    ]
    places = [
        {"kind": "home", "street": one, "is_primary": False} for one in values.get("addresses", ())
    ]
    with store.unit_of_work() as uow:
        given_values = {**values, "contact_points": points, "addresses": places}
        uow.history.write("customer", customer_id, given_values, NOW)
        uow.commit()
    return customer_id


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(_NUMBERS, _VALUES), st.tuples(_NUMBERS, _VALUES), _CHOICES)
def test_joining_and_parting_is_identity(
    store: Store,
    one: tuple[list[str], dict[str, Any]],
    other: tuple[list[str], dict[str, Any]],
    choices: dict[str, str],
) -> None:
    survivor = card(store, "Maria Kowalska", *one)
    loser = card(store, "Marija Kowalska", *other)
    mine, theirs = one[0], other[0]
    with store.unit_of_work() as uow:
        uow.merges.touch([survivor, loser])
        figures.refresh(uow, store.clock, [survivor, loser], contacts=True)
        uow.commit()
    before = everything(store)

    merge_id = merge(store, survivor, loser, **choices)
    with store.unit_of_work() as uow:
        joined = history.document(uow, "customer", survivor)
    found = unmerge(store, merge_id)

    assert found.stayed == ()
    assert everything(store) == before
    kept = {one["e164"] for one in joined.get("phones", ())}
    assert kept <= {*mine, *theirs}
    assert choices.get("phones", "both") != "both" or kept == {*mine, *theirs}
