"""Brings back what a record was: one field, the whole of it at a moment, or a deleted one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.history.change import DELETED, Change
from callcenter.history.document import differences, reverted, rewound
from callcenter.history.seen import CUSTOM, thing_of, writes_whole
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import history
from callcenter.services.rights import require, require_record

UowFactory = Callable[[], UnitOfWork]

_OWNED = frozenset({"customer", "organization", "deal", "task"})
_WORKED_OUT = frozenset({"merged_into"})
"""What restoring never sets: it would make one person of two, or two of one, by half."""


def state_before(uow: UnitOfWork, change: Change) -> dict[str, Any]:
    """The record as it was before that change; empty when that change made it."""
    present = uow.history.documents(change.object_type, [change.object_id])
    later = uow.history.since(change.object_type, change.object_id, change.id)
    found = rewound(present.get(change.object_id, {}), [one.fields for one in later])
    return reverted(found, change.fields)


def restore_field(
    change_id: int, field: str, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> None:
    """The field has the value again that it had before that change."""
    with unit_of_work() as uow:
        change = _change(uow, change_id)
        check_may(uow, user_id, change.object_type, change.object_id, [field])
        if field not in change.fields:
            raise Invalid("field", "did not change then")
        _set(uow, clock, change, {field: change.fields[field][0]}, user_id)
        uow.commit()


def restore_state(change_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> None:
    """The whole record is again what it was before that change."""
    with unit_of_work() as uow:
        change = _change(uow, change_id)
        if change.action == "create":
            raise Invalid("change", "there was nothing before this")
        wanted = state_before(uow, change)
        present = uow.history.documents(change.object_type, [change.object_id])
        now = present.get(change.object_id, {})
        values = {name: pair[1] for name, pair in differences(now, wanted).items()}
        check_may(uow, user_id, change.object_type, change.object_id, values)
        _set(uow, clock, change, values, user_id)
        uow.commit()


def restore_deleted(
    object_type: str, object_id: str, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> None:
    """A deleted record is there again as it was."""
    with unit_of_work() as uow:
        check_may(uow, user_id, object_type, object_id, ())
        present = uow.history.documents(object_type, [object_id]).get(object_id)
        if present is not None and not present.get(DELETED):
            raise Conflict("", "this is not deleted")
        if present is not None and present.get("merged_into"):
            raise Conflict("", "this was joined with another; take that back instead")
        values = (
            {DELETED: None} if present is not None else _last_state(uow, object_type, object_id)
        )
        with history.recorded(
            uow, clock, object_type, object_id, user_id=user_id, action="restore"
        ):
            uow.history.write(object_type, object_id, values, clock.now())
        uow.commit()


def check_may(
    uow: UnitOfWork, user_id: int | None, object_type: str, object_id: str, fields: Iterable[str]
) -> None:
    """Restoring asks for the right over history, over the record, and over each field of it."""
    viewer = require(uow, user_id, "history", "change")
    thing = thing_of(object_type)
    if object_type in _OWNED and object_id.isdecimal():
        require_record(uow, user_id, thing, "change", int(object_id))
    else:
        require(uow, user_id, thing, "change")
    names = history.sensitive_names(uow, object_type)
    secret = {name.removeprefix(CUSTOM) for name in names}
    for name in fields:
        if not writes_whole(viewer, object_type, name, secret):
            raise Forbidden(name, "your role does not allow to change this")


def _last_state(uow: UnitOfWork, object_type: str, object_id: str) -> dict[str, Any]:
    """Of a record that nothing is left of: what its last change took away."""
    changes = uow.history.since(object_type, object_id, 0)
    if not changes or changes[0].action != "delete" or not changes[0].fields:
        raise NotFound(object_type, f"there is no {object_type} {object_id}")
    return reverted({}, changes[0].fields)


def _change(uow: UnitOfWork, change_id: int) -> Change:
    change = uow.history.change(change_id)
    if change is None:
        raise NotFound("change", f"there is no change {change_id}")
    if not uow.history.keeps(change.object_type):
        raise Invalid("change", "this kind of record cannot be restored")
    return change


def _set(
    uow: UnitOfWork, clock: Clock, change: Change, values: dict[str, Any], user_id: int
) -> None:
    values = {name: one for name, one in values.items() if name not in _WORKED_OUT}
    with history.recorded(
        uow, clock, change.object_type, change.object_id, user_id=user_id, action="restore"
    ):
        uow.history.write(change.object_type, change.object_id, values, clock.now())
