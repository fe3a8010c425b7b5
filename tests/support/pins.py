"""Callers who key in a customer number and a PIN, some of them to guess."""

from __future__ import annotations

from callcenter.services import identification, pin_guard
from tests.support.store import Store

MOST = 6
"""Wrong PINs at which strangers are not asked any more."""
OWN, STRANGE = "+48600000001", "+48700000001"


def quick(monkeypatch, is_right=lambda pin, kept: kept == f"h{pin}"):
    """Hashing takes long by design; what is tried here is the counting."""
    monkeypatch.setattr(identification, "hash_password", lambda pin: f"h{pin}")
    monkeypatch.setattr(identification, "is_right", is_right)


def give_pin(store: Store, customer_id: int, pin: str, user_id: int) -> None:
    identification.set_pin(
        customer_id, pin, user_id=user_id, unit_of_work=store.unit_of_work, clock=store.clock
    )


def keys(store: Store, customer_id: int, pin: str, caller: str = OWN) -> int | None:
    return answer(store, customer_id, pin, caller).customer_id


def answer(store: Store, customer_id: int, pin: str, caller: str = OWN) -> identification.Answer:
    return identification.identify(
        str(customer_id),
        pin,
        caller=caller,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        publisher=store.publisher,
        most_failures=MOST,
    )


def is_halted(store: Store, caller: str = "") -> bool:
    return pin_guard.halted(
        caller=caller,
        most=MOST,
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        publisher=store.publisher,
    )


def lift(store: Store, user_id: int | None):
    return pin_guard.lift(
        user_id=user_id, most=MOST, unit_of_work=store.unit_of_work, clock=store.clock
    )


def spray(store: Store, tries: int) -> None:
    """One try at each of many customers, from as many numbers."""
    for number in range(tries):
        assert keys(store, 1000 + number, "1111", f"+4860000{number:04}") is None


def wrong_pins(store: Store, numbers) -> None:
    """Nobody in particular was tried to be, from each of these numbers."""
    with store.unit_of_work() as uow:
        for number in numbers:
            uow.pins.note(number, None, ok=False, at=store.clock.now())
        uow.commit()
