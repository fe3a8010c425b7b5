"""Use cases around a company's own fields and choices: who may, and what becomes of the values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.fields.definition import Choice, FieldDef, FieldDraft, clean_choices, clean_field
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import history, rights

MOST = 100
"""Of one kind of record: forms and lists stay readable, and so do their queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRoom:
    """What these use cases need."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock


def add_field(draft: FieldDraft, room: FieldRoom, *, user_id: int | None) -> int:
    clean = clean_field(draft)
    with room.unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        if len(uow.fields.defs(clean.object, active=None)) >= MOST:
            raise Conflict("object", f"at most {MOST} fields of one kind of record")
        field_id = uow.fields.add(clean)
        made = [("custom_field", field_id, None)]
        history.record_created(uow, room.clock, made, user_id=user_id)
        _audit(uow, room.clock, user_id, "field_added", field_id)
        uow.commit()
    return field_id


def change_field(field_id: int, draft: FieldDraft, room: FieldRoom, *, user_id: int | None) -> None:
    """Names, choices and flags. Kind and key stay: what is kept under them was written by them."""
    with room.unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        stored = _existing(uow, field_id)
        values = _changes(stored, draft)
        with history.recorded(uow, room.clock, "custom_field", field_id, user_id=user_id):
            uow.fields.change(field_id, values)
        _audit(uow, room.clock, user_id, "field_changed", field_id, changed=sorted(values))
        uow.commit()


def set_active(field_id: int, active: bool, room: FieldRoom, *, user_id: int | None) -> None:
    """Put away or had back; the values stay where they are."""
    with room.unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        stored = _existing(uow, field_id)
        if stored.builtin:
            raise Invalid("active", "this field belongs to every customer")
        with history.recorded(uow, room.clock, "custom_field", field_id, user_id=user_id):
            uow.fields.change(field_id, {"active": active})
        _audit(uow, room.clock, user_id, "field_changed", field_id, changed=["active"])
        uow.commit()


def move_field(field_id: int, step: int, room: FieldRoom, *, user_id: int | None) -> None:
    """One place up (-1) or down (1) among those of its record."""
    with room.unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        stored = _existing(uow, field_id)
        order = [one.id for one in uow.fields.defs(stored.object, active=None)]
        if field_id in order:
            place = order.index(field_id)
            order.insert(max(0, place + step), order.pop(place))
            for position, one in enumerate(order):
                uow.fields.change(one, {"position": position})
        uow.commit()


def _changes(stored: FieldDef, draft: FieldDraft) -> dict[str, Any]:
    if stored.builtin:
        return {"choices": _kept(stored, clean_choices(draft.choices))}
    wanted = FieldDraft(
        object=stored.object,
        key=stored.key,
        label=draft.label,
        labels=draft.labels,
        kind=stored.kind,
        choices=draft.choices,
        currency=stored.currency or draft.currency,
        required=draft.required,
        sensitive=draft.sensitive,
    )
    clean = clean_field(wanted)
    values: dict[str, Any] = {
        "label": clean.label,
        "labels": dict(clean.labels),
        "required": clean.required,
        "sensitive": clean.sensitive,
    }
    if stored.kind == "choice":
        values["choices"] = _kept(stored, clean.choices)
    return values


def _kept(stored: FieldDef, choices: Sequence[Choice]) -> list[Choice]:
    """A choice that goes on existing keeps its words in other languages."""
    known = {one.key: one for one in stored.choices}
    return [
        Choice(
            key=one.key,
            label=one.label,
            labels=one.labels
            or (
                known[one.key].labels
                if one.key in known and known[one.key].label == one.label
                else {}
            ),
        )
        for one in choices
    ]


def _existing(uow: UnitOfWork, field_id: int) -> FieldDef:
    found = uow.fields.get(field_id)
    if found is None:
        raise NotFound("field", f"there is no field {field_id}")
    return found


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    field_id: int,
    *,
    changed: Sequence[str] = (),
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="custom_field",
        object_id=str(field_id),
        at=clock.now(),
        detail={"fields": list(changed)},
    )
