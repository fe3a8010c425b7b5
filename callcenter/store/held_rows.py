"""Finds the value that a reference stands for, whoever may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Column, Connection, Select, Table, func, select

from callcenter.fields.values import Columns, from_columns
from callcenter.rights.objects import Object
from callcenter.rights.reference import Held, Reference
from callcenter.store import field_rows
from callcenter.store.tables import (
    callback_requests,
    contact_points,
    custom_values,
    interactions,
    missed_calls,
    organizations,
    phone_numbers,
    tasks,
    voicemails,
)


def held(connection: Connection, reference: Reference) -> Held | None:
    return _FINDERS[reference.kind](connection, reference)


def _phone(connection: Connection, reference: Reference) -> Held | None:
    table = phone_numbers.c
    query = select(table.customer_id, table.e164).where(table.id == reference.id)
    return _customer(connection, query, "phones")


def _nth_phone(connection: Connection, reference: Reference) -> Held | None:
    table = phone_numbers.c
    query = (
        select(table.customer_id, table.e164)
        .where(table.customer_id == reference.id)
        .order_by(table.is_primary.desc(), table.id)
        .offset(min(reference.part, 100))
        .limit(1)
    )
    return _customer(connection, query, "phones")


def _customer(connection: Connection, query: Select[Any], field: str) -> Held | None:
    row = connection.execute(query).one_or_none()
    return Held("customer", row[0], field, row[1]) if row is not None else None


def _contact(connection: Connection, reference: Reference) -> Held | None:
    table = contact_points.c
    query = select(table.customer_id, table.value, table.kind).where(table.id == reference.id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    field = "emails" if row.kind == "email" else "messengers"
    return Held("customer", row.customer_id, field, row.value)


def _tax_id(connection: Connection, reference: Reference) -> Held | None:
    table = organizations.c
    value = connection.scalar(select(table.tax_id).where(table.id == reference.id))
    return Held("organization", reference.id, "tax_id", value) if value else None


def _number_of(thing: Object, key: Column[int], *numbers: Column[str]) -> Any:
    def find(connection: Connection, reference: Reference) -> Held | None:
        filled = [func.nullif(number, "") for number in numbers]
        number = func.coalesce(*filled) if len(filled) > 1 else filled[0]
        value = connection.scalar(select(number).where(key == reference.id))
        return Held(thing, reference.id, "number", value) if value else None

    return find


def _of_contact(table: Table) -> Callable[[Connection, Reference], Held | None]:
    """The number of whoever called there: shown as that contact's."""

    def find(connection: Connection, reference: Reference) -> Held | None:
        query = select(table.c.number, table.c.interaction_id).where(table.c.id == reference.id)
        row = connection.execute(query).one_or_none()
        if row is None or row.interaction_id is None:
            return None
        return Held("interaction", row.interaction_id, "number", row.number)

    return find


def _custom(connection: Connection, reference: Reference) -> Held | None:
    field = field_rows.one(connection, reference.id)
    table = custom_values.c
    row = connection.execute(
        select(table.text, table.number, table.day).where(
            table.field_id == reference.id, table.object_id == reference.part
        )
    ).one_or_none()
    if field is None or row is None:
        return None
    value = from_columns(field, Columns(text=row.text, number=row.number, day=row.day))
    thing = cast("Object", field.object)
    return Held(thing, reference.part, f"custom:{field.key}", str(value), field.sensitive)


_FINDERS: dict[str, Callable[[Connection, Reference], Held | None]] = {
    "phone": _phone,
    "customer": _nth_phone,
    "contact": _contact,
    "tax_id": _tax_id,
    "interaction": _number_of(
        "interaction", interactions.c.id, interactions.c.number, interactions.c.number_raw
    ),
    "missed": _of_contact(missed_calls),
    "callback": _of_contact(callback_requests),
    "voicemail": _of_contact(voicemails),
    "task": _number_of("task", tasks.c.id, tasks.c.number),
    "custom": _custom,
}
