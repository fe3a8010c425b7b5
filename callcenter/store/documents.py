"""Reads records whole, as documents (`callcenter/history`), and writes them back field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import JSON, Column, Connection, Date, Table, delete, select, update
from sqlalchemy.types import TypeEngine

from callcenter.history.change import DELETED
from callcenter.history.document import in_order
from callcenter.store.record_kinds import KINDS, Kind, Part
from callcenter.store.repositories.base import chunks, insert
from callcenter.store.sets import among
from callcenter.store.tables import customer_tags, metadata, tags
from callcenter.store.tables.about import custom_fields, custom_values
from callcenter.store.types import UtcDateTime

Documents = dict[str, dict[str, Any]]
CUSTOM: Final = "custom."
_DIGITS: Final = 18


def read(connection: Connection, object_type: str, ids: Sequence[str]) -> Documents:
    """Id → document, for those that exist. Any number of ids is a fixed number of statements."""
    kind = KINDS[object_type]
    found: Documents = {}
    keys = {key for one in ids if (key := _key(kind, one)) is not None}
    for some in chunks(sorted(keys)):
        found |= _read(connection, object_type, kind, some)
    return found


def of_new(
    object_type: str,
    rows: Iterable[Mapping[str, Any]],
    parts: Mapping[str, Iterable[Mapping[str, Any]]],
) -> Documents:
    """What `read` would find of records just made: their rows, and those of what they have.

    Rows hold nothing but what JSON has as well. Tags and fields of a company's own are for the
    caller to add.
    """
    kind = KINDS[object_type]
    empty = {str(c.name): _stored(c, None) for c in kind.columns()}
    needed = {name: one for name, one in empty.items() if one is not None}
    shown = [*empty]
    found: Documents = {}
    for row in rows:
        said = {name: row[name] for name in shown if row.get(name) is not None}
        found[str(row[kind.key.name])] = needed | said
    for part in kind.parts:
        if items := parts.get(part.table):
            _add_items(part, items, found)
    return found


def _add_items(part: Part, items: Iterable[Mapping[str, Any]], found: Documents) -> None:
    empty = {str(column.name): _stored(column, None) for column in part.columns()}
    several: dict[str, dict[str, Any]] = {}
    for item in items:
        key = str(item[part.owner])
        items_ = found[key].setdefault(part.name, [])
        items_.append({name: item.get(name, one) for name, one in empty.items()})
        if len(items_) > 1:
            several[key] = found[key]
    _put_in_order(part.name, several)


def write(
    connection: Connection,
    object_type: str,
    object_id: str,
    values: Mapping[str, Any],
    at: datetime,
) -> None:
    """Sets the fields named. A record that is not there any more is made again, with its id."""
    kind, key = KINDS[object_type], _key(KINDS[object_type], object_id)
    _write_columns(connection, kind, key, values, at)
    for part in kind.parts:
        if part.name in values:
            _write_part(connection, part, key, values[part.name] or [], at)
    if kind.tagged and "tags" in values:
        _write_tags(connection, key, values["tags"] or [])
    if kind.custom:
        _write_custom(connection, object_type, key, values)


def delete_row(connection: Connection, object_type: str, object_id: str) -> None:
    """For kinds that nothing can put aside. What else they have must be gone, or go with them."""
    kind = KINDS[object_type]
    key = _key(kind, object_id)
    connection.execute(delete(metadata.tables[kind.table]).where(kind.key == key))


def _key(kind: Kind, object_id: str) -> Any:
    """None: no record of this kind can have such an id."""
    if kind.key.type.python_type is not int:
        return object_id
    return int(object_id) if object_id.isdecimal() and len(object_id) <= _DIGITS else None


# --- reading --------------------------------------------------------------------------------------


def _read(connection: Connection, object_type: str, kind: Kind, keys: Sequence[Any]) -> Documents:
    columns = kind.columns()
    table = metadata.tables[kind.table]
    gone = [table.c.deleted_at] if "deleted_at" in table.c else []
    query = select(kind.key, *columns, *gone).where(among(connection, kind.key, keys))
    found: Documents = {}
    for row in connection.execute(query):
        values = {column.name: told(getattr(row, column.name)) for column in columns}
        values[DELETED] = True if gone and row.deleted_at is not None else None
        found[str(row[0])] = {name: one for name, one in values.items() if one is not None}
    for part in kind.parts:
        _read_part(connection, part, keys, found)
    if kind.tagged:
        _read_tags(connection, keys, found)
    if kind.custom:
        _read_custom(connection, object_type, keys, found)
    return found


def _read_part(connection: Connection, part: Part, keys: Sequence[Any], found: Documents) -> None:
    table, columns = metadata.tables[part.table], part.columns()
    owner = table.c[part.owner]
    query = select(owner.label("owner_"), *columns).where(among(connection, owner, keys))
    for row in connection.execute(query):
        item = {column.name: told(getattr(row, column.name)) for column in columns}
        found[str(row.owner_)].setdefault(part.name, []).append(item)
    _put_in_order(part.name, found)


def _read_tags(connection: Connection, keys: Sequence[Any], found: Documents) -> None:
    query = (
        select(customer_tags.c.customer_id, tags.c.name)
        .join(tags)
        .where(among(connection, customer_tags.c.customer_id, keys))
    )
    for customer_id, name in connection.execute(query):
        found[str(customer_id)].setdefault("tags", []).append(name)
    _put_in_order("tags", found)


def _put_in_order(field: str, found: Documents) -> None:
    for document in found.values():
        if field in document:
            document[field] = in_order(field, document[field])


def _read_custom(
    connection: Connection, object_type: str, keys: Sequence[Any], found: Documents
) -> None:
    query = (
        select(custom_values, custom_fields.c.key)
        .join(custom_fields)
        .where(
            custom_fields.c.object == object_type,
            among(connection, custom_values.c.object_id, keys),
        )
    )
    for row in connection.execute(query):
        value = next((one for one in (row.number, row.day) if one is not None), row.text)
        document = found.get(str(row.object_id))
        if document is not None:
            document[f"{CUSTOM}{row.key}"] = told(value)


def told(value: Any) -> Any:
    """As JSON says it; a moment as UTC, whatever zone it was read in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


# --- writing --------------------------------------------------------------------------------------


def _write_columns(
    connection: Connection, kind: Kind, key: Any, values: Mapping[str, Any], at: datetime
) -> None:
    table = metadata.tables[kind.table]
    row = {
        column.name: _stored(column, values[column.name])
        for column in kind.columns()
        if column.name in values
    }
    row |= kind.derived(row)
    if "deleted_at" in table.c and DELETED in values:
        row["deleted_at"] = at if values[DELETED] else None
    there = connection.scalar(select(kind.key).where(kind.key == key)) is not None
    row |= _bookkeeping(table, at, there=there)
    if there:
        connection.execute(update(table).where(kind.key == key).values(row))
    else:
        connection.execute(table.insert().values({kind.key.name: key, **row}))


def _bookkeeping(table: Table, at: datetime, *, there: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"updated_at": at} if "updated_at" in table.c else {}
    if not there:
        return row | ({"created_at": at} if "created_at" in table.c else {})
    return row | ({"version": table.c.version + 1} if "version" in table.c else {})


def _stored(column: Column[Any], value: Any) -> Any:
    """What a field that is not there (None) means for a column that must have a value."""
    if value is None and not column.nullable:
        return _empty(column.type)
    if isinstance(value, str) and isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value


def _empty(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, JSON):
        return {}
    return {str: "", int: 0, bool: False, float: 0.0}.get(kind.python_type)


def _write_part(
    connection: Connection, part: Part, key: Any, items: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Rows that stay as they are keep their ids."""
    table, columns = metadata.tables[part.table], part.columns()
    owner = table.c[part.owner]
    wanted = [{c.name: _stored(c, item.get(c.name)) for c in columns} for item in items]
    identity = list(table.primary_key.columns)
    for row in connection.execute(select(*identity, *columns).where(owner == key)).all():
        values = {column.name: getattr(row, column.name) for column in columns}
        if values in wanted:
            wanted.remove(values)
        else:
            theirs = [column == getattr(row, column.name) for column in identity]
            connection.execute(delete(table).where(*theirs))
    stamp = {"created_at": at} if "created_at" in table.c else {}
    rows = [{part.owner: key, **item, **part.derived(item), **stamp} for item in wanted]
    if rows:
        connection.execute(table.insert(), rows)


def _write_tags(connection: Connection, key: int, names: Sequence[str]) -> None:
    """A tag that is no more comes back on nobody."""
    connection.execute(delete(customer_tags).where(customer_tags.c.customer_id == key))
    found = connection.scalars(select(tags.c.id).where(tags.c.name.in_(list(names)))).all()
    if found:
        rows = [{"customer_id": key, "tag_id": tag_id} for tag_id in sorted(set(found))]
        connection.execute(customer_tags.insert(), rows)


def _write_custom(
    connection: Connection, object_type: str, key: Any, values: Mapping[str, Any]
) -> None:
    named = {name.removeprefix(CUSTOM): one for name, one in values.items() if name[:7] == CUSTOM}
    if not named:
        return
    query = select(custom_fields.c.id, custom_fields.c.key, custom_fields.c.kind).where(
        custom_fields.c.object == object_type, custom_fields.c.key.in_(list(named))
    )
    for field_id, name, kind in connection.execute(query).all():
        theirs = (custom_values.c.object_id == key, custom_values.c.field_id == field_id)
        connection.execute(delete(custom_values).where(*theirs))
        if named[name] is not None:
            row = _custom_row(kind, named[name]) | {"object_id": key, "field_id": field_id}
            connection.execute(insert(connection, custom_values).values(row))


def _custom_row(kind: str, value: Any) -> dict[str, Any]:
    if kind in {"number", "money"}:
        return {"text": "", "number": int(value), "day": None}
    if kind == "date":
        return {"text": "", "number": None, "day": date.fromisoformat(str(value))}
    return {"text": str(value), "number": None, "day": None}
