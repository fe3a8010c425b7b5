"""Several calls that try to be one customer at once, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from callcenter.services import identification


@pytest.fixture
def anna(store, monkeypatch):
    """A customer whose PIN is 2580. Hashing takes long by design; here it takes no time."""
    monkeypatch.setattr(identification, "hash_password", lambda pin: f"h{pin}")
    customer_id, user = store.add_customer("Anna"), store.add_user()
    identification.set_pin(
        customer_id, "2580", user_id=user, unit_of_work=store.unit_of_work, clock=store.clock
    )
    return customer_id


def keys(store, customer_id, pin, caller="+48600000001"):
    return identification.identify(
        str(customer_id),
        pin,
        caller=caller,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
    )


def test_a_lock_holds_for_tries_that_were_under_way_when_it_came(store, anna, monkeypatch):

    def slow(pin, kept):
        if pin == "2580":  # while this one is hashed, others have had all the tries there are
            for call in range(identification.TRIES):
                keys(store, anna, "1111", f"+4860000001{call}")
        return kept == f"h{pin}"

    monkeypatch.setattr(identification, "is_right", slow)
    assert keys(store, anna, "2580") is None


def test_tries_at_once_are_counted_one_by_one(store, anna, monkeypatch):
    calls = 4
    together = Barrier(calls)

    def wrong(_pin, _kept):
        together.wait(20)
        return False

    monkeypatch.setattr(identification, "is_right", wrong)
    with ThreadPoolExecutor(calls) as pool:
        list(pool.map(lambda _: keys(store, anna, "1111"), range(calls)))
    with store.unit_of_work() as uow:
        assert uow.pins.of(anna).failed == calls
