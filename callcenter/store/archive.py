"""The archive as a second database of the same tables: whoever reads asks it with the statements
that they ask the database with.

An engine knows its archive's files by an execution option; one that does not has no archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    LargeBinary,
    Result,
    Row,
    Select,
    Table,
    select,
)
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import IdentifierPreparer

from callcenter.archive.months import Month
from callcenter.ports.archive import ArchiveFiles, Part
from callcenter.store.sets import among
from callcenter.store.tables import (
    archive_months,
    archive_returned,
    call_channels,
    calls,
    interactions,
    outcomes,
    users,
)
from callcenter.store.types import UtcDateTime

OPTION: Final = "callcenter_archive"


class _Quoted(IdentifierPreparer):
    """DuckDB keeps other words for itself than SQLAlchemy knows of."""

    def _requires_quotes(self, value: str) -> bool:  # noqa: ARG002
        return True


class _DuckDialect(DefaultDialect):
    preparer = _Quoted


_DIALECT: Final = _DuckDialect(paramstyle="numeric_dollar")
_MOST_ROUNDS: Final = 5
_SAME_CALL: Final = timedelta(days=1)
_BESIDE: Final[Mapping[str, tuple[Table, tuple[str, ...]]]] = {
    # Small tables of the database that statements about contacts join.
    "users": (users, ("id", "display_name")),
    "outcomes": (outcomes, ("id", "label", "labels", "kind", "parent_id")),
}


def attach(engine: Engine, files: ArchiveFiles) -> None:
    files.order_as(engine.dialect.name)
    engine.update_execution_options(**{OPTION: files})


def files_of(connection: Connection) -> ArchiveFiles | None:
    """None where nothing was ever moved."""
    found: ArchiveFiles | None = connection.get_execution_options().get(OPTION)
    return found if found is not None and found.any() else None


@dataclass(frozen=True, slots=True)
class _Dialect:
    name: str = "sqlite"  # as for `among`: plain lists


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What counts of the archive's months, the newest first. Reads as a Connection does."""

    connection: Connection
    files: ArchiveFiles
    months: tuple[tuple[Month, Part], ...]
    dialect: _Dialect = _Dialect()

    def execute(self, query: Select[Any], months: Sequence[Part] | None = None) -> Result[Any]:
        """The rows of a statement over some of the months, or over all of them."""
        parts = [part for _, part in self.months] if months is None else months
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        told = [_bound(compiled.params[name]) for name in compiled.positiontup or ()]
        sql, told = self._with_beside(str(compiled), told)
        columns = list(query.exported_columns)
        rows = [
            tuple(_value(column.type, value) for column, value in zip(columns, row, strict=True))
            for row in self.files.query(parts, sql, told)
        ]
        names = [str(column.key) for column in columns]
        return IteratorResult(SimpleResultMetaData(names), iter(rows))

    def scalars(self, query: Select[Any]) -> Any:
        return self.execute(query).scalars()

    def scalar(self, query: Select[Any]) -> Any:
        return self.execute(query).scalar()

    def within(self, since: datetime | None, until: datetime | None) -> list[Part]:
        """The months that have something from `since` on and before `until`."""
        return [
            part
            for month, part in self.months
            if (since is None or month.bounds()[1] > since)
            and (until is None or month.bounds()[0] < until)
        ]

    def group(self, parts: Sequence[Part]) -> ArchiveView:
        """Of these months alone."""
        wanted = set(parts)
        found = tuple(one for one in self.months if one[1] in wanted)
        return ArchiveView(self.connection, self.files, found)

    def of(self, interaction_ids: Iterable[int]) -> list[Part]:
        """The months that may hold these."""
        ids = list(interaction_ids)
        return [
            part
            for month, part in self.months
            if any(month.first_id <= one <= month.last_id for one in ids)
        ]

    def _with_beside(self, sql: str, told: list[Any]) -> tuple[str, list[Any]]:
        beside = []
        for name, (table, columns) in _BESIDE.items():
            if f'"{name}".' not in sql:
                continue
            rows = self.connection.execute(select(*(table.c[one] for one in columns))).all()
            parts = []
            for place, column in enumerate(columns):
                kind = "BIGINT" if column in ("id", "parent_id") else "VARCHAR"
                told = [*told, [_plain(row[place]) for row in rows]]
                parts.append(f'unnest(${len(told)}::{kind}[]) AS "{column}"')
            beside.append(f"{name} AS (SELECT {', '.join(parts)})")
        return (f", {', '.join(beside)} {sql}" if beside else sql), told


def view(connection: Connection) -> ArchiveView | None:
    """None where nothing is in the archive."""
    files = files_of(connection)
    if files is None:
        return None
    found = [one for one in months(connection) if one.readable]
    if not found:
        return None
    out = _struck(connection)
    parts = tuple((one, part_of(one, out.get(one.month, ()))) for one in reversed(found))
    return ArchiveView(connection, files, parts)


def part_of(month: Month, struck: Sequence[int] = ()) -> Part:
    if month.state == "deleting":
        return Part(month.folder, upto=month.position, struck=tuple(struck))
    above = month.position if month.state == "restoring" else 0
    return Part(month.folder, above=above, struck=tuple(struck))


def moving(connection: Connection) -> tuple[object, ...]:
    """What tells two moments apart between which rows went to the archive, or came from it."""
    if files_of(connection) is None:
        return ()
    return tuple((one.month, one.state, one.folder, one.position) for one in months(connection))


def steady(connection: Connection, read: Any) -> Any:
    """What `read` finds in the database and in the archive while nothing moves between them."""
    for _ in range(_MOST_ROUNDS):
        before = moving(connection)
        found = read()
        if moving(connection) == before:
            break
    return found


def months(connection: Connection) -> list[Month]:
    """The oldest first."""
    query = select(archive_months).order_by(archive_months.c.month)
    return [month_of(row) for row in connection.execute(query)]


def month_of(row: Row[Any]) -> Month:
    values = dict(row._mapping)
    values.pop("updated_at")
    return Month(**values)


def where_calls_are(
    connection: Connection, pbx: str, moments: Mapping[str, datetime | None]
) -> list[int]:
    """Archived interactions of calls that had these channels, at about these times: a PBX that was
    made anew gives its names again."""
    found = view(connection)
    if found is None or not moments:
        return []
    table = call_channels.c
    query = (
        select(interactions.c.id, table.uniqueid, table.at)
        .join_from(interactions, call_channels, table.call_id == interactions.c.call_id)
        .where(table.pbx == pbx, table.uniqueid.in_(sorted(moments)))
    )
    ids = set()
    for row in found.execute(query):
        around = moments[row.uniqueid]
        if around is None or abs(row.at - around) <= _SAME_CALL:
            ids.add(row.id)
    return sorted(ids)


def id_of_call(connection: Connection, call_id: str) -> int | None:
    found = view(connection)
    if found is None:
        return None
    return found.scalar(select(interactions.c.id).where(interactions.c.call_id == call_id))  # type: ignore[no-any-return]


def source_of(connection: Connection, interaction_ids: Sequence[int]) -> ArchiveView | None:
    """The archive, as far as it may hold these."""
    found = view(connection) if interaction_ids else None
    parts = found.of(interaction_ids) if found is not None else ()
    return found.group(parts) if found is not None and parts else None


def source_of_contact(connection: Connection, interaction_id: int) -> Any:
    """Where a contact is read: the database, or the archive that may have it."""
    if files_of(connection) is None or live_ids(connection, [interaction_id]):
        return connection
    return source_of(connection, [interaction_id]) or connection


def source_of_call(connection: Connection, call_id: str) -> Any:
    """Where a call is read: the database, or the archive that has it."""
    if files_of(connection) is None:
        return connection
    if connection.scalar(select(calls.c.id).where(calls.c.id == call_id)) is not None:
        return connection
    return view(connection) or connection


def _struck(connection: Connection) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in connection.execute(select(archive_returned)):
        found.setdefault(row.month, []).append(row.interaction_id)
    return found


def live_ids(connection: Connection, ids: Sequence[int]) -> set[int]:
    query = select(interactions.c.id).where(among(connection, interactions.c.id, ids))
    return set(connection.scalars(query))


def _bound(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    if isinstance(value, int | str) or value is None:
        return value

    return json.dumps(value, ensure_ascii=False)


def _value(type_: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(type_, UtcDateTime):
        return value.replace(tzinfo=UTC)
    if isinstance(type_, JSON):
        return json.loads(value)
    return bytes(value) if isinstance(type_, LargeBinary) else value
