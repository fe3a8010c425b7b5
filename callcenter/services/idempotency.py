"""Use cases around an idempotency key: a request sent twice is done once.

A key is claimed in a transaction of its own before the work, and gets the answer after it. Should
the process die in between, the key stays claimed: the repeat is told so (Conflict) instead of
doing the work a second time behind somebody's back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from callcenter.accounts.idempotency import Done, Started
from callcenter.errors import Conflict, Invalid
from callcenter.ports import Clock, UnitOfWork

FIELD = "Idempotency-Key"
KEPT = timedelta(hours=24)


def claim_key(
    unit_of_work: Callable[[], UnitOfWork], clock: Clock, user_id: int, key: str, fingerprint: str
) -> Done | None:
    """None when the work is to be done now; else the answer that it had."""
    with unit_of_work() as uow:
        uow.idempotency.forget_before(clock.now() - KEPT)
        before = uow.idempotency.start(user_id, key, fingerprint, clock.now())
        uow.commit()
    if before is None:
        return None
    if before.fingerprint != fingerprint:
        raise Invalid(FIELD, "was used for another request; take a new key for each new one")
    if isinstance(before, Started):
        raise Conflict(FIELD, "that request is still under way, or broke off: look what it did")
    return before


def keep_answer(
    unit_of_work: Callable[[], UnitOfWork], user_id: int, key: str, status: int, body: str
) -> None:
    with unit_of_work() as uow:
        uow.idempotency.finish(user_id, key, status, body)
        uow.commit()


def release_key(unit_of_work: Callable[[], UnitOfWork], user_id: int, key: str) -> None:
    """The work was refused and changed nothing: the same key may try again."""
    with unit_of_work() as uow:
        uow.idempotency.forget(user_id, key)
        uow.commit()
