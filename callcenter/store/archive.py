"""The archive as a second database of the same tables: whoever reads asks it with the statements
that they ask the database with.

An engine knows its archive's files by an execution option; one that does not has no archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from callcenter.errors import Conflict, Unavailable
from callcenter.ports.archive import ArchiveFiles, Part, UnreadableError
from callcenter.store import archive_left_out
from callcenter.store.archive_stage import Stage
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
    div_is_floordiv = False  # 7 / 2 is 3.5 there


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
    """What counts of the archive's months, the newest first. Reads as a Connection does: what
    cannot be read is left out and told of (`archive_left_out`); `strict`: UnreadableError for it.
    `away`: months that were left out from the beginning."""

    connection: Connection
    files: ArchiveFiles
    months: tuple[tuple[Month, Part], ...]
    away: tuple[Month, ...] = ()
    strict: bool = False
    dialect: _Dialect = _Dialect()

    def execute(self, query: Select[Any], months: Sequence[Part] | None = None) -> Result[Any]:
        """The rows of a statement over some of the months, or over all of them."""
        parts = self.all() if months is None else months
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        told = [_bound(compiled.params[name]) for name in compiled.positiontup or ()]
        sql = re.sub(r"^WITH ", ", ", str(compiled))  # it stands after the files' own tables
        sql, told = self._with_beside(sql, told)
        columns = list(query.exported_columns)
        rows = self._read(parts, sql, told, columns)
        names = [str(column.key) for column in columns]
        return IteratorResult(SimpleResultMetaData(names), iter(rows))

    def _read(
        self, parts: Sequence[Part], sql: str, told: Sequence[Any], columns: Sequence[Any]
    ) -> list[Any]:
        """Without the months that say nothing, or nothing that could be true."""
        try:
            return [
                tuple(_value(one.type, value) for one, value in zip(columns, row, strict=True))
                for row in self.files.query(parts, sql, told)
            ]
        except (UnreadableError, ValueError, TypeError) as error:
            if self.strict:
                raise UnreadableError(str(error)) from error
            if len(parts) == 1:
                self._leave_out(parts[0])
                return []
        good = [one for one in parts if self._says(one, sql, told, columns)]
        if len(good) == len(parts):
            raise Unavailable("", "the archive cannot be asked for so much at once")
        return self._read(good, sql, told, columns) if good else []

    def _says(self, part: Part, sql: str, told: Sequence[Any], columns: Sequence[Any]) -> bool:
        self._read([part], sql, told, columns)
        return self.sound(part)

    def sound(self, part: Part) -> bool:
        return all(
            self.files.sound(month.folder, month.files)
            for month, one in self.months
            if one.folder == part.folder
        )

    def _leave_out(self, part: Part) -> None:
        for month, one in self.months:
            if one.folder == part.folder:
                self.files.harmed(month.folder, month.files)
                archive_left_out.tell(month.month)

    def find_harmed(self) -> None:
        """Reads all of it, month by month: what says nothing is left out from now on."""
        for _, part in self.months:
            rows = self.files.walk(part.folder)
            try:
                for _ in rows:
                    pass
            except (UnreadableError, ValueError):
                self._leave_out(part)

    def all(self) -> list[Part]:
        archive_left_out.tell(*(one.month for one in self.away))
        return [part for _, part in self.months]

    def scalars(self, query: Select[Any]) -> Any:
        return self.execute(query).scalars()

    def scalar(self, query: Select[Any]) -> Any:
        return self.execute(query).scalar()

    def within(self, since: datetime | None, until: datetime | None) -> list[Part]:
        """The months that have something from `since` on and before `until`."""

        def overlaps(month: Month) -> bool:
            begin, end = month.bounds()
            return (since is None or end > since) and (until is None or begin < until)

        archive_left_out.tell(*(one.month for one in self.away if overlaps(one)))
        return [part for month, part in self.months if overlaps(month)]

    def group(self, parts: Sequence[Part]) -> ArchiveView:
        """Of these months alone."""
        wanted = set(parts)
        found = tuple(one for one in self.months if one[1] in wanted)
        return replace(self, months=found, away=())

    def of(self, interaction_ids: Iterable[int]) -> list[Part]:
        """The months that may hold these."""
        ids = list(interaction_ids)

        def may_hold(month: Month) -> bool:
            return any(month.first_id <= one <= month.last_id for one in ids)

        archive_left_out.tell(*(one.month for one in self.away if may_hold(one)))
        return [part for month, part in self.months if may_hold(month)]

    def paged(self, parts: Sequence[Part]) -> bool:
        """Whether contacts of these months are found one by one."""
        return all(self.files.paged(part) for part in parts)

    def staged(
        self, interaction_ids: Iterable[int], parts: Sequence[Part], *, whole: bool = False
    ) -> Stage | None:
        """These contacts by themselves; None where they are to be looked for in the files."""
        if not self.paged(parts):
            return None
        stage = Stage(self.connection, self.files, parts)
        try:
            stage.add(interaction_ids, whole=whole)
        except ValueError:
            return None
        return stage

    def ids_of_call(self, call_id: str, parts: Sequence[Part]) -> list[int] | None:
        """None where they are to be looked for in the files."""
        if not self.paged(parts):
            return None
        ways = (self.files.newest(part, "call", call_id, None) for part in parts)
        try:
            return [one for way in ways for _, one in way]
        except ValueError:
            return None

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


Source = ArchiveView | Stage
"""Both read as a Connection does."""


def view(connection: Connection, *, strict: bool = False) -> ArchiveView | None:
    """None where nothing is in the archive. Readers go without months whose files are away; who is
    about to change what is in the archive (`strict`) gets Conflict for them."""
    files = files_of(connection)
    if files is None:
        return None
    told = [one for one in months(connection) if one.readable]
    found = [one for one in told if _counts(files, one, strict=strict)]
    away = tuple(one for one in told if one not in found)
    if strict and away:
        names = ", ".join(one.month for one in away)
        raise Conflict("archive", f"files of the archive are away: {names}")
    if not told:
        return None
    out = _struck(connection) if any(one.stale for one in found) else {}
    parts = tuple((one, part_of(one, out.get(one.month, ()))) for one in reversed(found))
    return ArchiveView(connection, files, parts, away, strict)


def _counts(files: ArchiveFiles, month: Month, *, strict: bool) -> bool:
    """Who is about to change what is in the archive takes files that somebody harmed as well, as
    long as they say anything: nobody is refused an erasure for them."""
    if strict:
        return files.there(month.folder)
    return not month.harmed and files.sound(month.folder, month.files)


def part_of(month: Month, struck: Sequence[int] = ()) -> Part:
    if month.state == "deleting":
        return Part(month.folder, upto=month.position, struck=tuple(struck))
    above = month.position if month.state == "restoring" else 0
    return Part(month.folder, above=above, struck=tuple(struck))


def moving(connection: Connection) -> tuple[object, ...]:
    """What tells two moments apart between which rows went to the archive, or came from it."""
    if files_of(connection) is None:
        return ()
    row = archive_months.c
    query = select(row.month, row.state, row.folder, row.position).order_by(row.month)
    return tuple(tuple(one) for one in connection.execute(query))


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
    found = view(connection, strict=True) if moments else None
    if found is None:
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
    parts = found.all()
    if (ids := found.ids_of_call(call_id, parts)) is not None:
        return next(iter(ids), None)
    return found.scalar(select(interactions.c.id).where(interactions.c.call_id == call_id))  # type: ignore[no-any-return]


def source_of(connection: Connection, interaction_ids: Sequence[int]) -> Source | None:
    """The archive, as far as it may hold these."""
    found = view(connection) if interaction_ids else None
    parts = found.of(interaction_ids) if found is not None else []
    if found is None or not parts:
        return None
    return found.staged(interaction_ids, parts, whole=True) or found.group(parts)


def source_of_contact(connection: Connection, interaction_id: int) -> Any:
    """Where a contact is read: the database, or the archive that may have it."""
    if files_of(connection) is None or live_ids(connection, [interaction_id]):
        return connection
    return source_of(connection, [interaction_id]) or connection


def source_of_call(connection: Connection, call_id: str) -> Any:
    """Where a call is read, all but its journal: the database, or the archive that has it."""
    if _is_live(connection, call_id):
        return connection
    found = view(connection)
    if found is None:
        return connection
    parts = found.all()
    ids = found.ids_of_call(call_id, parts)
    return found if ids is None else found.staged(ids, parts, whole=True) or found


def source_of_journal(connection: Connection, call_id: str) -> Any:
    """Where a call's journal is read."""
    return connection if _is_live(connection, call_id) else view(connection) or connection


def _is_live(connection: Connection, call_id: str) -> bool:
    if files_of(connection) is None:
        return True
    return connection.scalar(select(calls.c.id).where(calls.c.id == call_id)) is not None


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
