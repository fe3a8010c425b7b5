"""Use cases of the PBXs' plans: begin one, change it, read it for rendering.

A change is one transaction with its line in the audit (what was, what is; no secret). Whether a
plan holds together is decided by the plan itself: one that does not is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.pbx import people, stored
from callcenter.pbx.kept import KeptPlan, numbers_of
from callcenter.pbx.plan import ManagerSecrets, PbxPlan, new_secret
from callcenter.pbx.render import render
from callcenter.pbx.values import PlanError
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import rights

UowFactory = Callable[[], UnitOfWork]
Edit = Callable[[PbxPlan], PbxPlan]


class Refused(Invalid):
    """The plan would not hold together; `error` says where and why, `code` in one word."""

    def __init__(self, error: PlanError) -> None:
        super().__init__(error.field, str(error))
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What these use cases need. `phone_key`: what browsers' passwords are derived from."""

    unit_of_work: UowFactory
    clock: Clock
    phone_key: str = ""


def begin(door: Door, pbx: str, plan: PbxPlan | None, *, user_id: int | None) -> None:
    """Keep a plan for a PBX that has none: the usual one, or one that was rendered before.

    A name in it by which the CRM would not know its calls is mended.
    """
    with door.unit_of_work() as uow:
        rights.require(uow, user_id, "pbx", "change")
        found = _with_everybody(plan or _usual(door), uow)
        if plan is None or plan.crm_name:
            found = replace(found, crm_name=pbx)
        kept = stored.store(found)
        uow.pbx_plans.add(pbx, kept.plan, user_id, door.clock.now())
        _keep(uow, pbx, found, kept)
        _audit(uow, door, user_id, "pbx_plan_begun", pbx, {"after": _summary(kept.plan)})
        uow.commit()


def change(
    door: Door, pbx: str, version: int, edit: Edit, *, what: str, user_id: int | None
) -> None:
    """`edit` makes the new plan of the old one. Refused where it cannot be; Conflict where
    somebody was faster."""
    with door.unit_of_work() as uow:
        rights.require(uow, user_id, "pbx", "change")
        before = _existing(uow, pbx)
        if before.version != version:
            raise Conflict("", "somebody else changed the plan meanwhile")
        try:
            plan = edit(_restored(uow, before, door.phone_key))
        except PlanError as error:
            raise Refused(error) from error
        kept = stored.store(plan)
        uow.pbx_plans.change(pbx, version, kept.plan, user_id, door.clock.now())
        _keep(uow, pbx, plan, kept)
        detail = {"what": what, **_differences(before.plan, kept.plan)}
        _audit(uow, door, user_id, "pbx_plan_changed", pbx, detail)
        uow.commit()


def read(door: Door, pbx: str) -> tuple[PbxPlan, int]:
    """The plan with its secrets, for rendering, and its version."""
    with door.unit_of_work() as uow:
        kept = _existing(uow, pbx)
        return _restored(uow, kept, door.phone_key), kept.version


def _restored(uow: UnitOfWork, kept: KeptPlan, phone_key: str) -> PbxPlan:
    plan = stored.restore(kept.plan, uow.pbx_plans.secrets(kept.pbx), phone_key)
    return people.joined(plan, people.at_phones(uow.users.with_phones()))


def renew_secret(door: Door, pbx: str, version: int, extension: str, *, user_id: int) -> None:
    """A new password for a desk phone: what signed in with the old one cannot any more."""

    def edit(plan: PbxPlan) -> PbxPlan:
        renewed = tuple(
            replace(one, secret=new_secret()) if one.extension == extension else one
            for one in plan.operators
        )
        return replace(plan, operators=renewed)

    change(door, pbx, version, edit, what=f"password of {extension}", user_id=user_id)


def secret_of(door: Door, pbx: str, extension: str, *, user_id: int) -> tuple[str, str]:
    """(password, mailbox PIN) of a desk phone, for who sets it up. Looking is written down."""
    with door.unit_of_work() as uow:
        rights.require(uow, user_id, "pbx", "change")
        plan = _restored(uow, _existing(uow, pbx), door.phone_key)
        found = next((one for one in plan.operators if one.extension == extension), None)
        if found is None:
            raise NotFound("extension", f"there is no phone {extension}")
        _audit(uow, door, user_id, "pbx_secret_shown", pbx, {"extension": extension})
        uow.commit()
    return found.secret, found.mailbox_pin if found.mailbox else ""


def export(door: Door, pbx: str, *, user_id: int) -> dict[str, str]:
    """The files with all their passwords, for a PBX that others run. It is written down."""
    with door.unit_of_work() as uow:
        rights.require(uow, user_id, "pbx", "change")
        kept = _existing(uow, pbx)
        try:
            files = render(_restored(uow, kept, door.phone_key))
        except PlanError as error:
            raise Refused(error) from error
        _audit(uow, door, user_id, "pbx_plan_exported", pbx, {"version": kept.version})
        uow.commit()
    return files


def config_user(plan: PbxPlan, *, wanted: bool) -> PbxPlan:
    """The plan with or without the manager user that may reload."""
    if wanted == bool(plan.manager.config):
        return plan
    manager = replace(plan.manager, config=new_secret() if wanted else "")
    return replace(plan, manager=manager)


def _usual(door: Door) -> PbxPlan:
    return PbxPlan(phone_key=door.phone_key, manager=ManagerSecrets())


def _with_everybody(plan: PbxPlan, uow: UnitOfWork) -> PbxPlan:
    at_phones = people.at_phones(uow.users.with_phones())
    for user in people.staff(plan, at_phones).missing:
        plan = people.with_operator(plan, user)
    return people.joined(plan, at_phones)


def _existing(uow: UnitOfWork, pbx: str) -> KeptPlan:
    found = uow.pbx_plans.get(pbx)
    if found is None:
        raise NotFound("pbx", f"there is no plan of {pbx}")
    return found


def _keep(uow: UnitOfWork, pbx: str, plan: PbxPlan, kept: stored.Stored) -> None:
    uow.pbx_plans.keep_secrets(pbx, kept.secrets)
    uow.pbx_plans.keep_numbers(pbx, numbers_of(plan))
    known = uow.staffing.queues()
    for queue in plan.queues:
        if queue.name not in known:
            uow.staffing.save_queue(queue.name, {"title": queue.name})


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Of lists only what is new or gone: an audit is read by people."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {
        "before": {name: _only_in(before.get(name), after[name]) for name in changed},
        "after": {name: _only_in(after[name], before.get(name)) for name in changed},
    }


def _only_in(one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list):
        return [item for item in one if item not in other]
    return one


def _summary(plan: Mapping[str, Any]) -> dict[str, int]:
    return {name: len(value) for name, value in plan.items() if isinstance(value, list)}


def _audit(  # noqa: PLR0917 (one row of the audit)
    uow: UnitOfWork,
    door: Door,
    user_id: int | None,
    action: str,
    pbx: str,
    detail: Mapping[str, Any],
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="pbx",
        object_id=pbx,
        at=door.clock.now(),
        detail=detail,
    )
