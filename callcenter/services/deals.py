"""Use cases of deals: begin one, say its next step and stage, end it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.sales.deal import Deal, DealDraft, checked
from callcenter.services import history, rights

UowFactory = Callable[[], UnitOfWork]


def create_deal(draft: DealDraft, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    """A new deal of a customer. Returns its id."""
    with unit_of_work() as uow:
        rights.require(uow, user_id, "deal", "create")
        if not rights.sees(uow, user_id, "customer", draft.customer_id):
            raise Invalid("customer_id", f"there is no customer {draft.customer_id}")
        deal_id = add_deal(uow, draft, user_id=user_id, clock=clock)
        uow.commit()
    return deal_id


def update_deal(
    deal_id: int,
    changes: Mapping[str, Any],
    *,
    version: int,
    user_id: int,
    unit_of_work: UowFactory,
    clock: Clock,
) -> int:
    """Change what is named. Conflict if the deal is not at `version` any more. The new version."""
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "deal", "change", deal_id)
        deal = uow.deals.get(deal_id)
        if deal is None:
            raise NotFound("deal", f"there is no deal {deal_id}")
        if deal.version != version:
            raise Conflict("version", "somebody else changed this deal meanwhile; look again")
        new_version = change_deal(uow, deal, changes, user_id=user_id, clock=clock)
        uow.commit()
    return new_version


def add_deal(uow: UnitOfWork, draft: DealDraft, *, user_id: int | None, clock: Clock) -> int:
    """Inside the caller's transaction."""
    values = asdict(draft)
    customer_id = values.pop("customer_id")
    clean = checked(values)
    clean.pop("loss_reason")
    if uow.customers.get(customer_id) is None:
        raise Invalid("customer_id", f"there is no customer {customer_id}")
    _check_owner(uow, clean)
    deal_id = uow.deals.add(DealDraft(customer_id=customer_id, **clean), clock.now())
    history.record_created(uow, clock, [("deal", deal_id, None)], user_id=user_id)
    _audit(uow, clock, user_id, "deal_created", deal_id)
    return deal_id


def change_deal(
    uow: UnitOfWork, deal: Deal, changes: Mapping[str, Any], *, user_id: int, clock: Clock
) -> int:
    """Inside the caller's transaction. The new version."""
    clean = checked(changes, deal)
    _check_owner(uow, clean)
    with history.recorded(uow, clock, "deal", deal.id, user_id=user_id):
        version = uow.deals.update(deal.id, clean, version=deal.version, at=clock.now())
    _audit(uow, clock, user_id, "deal_changed", deal.id, changed=sorted(changes))
    return version


def _check_owner(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    owner_id = values.get("owner_id")
    if owner_id is not None and uow.users.get(owner_id) is None:
        raise Invalid("owner_id", f"there is no user {owner_id}")


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    deal_id: int,
    *,
    changed: list[str] | None = None,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="deal",
        object_id=str(deal_id),
        at=clock.now(),
        detail={"fields": changed} if changed else {},
    )
