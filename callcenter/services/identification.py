"""Who is calling, by customer number and PIN: the number a call comes from proves nothing.

Whatever is wrong (no such customer, no PIN, a wrong one, too many tries, a lock), the answer is the
same and costs the same time, so that nobody learns by it which customers there are.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypedDict

from callcenter.accounts.passwords import hash_password, is_right
from callcenter.errors import Invalid, NotFound
from callcenter.menus.guessing import is_asked
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.menus import CallerPin
from callcenter.services import pin_guard, rights

UowFactory = Callable[[], UnitOfWork]


class Who(TypedDict):
    """What every use case of a colleague needs here."""

    user_id: int
    unit_of_work: UowFactory
    clock: Clock


SHORTEST: Final = 4
LONGEST: Final = 8
TRIES: Final = 5
"""Wrong PINs of one customer until it is locked; each further lock is longer."""
LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(days=1)
FROM_NUMBER: Final = 10
"""Failures from one number within an hour, whomever it tries to be."""
_EASY: Final = frozenset({"1234", "4321", "12345", "123456", "1234567", "12345678", "654321"})


@dataclass(frozen=True, slots=True)
class Answer:
    customer_id: int | None
    """None: whoever it is, they did not prove it."""
    halted: bool = False
    """Nor are they to be asked again now."""


def identify(
    customer_number: str,
    pin: str,
    *,
    caller: str,
    unit_of_work: UowFactory,
    clock: Clock,
    publisher: Publisher,
    most_failures: int = pin_guard.MOST_FAILURES,
) -> Answer:
    """`caller`: the number the call comes from ('' for a hidden one); `most_failures`: of all
    callers within an hour, beyond which no stranger is let in.

    The limits are asked once, when this try is about to be counted: what others did while this one
    keyed and was hashed counts against it. Tries at one customer wait for each other there."""
    now = clock.now()
    with unit_of_work() as uow:
        customer_id = uow.pins.customer_of(customer_number)
        stored = uow.pins.of(customer_id) if customer_id is not None else None
    usable = stored is not None and not _locked(stored, clock)
    # The hashing takes long: no transaction is open meanwhile, and it is done in every case.
    right = is_right(pin, stored.digest if stored is not None and usable else None)
    with unit_of_work() as uow:
        after = uow.pins.of_one_who_tries(stored.customer_id) if stored and usable else None
        tries = uow.pins.tries(caller, customer_id, now)
        limited = tries.from_caller >= FROM_NUMBER or not is_asked(tries, most_failures)
        counts = after is not None and not limited and not _locked(after, clock)
        right = right and counts
        uow.pins.note(caller, customer_id, ok=right, at=now)
        if after is not None and right:
            uow.pins.failed(after.customer_id, 0, None)
        elif after is not None and counts:
            _count(uow, after, clock)
        failures = tries.failures + (not right)
        news = pin_guard.note(uow, tries, failures, most_failures, clock)
        uow.commit()
    pin_guard.TRIES.labels("known" if right else "refused").inc()
    publisher.publish(news)
    return Answer(customer_id if right else None, halted=not right and failures >= most_failures)


def set_pin(
    customer_id: int, pin: str | None, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> str:
    """The new PIN, made here if none is given: shown once, and kept only as a hash."""
    chosen = _checked(pin) if pin else _made()
    digest = hash_password(chosen)
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "change", customer_id)
        uow.pins.set(customer_id, digest, user_id=user_id, at=clock.now())
        _audit(uow, clock, user_id, customer_id, "caller_pin_set")
        uow.commit()
    return chosen


def remove_pin(customer_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "change", customer_id)
        if uow.pins.of(customer_id) is None:
            raise NotFound("pin", "this customer has no PIN")
        uow.pins.remove(customer_id)
        _audit(uow, clock, user_id, customer_id, "caller_pin_removed")
        uow.commit()


def unlock_pin(customer_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "change", customer_id)
        uow.pins.failed(customer_id, 0, None)
        _audit(uow, clock, user_id, customer_id, "caller_pin_unlocked")
        uow.commit()


def _locked(stored: CallerPin, clock: Clock) -> bool:
    return stored.locked_until is not None and stored.locked_until > clock.now()


def _count(uow: UnitOfWork, stored: CallerPin, clock: Clock) -> None:
    failed = stored.failed + 1
    rounds, rest = divmod(failed, TRIES)
    until = None
    if rest == 0:
        until = clock.now() + min(LOCK * 2 ** min(rounds - 1, 10), LONGEST_LOCK)
    uow.pins.failed(stored.customer_id, failed, until or stored.locked_until)


def _checked(pin: str) -> str:
    if not pin.isascii() or not pin.isdecimal() or not SHORTEST <= len(pin) <= LONGEST:
        raise Invalid("pin", f"must have {SHORTEST} to {LONGEST} digits")
    if _is_easy(pin):
        raise Invalid("pin", "is too easy to guess")
    return pin


def _is_easy(pin: str) -> bool:
    return pin in _EASY or len(set(pin)) < 2


def _made() -> str:
    while True:
        pin = f"{secrets.randbelow(10**6):06d}"
        if not _is_easy(pin):
            return pin


def _audit(uow: UnitOfWork, clock: Clock, user_id: int, customer_id: int, action: str) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="customer",
        object_id=str(customer_id),
        at=clock.now(),
        detail={},
    )
