"""A company's own fields, its choices of status and segment, and its tags, for forms and lists."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from callcenter.customers.tags import Tag
from callcenter.fields.definition import FIELD_OBJECTS, FieldDef, FieldObject, Value
from callcenter.store import field_rows
from callcenter.store.tables import custom_values, customer_tags, tags

_MOST_TAGS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    """A tag, and how many customers have it."""

    id: int
    name: str
    tone: str
    customers: int


def defs(
    connection: Connection, of: FieldObject, *, active: bool | None = True
) -> tuple[FieldDef, ...]:
    """The company's own; `active` of None: those put away as well."""
    return field_rows.defs(connection, of, active=active)


def choices(connection: Connection, of: FieldObject = "customer") -> dict[str, FieldDef]:
    """The built-in lists of choices by key: `status`, `segment`."""
    return {one.key: one for one in field_rows.defs(connection, of, active=None, builtin=True)}


def get(connection: Connection, field_id: int) -> FieldDef | None:
    return field_rows.one(connection, field_id)


def values(connection: Connection, of: FieldObject, ids: list[int]) -> dict[int, dict[str, Value]]:
    return field_rows.values(connection, defs(connection, of), ids)


def used(connection: Connection, field_id: int) -> int:
    """How many records have a value in this field."""
    query = select(func.count()).where(custom_values.c.field_id == field_id)
    return int(connection.scalar(query) or 0)


def all_tags(connection: Connection) -> tuple[Tag, ...]:
    query = select(tags.c.id, tags.c.name, tags.c.tone).order_by(tags.c.tag_key).limit(_MOST_TAGS)
    return tuple(Tag(**row._mapping) for row in connection.execute(query))


def tag_counts(connection: Connection) -> tuple[TagCount, ...]:
    had = (
        select(func.count())
        .where(customer_tags.c.tag_id == tags.c.id)
        .correlate(tags)
        .scalar_subquery()
    )
    query = (
        select(tags.c.id, tags.c.name, tags.c.tone, had.label("customers"))
        .order_by(tags.c.tag_key)
        .limit(_MOST_TAGS)
    )
    return tuple(TagCount(**row._mapping) for row in connection.execute(query))


def every(connection: Connection) -> tuple[FieldDef, ...]:
    """Own and built-in ones of every kind of record."""
    found = [
        one
        for of in FIELD_OBJECTS
        for one in field_rows.defs(connection, of, active=None, builtin=None)
    ]
    return tuple(found)
