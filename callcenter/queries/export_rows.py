"""The rows of an export, read page by page as far as its reader's rights reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, select

from callcenter.errors import Invalid
from callcenter.exports.cells import Names, Sheet, money
from callcenter.imports.kinds import KINDS, Kind, with_own_fields
from callcenter.queries import fields as field_queries
from callcenter.queries import segments as segment_queries
from callcenter.queries.segment_sql import conditions
from callcenter.queries.visibility import customers_seen_by, organizations_seen_by
from callcenter.rights.objects import Object
from callcenter.rights.viewer import Viewer
from callcenter.segments.tree import EVERYBODY, Group
from callcenter.store import documents
from callcenter.store.repositories.imported import ImportedRepository
from callcenter.store.sets import among
from callcenter.store.tables import (
    customers,
    invoices,
    orders,
    organizations,
    payments,
    users,
    visits,
)

_PAGE: Final = 500
_TABLES: Final[Mapping[str, Table]] = {
    "invoices": invoices,
    "payments": payments,
    "orders": orders,
    "visits": visits,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is exported: which records, which columns, seen by whom and when."""

    kind: str
    columns: tuple[str, ...]
    viewer: Viewer
    now: datetime
    today: date
    filter: Mapping[str, Any] | None = None
    segment_id: int | None = None
    ids: tuple[int, ...] = ()


def kind_of(connection: Connection, code: str) -> Kind:
    if code not in ("customers", "organizations"):
        return KINDS[code]
    return with_own_fields(KINDS[code], field_queries.defs(connection, _object(code)))


def sheet(connection: Connection, wanted: Wanted) -> Sheet:
    kind = kind_of(connection, wanted.kind)
    if wanted.kind not in ("customers", "organizations"):
        return Sheet(kind, wanted.columns, wanted.viewer, "account")
    thing = _object(wanted.kind)
    own = field_queries.defs(connection, thing)
    return Sheet(kind, wanted.columns, wanted.viewer, thing, own)


def rows(connection: Connection, wanted: Wanted) -> Iterator[tuple[str, ...]]:
    out = sheet(connection, wanted)
    after = 0
    while ids := _ids(connection, wanted, after, _PAGE):
        if wanted.kind in _TABLES:
            yield from _trade_rows(connection, wanted, out, ids)
        else:
            yield from _people_rows(connection, wanted, out, ids)
        after = ids[-1]


def at_most(connection: Connection, wanted: Wanted, few: int) -> bool:
    """Whether it is so few records that nobody need wait for them."""
    return len(_ids(connection, wanted, 0, few + 1)) <= few


def count(connection: Connection, wanted: Wanted) -> int:
    _, query = _meant(connection, wanted)
    return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def _object(kind: str) -> Any:
    return "customer" if kind == "customers" else "organization"


def _ids(connection: Connection, wanted: Wanted, after: int, limit: int) -> list[int]:
    table, query = _meant(connection, wanted)
    page = query.where(table.c.id > after).order_by(table.c.id).limit(limit)
    return list(connection.scalars(page))


def _meant(connection: Connection, wanted: Wanted) -> tuple[Table, Select[tuple[int]]]:
    """The ids of all records that are wanted, and the table that they are of."""
    viewer = wanted.viewer
    if wanted.kind == "organizations":
        table: Table = organizations
        where = [table.c.deleted_at.is_(None), *organizations_seen_by(viewer, "export")]
    elif wanted.kind == "customers":
        table, where = customers, _customers_where(connection, wanted)
    else:
        table = _TABLES[wanted.kind]
        theirs = [customers.c.deleted_at.is_(None), *customers_seen_by(viewer, "export")]
        query = select(table.c.id).join(customers, customers.c.id == table.c.customer_id)
        return table, query.where(*theirs)
    if wanted.ids:
        where.append(among(connection, table.c.id, wanted.ids))
    return table, select(table.c.id).where(*where)


def _customers_where(connection: Connection, wanted: Wanted) -> list[Any]:
    viewer, group = wanted.viewer, _group(connection, wanted)
    context = segment_queries.context_for(connection, viewer, group, wanted.now, wanted.today)
    return [
        customers.c.deleted_at.is_(None),
        *customers_seen_by(viewer),
        *customers_seen_by(viewer, "export"),
        *conditions(context, group),
    ]


def _group(connection: Connection, wanted: Wanted) -> Group:
    if wanted.segment_id is not None:
        segment = segment_queries.get(connection, wanted.segment_id, wanted.viewer)
        if segment is None:  # gone, or shared no more: not everybody instead
            raise Invalid("segment", f"there is no segment {wanted.segment_id}")
        return segment_queries.filter_of(connection, wanted.viewer, segment)
    if wanted.filter:
        return segment_queries.read_filter(connection, wanted.viewer, wanted.filter)
    return EVERYBODY


def _people_rows(
    connection: Connection, wanted: Wanted, out: Sheet, ids: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    found = documents.read(connection, _object(wanted.kind), [str(one) for one in ids])
    names = Names(
        ImportedRepository(connection).external_ids_of(wanted.kind, ids),
        _names(connection, organizations, organizations.c.name, found, "organization_id"),
        _names(connection, users, users.c.username, found, "owner_id"),
    )
    for one in ids:
        if str(one) in found:
            yield out.cells(one, found[str(one)], names)


def _names(
    connection: Connection, table: Table, column: Any, found: Mapping[str, Any], field: str
) -> dict[int, str]:
    wanted = {document[field] for document in found.values() if document.get(field)}
    if not wanted:
        return {}
    query = select(table.c.id, column).where(among(connection, table.c.id, sorted(wanted)))
    return {row[0]: row[1] for row in connection.execute(query)}


def _trade_rows(
    connection: Connection, wanted: Wanted, out: Sheet, ids: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    table = _TABLES[wanted.kind]
    query = select(table).where(among(connection, table.c.id, ids)).order_by(table.c.id)
    found = [dict(row._mapping) for row in connection.execute(query)]
    whose = _whose(connection, wanted.viewer, {row["customer_id"] for row in found})
    sees = wanted.viewer.sees("account", "amounts")
    numbers = _invoice_numbers(connection, found)
    for row in found:
        document = {**row, **whose.get(row["customer_id"], {})}
        document["amount"] = money(row["amount_minor"]) if sees and "amount_minor" in row else ""
        document["invoice"] = numbers.get(row.get("invoice_id") or 0, "")
        yield out.cells(row["id"], document, Names())


def _invoice_numbers(connection: Connection, found: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    ids = sorted({row["invoice_id"] for row in found if row.get("invoice_id")})
    if not ids:
        return {}
    query = select(invoices.c.id, invoices.c.number).where(among(connection, invoices.c.id, ids))
    return {row[0]: row[1] for row in connection.execute(query)}


def _whose(connection: Connection, viewer: Viewer, ids: set[int]) -> dict[int, dict[str, str]]:
    """How the customer of a record is found again."""
    wanted = sorted(ids)
    thing: Object = "customer"
    found = documents.read(connection, thing, [str(one) for one in wanted])
    external = ImportedRepository(connection).external_ids_of("customers", wanted)
    columns = ("display_name", "phones", "emails")
    people = Sheet(KINDS["customers"], columns, viewer, thing)
    whose = {}
    for one in wanted:
        name, phones, mails = people.cells(one, found.get(str(one), {}), Names())
        whose[one] = {
            "customer_name": name,
            "customer_phone": phones.partition(";")[0],
            "customer_email": mails.partition(";")[0],
            "customer_external_id": external.get(one, ""),
        }
    return whose
